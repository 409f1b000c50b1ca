/** Two looks at a running host by plain /bin/sh: everybody, then those closely that were chosen from the first. */

import { parseProcesses } from '../../model/doctor/facts/processes.ts';
import { chosen, selected } from '../../model/doctor/facts/choose.ts';
import type { Live } from '../../model/doctor/facts/live.ts';
import { parseTable } from '../../model/doctor/facts/table.ts';
import { selectionWords } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { ANSWER_MS, within } from '../deadline.ts';
import { doctorScript } from '../scripts/doctor.ts';
import { endedEarly, lastWords, newMark, nextMarked, readLines, silentShell } from '../scripts/talk.ts';
import type { Mark } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';

/** A line of numa_maps names one file; that of all interrupts has as many numbers as there are. */
const MAX_LINE = 1024 * 1024;
/** 50,000 processes print 20 MB. */
const MAX_ANSWER = 64 * 1024 * 1024;

type Lines = AsyncGenerator<string, void, undefined>;

export interface Look {
  readonly topology: Topology;
  /** Where tmpfs is mounted. */
  readonly tmpfs: readonly string[];
  readonly selection: Selection | null;
  readonly onStep?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws PinboardError `not-found` where the selection means nobody; as the sampler where the shell does not answer. */
export async function lookAtHost(transport: Transport, look: Look): Promise<Live> {
  const { topology, tmpfs, selection, onStep, signal } = look;
  const mark = newMark();
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  channel.stdin.on('error', () => undefined);
  const end = async (): Promise<never> => {
    throw await endedEarly(transport, channel, words);
  };
  try {
    onStep?.('watching all processes for a second');
    channel.stdin.write(doctorScript(mark));
    const lines = readLines(channel.stdout, MAX_LINE);
    const table = parseTable((await answer(lines, mark, 'table', transport, signal)) ?? (await end()));
    if (!table) throw nonsense(transport);
    if (selection !== null && selected(table, selection).length === 0)
      throw new PinboardError(
        'not-found',
        `There is no ${selectionWords(selection)} on ${transport.name}, or this login may not see it.`,
      );
    const rows = chosen(table, selection);
    onStep?.('looking at the busiest closely');
    channel.stdin.write(`${rows.map(({ pid }) => pid).join(' ')}\n`);
    const closely = (await answer(lines, mark, 'processes', transport, signal)) ?? (await end());
    const processes = parseProcesses(closely, topology, tmpfs);
    if (!processes) throw nonsense(transport);
    const { nodes, cpus, vm, interrupts } = table;
    return {
      nodes,
      cpus,
      vm,
      interrupts,
      processes,
      selection: selection === null ? null : selectionWords(selection),
    };
  } finally {
    channel.close();
  }
}

/** Lines between the mark with `name` and that with "end"; null where the shell ended first. */
async function answer(
  lines: Lines,
  mark: Mark,
  name: string,
  transport: Transport,
  signal: AbortSignal | undefined,
): Promise<string[] | null> {
  const { name: host, answerMs: ms = ANSWER_MS } = transport;
  const begun = await nextMarked(lines, mark, { host, ms, signal });
  if (begun !== name) return null;
  const found: string[] = [];
  let size = 0;
  for (;;) {
    const next = await within(lines.next(), { ms, signal, late: () => silentShell(host, ms) });
    if (next.done === true) return null;
    if (next.value.startsWith(mark.word)) return found;
    size += next.value.length;
    if (size > MAX_ANSWER)
      throw new PinboardError(
        'unsupported',
        `${host} sent more than ${MAX_ANSWER / 1024 / 1024} MiB about its processes.`,
      );
    if (next.value !== '') found.push(next.value);
  }
}

const nonsense = ({ name }: Transport): PinboardError =>
  new PinboardError(
    'unsupported',
    `The shell on ${name} answered with something other than its processes.`,
    'Check that /proc is mounted there and that `grep`, `sed` and `xargs` are installed.',
  );

/** Two looks at a running host by plain /bin/sh: everybody, then those closely that were chosen from the first. */

import { parseProcesses } from '../../model/doctor/facts/processes.ts';
import { chosen, selected } from '../../model/doctor/facts/choose.ts';
import type { Live, LiveProcess } from '../../model/doctor/facts/live.ts';
import { parseTable } from '../../model/doctor/facts/table.ts';
import type { Table } from '../../model/doctor/facts/table.ts';
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

interface Looking {
  readonly topology: Topology;
  /** Where tmpfs is mounted. */
  readonly tmpfs: readonly string[];
  readonly onStep?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Look extends Looking {
  readonly selection: Selection | null;
}

/** Who is looked at closely. */
export interface Chosen {
  readonly pids: readonly number[];
  /** Of them, those whose pages are not walked: it holds them up. */
  readonly passed: readonly number[];
}

export interface Seen {
  readonly table: Table;
  readonly processes: readonly LiveProcess[];
}

/** @throws PinboardError `not-found` where the selection means nobody; as the sampler where the shell does not answer. */
export async function lookAtHost(transport: Transport, { selection, ...looking }: Look): Promise<Live> {
  const { table, processes } = await lookTwice(transport, looking, (all) => {
    if (selection !== null && selected(all, selection).length === 0)
      throw new PinboardError(
        'not-found',
        `There is no ${selectionWords(selection)} on ${transport.name}, or this login may not see it.`,
      );
    return { pids: chosen(all, selection).map(({ pid }) => pid), passed: [] };
  });
  const { nodes, cpus, vm, interrupts, everyone } = table;
  return {
    nodes,
    cpus,
    vm,
    interrupts,
    everyone,
    processes,
    selection: selection === null ? null : selectionWords(selection),
  };
}

/** At all, then closely at those that `choose` names; it may throw. */
export async function lookTwice(
  transport: Transport,
  { topology, tmpfs, onStep, signal }: Looking,
  choose: (table: Table) => Chosen,
): Promise<Seen> {
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
    const { pids, passed } = choose(table);
    onStep?.('looking at the busiest closely');
    const walked = pids.filter((pid) => !passed.includes(pid));
    channel.stdin.write(`${walked.join(' ')} / ${passed.join(' ')}\n`);
    const closely = (await answer(lines, mark, 'processes', transport, signal)) ?? (await end());
    const processes = parseProcesses(closely, topology, tmpfs);
    if (!processes) throw nonsense(transport);
    return { table, processes };
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

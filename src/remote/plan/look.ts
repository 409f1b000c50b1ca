/** Looks at what runs on a host, for plans: by plain /bin/sh, as the doctor does, and by what tools tell of names. */

import { choose } from '../../model/plan/reality/choose.ts';
import { lateTools, parseNames } from '../../model/plan/reality/names.ts';
import type { Reality, ToolNames } from '../../model/plan/reality/reality.ts';
import { realityOf } from '../../model/plan/reality/running.ts';
import type { Placed } from '../../model/plan/place.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { atMost } from '../deadline.ts';
import { lookTwice } from '../doctor/look.ts';
import { withSampledPages } from '../doctor/sampled.ts';
import type { Host } from '../host.ts';
import { namesScript } from '../scripts/names.ts';
import { lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';

/** Each tool may take 5 s, and a login has start-up files. */
const NAMES_MS = 30_000;
const MAX_LINE = 64 * 1024;
const MAX_LINES = 20_000;

export interface Looking {
  /** Null: whatever runs that a plan could hold. */
  readonly blocks: readonly Placed[] | null;
  readonly onStep?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws PinboardError `unsupported` for a recording; as the doctor where the shell does not answer. */
export async function lookForPlan(
  host: Host,
  topology: Topology,
  { blocks, onStep, signal }: Looking,
): Promise<Reality> {
  const { transport } = host;
  if (transport.kind === 'recorded')
    throw new PinboardError(
      'unsupported',
      'This machine is a recording: nothing runs on it that a plan could be held against.',
      'Name a host with --host, or leave --from out for this machine.',
    );
  const names = await toolNames(transport, signal);
  const { table, processes } = await lookTwice(transport, { topology, tmpfs: [], onStep, signal }, (all) =>
    choose(all, names, blocks),
  );
  return realityOf(table, await withSampledPages(host, processes, signal), names);
}

/** None where tools are not there or tell nonsense: names are not all there is to know by. Who is late, or was not asked, is named. */
async function toolNames(transport: Transport, signal: AbortSignal | undefined): Promise<ToolNames> {
  const mark = newMark();
  const channel = await transport.shell(signal);
  lastWords(channel.stderr);
  channel.stdin.on('error', () => undefined);
  try {
    channel.stdin.write(namesScript(mark));
    return (
      (await atMost(NAMES_MS, answer(readLines(channel.stdout, MAX_LINE), mark, signal))) ?? lateTools(NAMES_MS / 1000)
    );
  } finally {
    channel.close();
  }
}

async function answer(
  lines: AsyncGenerator<string, void, undefined>,
  mark: ReturnType<typeof newMark>,
  signal: AbortSignal | undefined,
): Promise<ToolNames> {
  await nextMarked(lines, mark, { ms: NAMES_MS, signal });
  const found: string[] = [];
  for await (const line of lines) {
    if (line.startsWith(mark.word) || found.length >= MAX_LINES) break;
    found.push(line);
  }
  return parseNames(found);
}

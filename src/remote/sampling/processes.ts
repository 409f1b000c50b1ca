/** The processes of a host: all of them as a list, or a look at those of a selection, each in one go of the agent. */

import { PinboardError } from '../../model/problem.ts';
import type { Asked, GroupSample } from '../../model/live/group.ts';
import type { ProcessList } from '../../model/live/processes.ts';
import type { ProcessSample } from '../../model/live/sample.ts';
import { selectionText, selectionWords } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Reading } from '../../model/run/run.ts';
import { clean } from '../../model/text/clean.ts';
import type { AgentLine, AgentLineOf } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';

/** @throws PinboardError why there is no list; also `no-agent`. */
export async function listProcesses(host: Host, signal?: AbortSignal): Promise<ProcessList> {
  const line = await lineOf(host, 'processes', ['processes'], signal);
  const processes = line.processes.map((row) => ({
    ...row,
    name: clean(row.name, 64),
    command: clean(row.command, 200),
    onNodes: row.onNodes && cleanReading(row.onNodes),
  }));
  return { count: line.count, processes };
}

/** One look at a selection, with what was asked for its processes. */
export interface GroupLook {
  readonly group: GroupSample;
  /** The largest first. */
  readonly processes: readonly (ProcessSample & { readonly asked: Asked })[];
  /** The kubelet's cpu_manager_state as it stands in its file; null: none, or it may not be read. */
  readonly kubelet: string | null;
}

export interface LookOptions {
  readonly signal?: AbortSignal | undefined;
  /** Every page, out of numa_maps: the kernel stalls the process while it walks its page tables. */
  readonly numaMaps?: boolean;
}

/**
 * One round trip; of what is read more than once in it nothing is told of a process that ended between two reads.
 * @throws PinboardError `not-found` where no process is this; also `no-agent`.
 */
export async function lookAtGroup(host: Host, selection: Selection, options: LookOptions = {}): Promise<GroupLook> {
  const words = ['group', '--select', selectionText(selection), ...(options.numaMaps === true ? ['--numa-maps'] : [])];
  const { processes, groups } = await lineOf(host, 'group', words, options.signal);
  const [group] = groups;
  if (!group || processes.length === 0) throw notFound(selection);
  return {
    group: cleanGroup(group),
    kubelet: group.kubelet,
    processes: processes.map((process) => ({ ...cleanProcess(process), asked: cleanAsked(process.asked) })),
  };
}

/** How to find out what there is, by kind. */
const FINDING: Readonly<Record<Selection['kind'], string>> = {
  pid: 'ps -e',
  name: 'ps -eo pid,comm,args',
  cgroup: 'systemd-cgls',
  unit: 'systemctl list-units',
  container: 'docker ps --no-trunc, or crictl ps',
  pod: 'kubectl get pods -A -o wide',
};

const notFound = (selection: Selection): PinboardError =>
  new PinboardError(
    'not-found',
    `Nothing runs here as ${selectionWords(selection)}.`,
    `See what does: ${FINDING[selection.kind]}`,
  );

async function lineOf<T extends AgentLine['type']>(
  host: Host,
  type: T,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<AgentLineOf<T>> {
  const found: AgentLineOf<T>[] = [];
  const is = (line: AgentLine): line is AgentLineOf<T> => line.type === type;
  const problem = await runAgent(host, words, { onLine: (line) => void (is(line) && found.push(line)), signal });
  if (problem) throw problem;
  const [line] = found;
  if (!line) throw new PinboardError('agent-died', 'The agent told of no processes.');
  return line;
}

// Names, values and commands are chosen by whoever runs on the host.

const cleanReading = <T>(reading: Reading<T>): Reading<T> =>
  isUnavailable(reading) ? { unavailable: clean(reading.unavailable, 300) } : reading;

export const cleanProcess = <T extends ProcessSample>(process: T): T => ({
  ...process,
  name: clean(process.name, 64),
  residentBytes: cleanReading(process.residentBytes),
  threads: process.threads.map((thread) => ({ ...thread, name: clean(thread.name, 64) })),
});

export const cleanGroup = (group: GroupSample): GroupSample => ({
  ...group,
  selection: clean(group.selection, 1100),
  memory: cleanReading(group.memory),
  pages: cleanReading(group.pages),
});

function cleanAsked({ environment, cpuset }: Asked): Asked {
  const known = isUnavailable(environment)
    ? cleanReading(environment)
    : Object.fromEntries(Object.entries(environment).map(([name, value]) => [clean(name, 64), clean(value, 400)]));
  return { environment: known, cpuset: cpuset && { ...cpuset, path: clean(cpuset.path, 1000) } };
}

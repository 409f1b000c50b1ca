/** The processes of a host, in one go of the agent. */

import { PinboardError } from '../../model/problem.ts';
import type { ProcessList } from '../../model/live/processes.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { clean } from '../../model/text/clean.ts';
import type { AgentLineOf } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';

/** @throws PinboardError why there is no list; also `no-agent`. */
export async function listProcesses(host: Host, signal?: AbortSignal): Promise<ProcessList> {
  let found: AgentLineOf<'processes'> | null = null;
  const take = (line: AgentLineOf<'processes'>): void => {
    found = line;
  };
  const problem = await runAgent(host, ['processes'], {
    onLine: (line) => {
      if (line.type === 'processes') take(line);
    },
    signal,
  });
  if (problem) throw problem;
  return cleaned(found);
}

/** Names and commands are chosen by whoever runs on the host. */
function cleaned(line: AgentLineOf<'processes'> | null): ProcessList {
  if (!line) throw new PinboardError('agent-died', 'The agent told of no processes.');
  const processes = line.processes.map((row) => ({
    ...row,
    name: clean(row.name, 64),
    command: clean(row.command, 200),
    onNodes: isUnavailable(row.onNodes) ? { unavailable: clean(row.onNodes.unavailable, 300) } : row.onNodes,
  }));
  return { count: line.count, processes };
}

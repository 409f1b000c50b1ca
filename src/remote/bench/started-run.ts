/** What every run has beside its figures: when, where, in which environment, how to repeat it. */

import { randomBytes } from 'node:crypto';
import type { ServiceRecord } from '../../model/cases/service.ts';
import { cpuRefusal, nodeRefusal } from '../../model/placement/usable.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import type { Environment, GuideRecord, RaceRecord, Result, Run } from '../../model/run/run.ts';
import { buildRun } from '../../model/verdict/build-run.ts';
import { quoteWord, repeatCommand } from '../../model/text/command-line.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Host } from '../host.ts';

/** Takes a run as it would stand if it ended now, to store it; built only when it is wanted. */
export type OnCheckpoint = (build: () => Run) => void;

export interface StartedRun {
  readonly topology: Topology;
  readonly environment: Environment;
  readonly emulated: boolean;
  /** @throws PinboardError for the first CPU or node that the host does not have or this session may not use. */
  refuseUnknown(cpus: Iterable<number>, nodes: Iterable<number>): void;
  /** May be called again as the run goes on: it keeps its id. */
  finish(end: {
    readonly results: readonly Result[];
    readonly question: string;
    /** Words of the command line behind `numa-pinboard`. */
    readonly repeat: readonly (string | number)[];
    /** What stands behind `--`, where the run has such. */
    readonly command?: readonly string[];
    /** What cut it short, or null. */
    readonly problem: PinboardError | null;
    readonly thresholds?: Run['thresholds'];
    readonly guide?: GuideRecord;
    readonly race?: RaceRecord;
    readonly service?: ServiceRecord;
  }): Run;
}

/** Reads the machine anew, so that the load and the settings are those right before the run. */
export async function startRun(host: Host, signal?: AbortSignal): Promise<StartedRun> {
  const { topology, environment } = await host.discover(signal);
  const time = new Date();
  const start = performance.now();
  const random = randomBytes(4).toString('hex');
  const { kind, name } = host.transport;
  return {
    topology,
    environment,
    emulated: topology.machine.emulated,
    refuseUnknown: (cpus, nodes) => {
      for (const cpu of cpus) throwRefusal(cpuRefusal(topology, cpu));
      for (const node of nodes) throwRefusal(nodeRefusal(topology, node));
    },
    finish: ({ results, question, repeat, command, problem, thresholds, guide, race, service }) =>
      buildRun({
        time,
        seconds: (performance.now() - start) / 1000,
        random,
        host: { name, transport: kind === 'ssh' ? 'ssh' : 'local' },
        repeat: [repeatCommand(repeat, kind === 'local' ? null : name), ...behind(command)].join(' '),
        topology,
        environment: { ...environment, agentSha256: host.agentSha256 ?? { unavailable: 'no agent was started' } },
        results,
        question,
        partial: problem === null ? null : problem.message,
        ...(thresholds ? { thresholds } : {}),
        ...(guide ? { guide } : {}),
        ...(race ? { race } : {}),
        ...(service ? { service } : {}),
      }),
  };
}

const behind = (command: readonly string[] | undefined): string[] => (command ? ['--', ...command.map(quoteWord)] : []);

function throwRefusal(problem: Problem | null): void {
  if (problem) throw new PinboardError(problem.code, problem.message, problem.hint);
}

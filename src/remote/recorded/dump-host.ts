/** A machine that is only on paper: a recorded directory or run. It can be looked at, never measured. */

import { onPaper } from '../../model/board/on-paper.ts';
import type { Recording } from '../../model/live/recording.ts';
import type { Run } from '../../model/run/run.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Discovery, Host } from '../host.ts';

const FROM_HINT = 'Omit --from to use this machine, or specify a host with --host.';

interface OnPaper {
  readonly runs?: readonly Run[];
  readonly recording?: Recording;
  /** How to get at a machine that runs; without it, on a command line. */
  readonly elsewhere?: string | undefined;
}

export function paperHost(name: string, discovery: Discovery, { elsewhere = FROM_HINT, ...kept }: OnPaper = {}): Host {
  return {
    ...kept,
    transport: {
      kind: 'recorded',
      name,
      shell: () => Promise.reject(onPaper(elsewhere)),
      lost: new Promise(() => undefined),
      close: () => Promise.resolve(),
    },
    discover: () => Promise.resolve(discovery),
    startAgent: () => Promise.reject(onPaper(elsewhere)),
    agentSha256: null,
    close: () => Promise.resolve(),
  };
}

export function hostFromTopology(topology: Topology, elsewhere?: string): Host {
  return paperHost(topology.machine.name, { files: new Map(), topology, environment: {} }, { elsewhere });
}

/** The machine that a run was measured on, with the run. */
export function hostFromRun(run: Run, elsewhere?: string): Host {
  const { topology, environment } = run;
  return paperHost(run.host.name, { files: new Map(), topology, environment }, { runs: [run], elsewhere });
}

/** The machine that was recorded, with the recording. */
export function hostFromRecording(recording: Recording, elsewhere?: string): Host {
  const { host, topology, environment } = recording;
  return paperHost(host, { files: new Map(), topology, environment }, { recording, elsewhere });
}

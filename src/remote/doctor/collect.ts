/** What the doctor's checks go by, read from a host. */

import { DOCTOR_GLOBS } from '../../model/formats/sysfs/globs.ts';
import { readEnvironment } from '../../model/formats/sysfs/environment.ts';
import { readTopology } from '../../model/formats/sysfs/topology.ts';
import { readFacts } from '../../model/doctor/facts/facts.ts';
import { hasSeveralNodes } from '../../model/doctor/base/check.ts';
import { PinboardError } from '../../model/problem.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Selection } from '../../model/live/selection.ts';
import { lookAtHost } from './look.ts';
import { withSampledPages } from './sampled.ts';
import type { Facts } from '../../model/doctor/facts/facts.ts';
import { probeHost } from '../connect/discovery.ts';
import type { Host } from '../host.ts';

const ON_PAPER = { unavailable: 'a recording does not show what runs' };

export interface Collecting {
  readonly selection: Selection | null;
  /** What is being looked at, for a line of progress. */
  readonly onStep?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Three round trips; what the agent is asked of a process that is too large to walk comes on top. @throws PinboardError as discovery does; `not-found` for a selection of nobody. */
export async function collectFacts(host: Host, { selection, onStep, signal }: Collecting): Promise<Facts> {
  const { transport } = host;
  if (transport.kind === 'recorded') {
    const { files, topology, environment } = await host.discover(signal);
    if (selection !== null)
      throw new PinboardError('unsupported', 'This machine is a recording: nothing runs on it that could be selected.');
    return readFacts(files, topology, environment, ON_PAPER);
  }
  onStep?.('reading the machine and its settings');
  const { files, architecture } = await probeHost(transport, signal, DOCTOR_GLOBS);
  const topology = readTopology(files, { name: transport.name, architecture });
  const still = readFacts(files, topology, readEnvironment(files), ON_PAPER);
  // Nothing of one node is far.
  if (!hasSeveralNodes(topology) && selection === null) return { ...still, live: { unavailable: 'there is one node' } };
  const tmpfs = isUnavailable(still.kernel.tmpfs) ? [] : still.kernel.tmpfs.map(({ path }) => path);
  const live = await lookAtHost(transport, { topology, tmpfs, selection, onStep, signal });
  return { ...still, live: { ...live, processes: await withSampledPages(host, live.processes, signal) } };
}

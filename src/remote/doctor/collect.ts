/** What the doctor's checks go by, read from a host. */

import { DOCTOR_GLOBS } from '../../model/formats/sysfs/globs.ts';
import { readEnvironment } from '../../model/formats/sysfs/environment.ts';
import { readTopology } from '../../model/formats/sysfs/topology.ts';
import { readFacts } from '../../model/doctor/facts/facts.ts';
import type { Facts } from '../../model/doctor/facts/facts.ts';
import { probeHost } from '../connect/discovery.ts';
import type { Host } from '../host.ts';

/** @throws PinboardError as discovery does. */
export async function collectFacts(host: Host, signal: AbortSignal | undefined): Promise<Facts> {
  const { transport } = host;
  if (transport.kind === 'recorded') {
    const { files, topology, environment } = await host.discover(signal);
    return readFacts(files, topology, environment);
  }
  const { files, architecture } = await probeHost(transport, signal, DOCTOR_GLOBS);
  return readFacts(files, readTopology(files, { name: transport.name, architecture }), readEnvironment(files));
}

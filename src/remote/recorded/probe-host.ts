/** A machine out of the files that were recorded of it. */

import { PROBE_WARNINGS } from '../../model/formats/sysfs/probe.ts';
import type { ProbeFiles } from '../../model/formats/sysfs/probe.ts';
import { readEnvironment } from '../../model/formats/sysfs/environment.ts';
import { readTopology } from '../../model/formats/sysfs/topology.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Host } from '../host.ts';
import { paperHost } from './dump-host.ts';

/** @throws PinboardError `bad-file` where the files tell of no CPU. */
export function hostFromProbe(name: string, files: ProbeFiles): Host {
  const topology = readTopology(files, { name });
  if (topology.cpus.length === 0) {
    const unread = files.get(PROBE_WARNINGS)?.replaceAll('\n', ' ');
    throw new PinboardError(
      'bad-file',
      [`The recording ${name} contains no CPUs.`, unread].filter(Boolean).join(' '),
      'Record sys/devices/system/cpu and sys/devices/system/node, or at least proc/cpuinfo.',
    );
  }
  return paperHost(name, { files, topology, environment: readEnvironment(files) });
}

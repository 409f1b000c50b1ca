/** The checks of the doctor, one row each, in the order they are told in where they weigh the same. */

import { cpusetNarrow } from './cpuset-narrow.ts';
import { gpuFar, nvmeFar } from './device-far.ts';
import { governor } from './governor.ts';
import { hiddenNodes } from './hidden-nodes.ts';
import { hugepagesWrongNode } from './hugepages-wrong-node.ts';
import { implausibleDistances } from './implausible-distances.ts';
import { irqsFar } from './irqs-far.ts';
import { isolatedCpus } from './isolated-cpus.ts';
import { kernelCommandLine } from './kernel-command-line.ts';
import { nicQueuesFar } from './nic-queues-far.ts';
import { nodeWithoutCpus } from './node-without-cpus.ts';
import { nodeWithoutMemory } from './node-without-memory.ts';
import { numaBalancing } from './numa-balancing.ts';
import { offlineCpus } from './offline-cpus.ts';
import { sncMode } from './snc-mode.ts';
import { thp } from './thp.ts';
import { thpDefrag } from './thp-defrag.ts';
import { unevenMemory } from './uneven-memory.ts';
import { zoneReclaim } from './zone-reclaim.ts';
import type { Check } from '../base/check.ts';

export const CHECKS: readonly Check[] = [
  nodeWithoutMemory,
  unevenMemory,
  nodeWithoutCpus,
  hiddenNodes,
  sncMode,
  implausibleDistances,
  hugepagesWrongNode,
  cpusetNarrow,
  offlineCpus,
  isolatedCpus,
  governor,
  kernelCommandLine,
  zoneReclaim,
  numaBalancing,
  thp,
  thpDefrag,
  irqsFar,
  nicQueuesFar,
  nvmeFar,
  gpuFar,
];

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
import { cgroupAcrossNodes } from './cgroup-across-nodes.ts';
import { emulatorOnVcpus } from './emulator-on-vcpus.ts';
import { interleave } from './interleave.ts';
import { membindWrongNode } from './membind-wrong-node.ts';
import { migrations } from './migrations.ts';
import { nodeFull } from './node-full.ts';
import { remoteAllocations } from './remote-allocations.ts';
import { remotePages } from './remote-pages.ts';
import { swapWithFreeNode } from './swap-with-free-node.ts';
import { textFar } from './text-far.ts';
import { threadsStraddle } from './threads-straddle.ts';
import { tmpfsFar } from './tmpfs-far.ts';
import { vmAcrossNodes } from './vm-across-nodes.ts';
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
  nodeFull,
  swapWithFreeNode,
  remoteAllocations,
  membindWrongNode,
  remotePages,
  interleave,
  threadsStraddle,
  migrations,
  textFar,
  tmpfsFar,
  cgroupAcrossNodes,
  vmAcrossNodes,
  emulatorOnVcpus,
];

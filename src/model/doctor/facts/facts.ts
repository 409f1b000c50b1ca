/** Everything that the checks go by: what one look at a host brought, as data. */

import type { ProbeFiles } from '../../formats/sysfs/probe.ts';
import { readPools } from '../../hugepages/pools.ts';
import type { HugePages } from '../../hugepages/pools.ts';
import type { Environment, Reading } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { readInterrupts } from './interrupts.ts';
import type { DeviceInterrupts } from './interrupts.ts';
import { readKernel } from './kernel.ts';
import type { KernelFacts } from './kernel.ts';
import { readQueues } from './queues.ts';
import type { InterfaceQueues } from './queues.ts';
import type { Live } from './live.ts';
import { readTiers } from './tiers.ts';
import type { Tiers } from './tiers.ts';

export interface Facts {
  readonly topology: Topology;
  readonly environment: Environment;
  readonly kernel: KernelFacts;
  readonly pools: HugePages;
  readonly tiers: Tiers;
  readonly interrupts: Reading<readonly DeviceInterrupts[]>;
  readonly queues: Reading<readonly InterfaceQueues[]>;
  readonly live: Reading<Live>;
}

/** @param files what was read of the host; empty where only its topology is known. */
export function readFacts(files: ProbeFiles, topology: Topology, environment: Environment, live: Reading<Live>): Facts {
  return {
    topology,
    environment,
    kernel: readKernel(files),
    pools: readPools(files, topology),
    tiers: readTiers(files),
    interrupts: readInterrupts(files, topology),
    queues: readQueues(files, topology),
    live,
  };
}

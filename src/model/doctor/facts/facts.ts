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
  /** PCI addresses of the cards that render nodes (/dev/dri/renderD128) belong to. Those without one, as of a BMC, part their numbers. */
  readonly renderNodes: ReadonlyMap<string, string>;
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
    renderNodes: readRenderNodes(files),
    live,
  };
}

function readRenderNodes(files: ProbeFiles): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, link] of files) {
    const node = /^sys\/class\/drm\/(renderD\d{1,4})$/.exec(path)?.[1];
    const address = /\/([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\/drm\//.exec(link)?.[1];
    if (node !== undefined && address !== undefined) found.set(`/dev/dri/${node}`, address);
  }
  return found;
}

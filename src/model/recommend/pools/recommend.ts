/** What a run of worker pools says to do, for the tools that do it. */

import type { Topology } from '../../topology/topology.ts';
import type { Recommendation } from '../tools/placed.ts';
import { environment, jvm, numactl, stealOrder } from './programs.ts';
import { pods, systemd } from './services.ts';
import { onetbb, rayon, tokio } from './threads.ts';
import type { Pools } from './wanted.ts';

/** In the order they are shown. */
export const recommendPools = (topology: Topology, wanted: Pools): Recommendation[] =>
  [
    stealOrder(wanted),
    environment(wanted),
    numactl(wanted),
    tokio(wanted),
    rayon(wanted),
    onetbb(topology, wanted),
    jvm(wanted),
    ...systemd(wanted),
    pods(topology, wanted),
  ].filter((made) => made !== null);

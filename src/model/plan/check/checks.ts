/** All checks of a plan, in the order in which they are read. */

import type { PlanCheck } from '../problem.ts';
import { absentCpu, absentNode, offlineCpu } from './checks/absent.ts';
import { overcommitsCpus } from './checks/cpus.ts';
import { farDevice } from './checks/devices.ts';
import { emulatorOnVcpus } from './checks/emulator.ts';
import { countsDisagree, guestTopology } from './checks/guest.ts';
import { overcommitsHugePages } from './checks/hugepages.ts';
import { ignoredKey } from './checks/ignored.ts';
import { sharesL3 } from './checks/l3.ts';
import { farMemory, overcommitsMemory, strictMemory } from './checks/memory.ts';
import { notPlaced } from './checks/open.ts';
import { overlap } from './checks/overlap.ts';
import { noHostReserve } from './checks/reserve.ts';
import { splitsSiblings } from './checks/siblings.ts';
import { overcommitsStorage } from './checks/storage.ts';
import { straddlesNodes } from './checks/straddles.ts';

export const PLAN_CHECKS: readonly PlanCheck[] = [
  absentCpu,
  offlineCpu,
  absentNode,
  countsDisagree,
  ignoredKey,
  straddlesNodes,
  overlap,
  splitsSiblings,
  overcommitsCpus,
  overcommitsMemory,
  strictMemory,
  farMemory,
  overcommitsHugePages,
  sharesL3,
  emulatorOnVcpus,
  noHostReserve,
  farDevice,
  guestTopology,
  overcommitsStorage,
  notPlaced,
];

// The table of all faults.
import { bornFaults } from './born.ts';
import { deviceFaults } from './devices.ts';
import type { Fault } from './fault.ts';
import { kernelFaults } from './kernel.ts';
import { memoryFaults } from './memory.ts';
import { processFaults } from './processes.ts';

export const faults: readonly Fault[] = [
  ...memoryFaults,
  ...processFaults,
  ...kernelFaults,
  ...deviceFaults,
  ...bornFaults,
];

/** How roles are called on the board. */

import type { Role } from '../../model/workload.ts';

export const NAMES: Readonly<Record<Role, string>> = { producer: 'Producer', consumer: 'Consumer', memory: 'Memory' };

/** What a check of a plan is, and what it finds. One file a check in `checks/`, one row in `checks.ts`. */

import type { Placement } from './place.ts';
import type { Plan, PlanPath } from './plan.ts';

/** `error`: it cannot work, or not as the plan says. `warning`: it works, at a cost. `note`: worth knowing. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Found {
  readonly severity: Severity;
  /** Names of the blocks it is about; empty where it is about the machine or the file. */
  readonly blocks: readonly string[];
  readonly nodes: readonly number[];
  /** Where in the plan it is mended. */
  readonly path: PlanPath;
  readonly sentence: string;
  readonly reason: string;
  readonly remedy: string;
}

export interface PlanProblem extends Found {
  readonly id: string;
}

export interface Subject {
  readonly plan: Plan;
  readonly placement: Placement;
}

export interface PlanCheck {
  readonly id: string;
  /** What is wrong where it finds something, without names: the rule's title for other tools. */
  readonly title: string;
  readonly look: (subject: Subject) => readonly Found[];
}

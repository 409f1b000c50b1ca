/** What stands beside the keys of a plan that no person wrote, for whoever reads the file. */

import type { PlanPath } from './plan.ts';

export interface PlanComment {
  /** As the file has it; of a key that is not there, at the end of what would hold it. The empty path: at the top. */
  readonly path: PlanPath;
  /** A line. */
  readonly text: string;
}

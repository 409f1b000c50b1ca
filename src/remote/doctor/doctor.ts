/** Looks at a host once and says whether NUMA is its problem. */

import { examine } from '../../model/doctor/examine.ts';
import type { Diagnosis } from '../../model/doctor/examine.ts';
import { PRESET_LIMITS } from '../../model/doctor/base/thresholds.ts';
import type { Limits } from '../../model/doctor/base/thresholds.ts';
import type { Host } from '../host.ts';
import { collectFacts } from './collect.ts';

export interface Asked {
  readonly limits?: Limits;
  /** What is being looked at, for a line of progress. */
  readonly onStep?: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @throws PinboardError as discovery does. */
export async function diagnose(host: Host, { limits = PRESET_LIMITS, onStep, signal }: Asked = {}): Promise<Diagnosis> {
  const start = performance.now();
  onStep?.('reading the machine and its settings');
  const facts = await collectFacts(host, signal);
  return examine(facts, limits, (performance.now() - start) / 1000);
}

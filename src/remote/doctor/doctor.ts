/** Looks at a host once and says whether NUMA is its problem. */

import { examine } from '../../model/doctor/examine.ts';
import type { Diagnosis } from '../../model/doctor/examine.ts';
import { PRESET_LIMITS } from '../../model/doctor/base/thresholds.ts';
import type { Limits } from '../../model/doctor/base/thresholds.ts';
import type { Selection } from '../../model/live/selection.ts';
import type { Host } from '../host.ts';
import { collectFacts } from './collect.ts';

export interface Asked {
  readonly limits?: Limits;
  readonly selection?: Selection | null;
  readonly onStep?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws PinboardError as `collectFacts`. */
export async function diagnose(host: Host, asked: Asked = {}): Promise<Diagnosis> {
  const { limits = PRESET_LIMITS, selection = null, onStep, signal } = asked;
  const start = performance.now();
  const facts = await collectFacts(host, { selection, onStep, signal });
  return examine(facts, limits, (performance.now() - start) / 1000);
}

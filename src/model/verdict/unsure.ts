/** Why figures may not carry an answer: what was seen around the measurement, in one sentence. */

import type { Environment, Result } from '../run/run.ts';
import { formatFigure, formatPercent, plural } from '../text/format.ts';
import { resultNames } from './names.ts';

/** A load of so large a part of the CPUs is felt by whatever is measured. */
const BUSY = 0.25;

/** The load average counts tasks that run or wait; it is that of the minute before the run. */
function loadWords({ loadBefore }: Environment, cpus: number): string | null {
  if (typeof loadBefore !== 'number' || loadBefore < Math.max(1, cpus * BUSY)) return null;
  return `The machine was busy: load ${formatFigure(loadBefore)} on ${plural(cpus, 'CPU')} before the run.`;
}

/** Of several noisy results the noisiest. */
function spreadWords(results: readonly Result[]): string | null {
  const names = resultNames(results);
  const [noisiest] = results
    .map(({ noisy, interval, spread }, at) => ({
      spread: noisy && interval ? (spread ?? 0) : 0,
      name: names[at] ?? '',
    }))
    .sort((a, b) => b.spread - a.spread);
  if (!noisiest || noisiest.spread === 0) return null;
  const whose = results.length > 1 ? ` (${noisiest.name})` : '';
  return `The repetitions${whose} spread over ${formatPercent(noisiest.spread)} of their median; take more rounds.`;
}

/** Null where nothing that was seen explains it. @param cpus how many the machine has. */
export function unsureBecause(results: readonly Result[], environment: Environment, cpus: number): string | null {
  return loadWords(environment, cpus) ?? spreadWords(results);
}

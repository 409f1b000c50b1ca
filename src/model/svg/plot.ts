/** What pictures of figures have in common: their look, and round steps of an axis. */

import { clean } from '../text/clean.ts';
import { escapeXml } from './render.ts';

/** Light, and dark where the reader's system is. */
export const CHART_STYLE = `text{font:12px system-ui,sans-serif;fill:#3b3b3b}.t{font-size:14px;font-weight:600;fill:#1b1b1b}.d{font-size:11px;fill:#616161}.v{font-weight:600;fill:#1b1b1b}
.g{fill:#fff}.x{stroke:#d8d8d8}.r{stroke:#6b6b6b;stroke-width:1.5}.m{fill:#ad1457}.i{fill:#ad1457;fill-opacity:.22}
@media (prefers-color-scheme:dark){text{fill:#ccc}.t,.v{fill:#f2f2f2}.d{fill:#9d9d9d}.g{fill:#1f1f1f}.x{stroke:#3a3a3a}.r{stroke:#a8a8a8}.m{fill:#f58fb4}.i{fill:#f58fb4}}`;

export const escape = (words: string): string => escapeXml(clean(words, 300));

/** A coordinate, in tenths of a px. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** 1, 2 or 5 times a power of ten: about `count` steps up to `most`. */
export function stepOf(most: number, count: number): number {
  const raw = most / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
}

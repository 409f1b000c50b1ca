/** Owns what follows from the shown run, as things to paste into other tools, folded until it is asked for. */

import type { RunSummary } from '../../model/run/run.ts';
import { recommendFrom } from '../../model/recommend/recommend.ts';
import type { Recommendation } from '../../model/recommend/tools/placed.ts';
import { forewords } from '../../model/recommend/text.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { el } from '../ui/dom.ts';
import { copyButton } from './copy.ts';
import { section } from './elements.ts';

function one({ tool, part, title, text, note }: Recommendation): HTMLElement {
  const key = part === undefined ? tool : `${tool}-${part}`;
  const lines = el('pre.command', { tabindex: 0, role: 'group', 'aria-label': title }, text);
  return el(
    'details.in.paste',
    { 'data-paste': key, 'data-key': `paste-${key}` },
    el('summary', {}, title),
    el('div.repeat', {}, el('div.hint', {}, note), copyButton(`copy-${key}`, `Copy: ${title}`, text, lines)),
    lines,
  );
}

/** Null where nothing follows for other tools. */
export function toPaste(topology: Topology, run: RunSummary): HTMLElement | null {
  const made = recommendFrom(topology, run);
  if (made.length === 0) return null;
  const words = forewords(topology, run).map((one) => el('div.in.dim.sm', {}, one));
  return section('Ready to paste', ...words, made.map(one));
}

/** Marks as text: the only place that writes markup, and everything in it is escaped. */

import { withoutUnsafe } from '../text/clean.ts';
import type { Mark } from './marks.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Two that XML 1.0 does not know, beside the controls. */
const NOT_XML = /[\ufffe\uffff]/g;

/** What hides or turns round what a person reads has no business in a drawing, and controls no escape in XML: both are left out. */
export function escapeXml(words: string): string {
  return withoutUnsafe(words)
    .replace(NOT_XML, '')
    .replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

export function render(mark: Mark | string): string {
  if (typeof mark === 'string') return escapeXml(mark);
  const attrs = Object.entries(mark.attrs).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  const open = `<${mark.tag}${attrs.join('')}`;
  const inside = mark.children.map(render).join('');
  return inside === '' ? `${open}/>` : `${open}>${inside}</${mark.tag}>`;
}

/** Marks as text: the only place that writes markup, and everything in it is escaped. */

import type { Mark } from './marks.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters XML 1.0 does not know have no escape: they are left out. */

const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function escapeXml(words: string): string {
  return words.replace(NOT_XML, '').replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

export function render(mark: Mark | string): string {
  if (typeof mark === 'string') return escapeXml(mark);
  const attrs = Object.entries(mark.attrs).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  const open = `<${mark.tag}${attrs.join('')}`;
  const inside = mark.children.map(render).join('');
  return inside === '' ? `${open}/>` : `${open}>${inside}</${mark.tag}>`;
}

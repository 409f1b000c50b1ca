/** Marks onto the page: D3 joins that touch only what changed. Words go in as text nodes, nothing as markup. */

import { select } from 'd3-selection';
import type { Mark } from '../../model/svg/marks.ts';
import { say } from '../ui/dom.ts';

const SVG = 'http://www.w3.org/2000/svg';

export function svgElement<K extends keyof SVGElementTagNameMap>(tag: K, classes = ''): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  if (classes !== '') made.setAttribute('class', classes);
  return made;
}

function setAttributes(element: SVGElement, { attrs }: Mark): void {
  for (const name of element.getAttributeNames()) if (!(name in attrs)) element.removeAttribute(name);
  for (const [name, value] of Object.entries(attrs)) {
    const words = String(value);
    if (element.getAttribute(name) !== words) element.setAttribute(name, words);
  }
}

/** Makes `parent` hold exactly these marks; elements of the same tag at the same place are kept. */
export function paintMarks(parent: SVGElement, marks: readonly Mark[]): void {
  const joined = select(parent)
    .selectChildren<SVGElement, Mark>()
    .data(marks, (mark, i) => `${i} ${mark.tag}`)
    .join((enter) => enter.append((mark) => document.createElementNS(SVG, mark.tag)));
  joined.order().each(function (mark) {
    setAttributes(this, mark);
    const inside = mark.children.filter((child) => typeof child !== 'string');
    const words = mark.children.filter((child) => typeof child === 'string').join('');
    if (inside.length > 0) paintMarks(this, inside);
    else say(this, words);
  });
}

/** Owns the node bars on the board: repainted one by one, each only when what it shows changed. */

import { select } from 'd3-selection';
import type { Layout } from '../../model/layout/types.ts';
import { nodeBoxOf } from '../../model/layout/find.ts';
import { nodeMarks } from '../../model/svg/node-bar.ts';
import type { Mark } from '../../model/svg/marks.ts';
import { toldAlike } from '../../model/svg/bar-words.ts';
import type { NodeFace } from '../../model/svg/bar-words.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { paintMarks, svgElement } from './paint.ts';

/** The words of a drawing, in the order in which they are read. */
function wordsOf(marks: readonly (Mark | string)[]): string {
  const words = marks.map((one) => (typeof one === 'string' ? one : wordsOf(one.children)));
  return words
    .filter((word) => word !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

export interface BarFace extends NodeFace {
  readonly step: number;
  /** @param seen what stands on the bar. */
  readonly label: (seen: string) => string;
  readonly over: 'yes' | 'no' | null;
  /** The chip of empty nodes stands for it. */
  readonly folded: boolean;
}

export class NodeBars {
  readonly #parent: SVGGElement;
  #groups = new Map<number, SVGGElement>();
  #shown = new Map<number, string>();
  #layout: Layout | null = null;

  constructor(parent: SVGGElement) {
    this.#parent = parent;
  }

  element(node: number): SVGGElement | null {
    return this.#groups.get(node) ?? null;
  }

  place(topology: Topology, layout: Layout): void {
    this.#layout = layout;
    this.#shown.clear();
    const joined = select(this.#parent)
      .selectChildren<SVGGElement, number>()
      .data(
        topology.nodes.map((node) => node.id),
        (id) => id,
      )
      .join((enter) =>
        enter.append((id) => {
          const group = svgElement('g');
          group.setAttribute('data-node', String(id));
          group.setAttribute('role', 'button');
          group.setAttribute('tabindex', '-1');
          return group;
        }),
      );
    this.#groups = new Map(joined.nodes().map((group, i) => [topology.nodes[i]?.id ?? -1, group]));
  }

  paint(face: (node: number) => BarFace | null): void {
    const bars = [...this.#groups].flatMap(([id, group]) => {
      const box = this.#layout && nodeBoxOf(this.#layout, id);
      const now = face(id);
      return box && now ? [{ id, group, box, now }] : [];
    });
    const told = toldAlike(bars.map(({ box, now }) => [box, now]));
    for (const [i, { id, group, box, now }] of bars.entries()) {
      const key = JSON.stringify([now, now.label(''), told[i]]);
      if (this.#shown.get(id) === key) continue;
      this.#shown.set(id, key);
      const hot = now.step > 0 ? ` hot h${now.step}` : '';
      group.setAttribute('class', `bar${hot}${now.over ? ` over ${now.over}` : ''}`);
      const marks = now.folded ? [] : nodeMarks(box, now, {}, told[i]);
      if (now.folded) group.setAttribute('aria-hidden', 'true');
      else group.removeAttribute('aria-hidden');
      group.setAttribute('aria-label', now.label(wordsOf(marks)));
      paintMarks(group, marks);
    }
  }
}

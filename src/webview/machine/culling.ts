/**
 * Owns what of the still picture is drawn: what lies out of sight is taken out, or every frame while one pans would go through all of
 * it. What can be focused or read aloud is none of this.
 */

import type { Box } from '../../model/layout/box.ts';
import { overlaps } from '../../model/layout/box.ts';

export function draw(element: SVGElement, drawn: boolean): void {
  if (drawn) element.removeAttribute('style');
  else element.style.display = 'none';
}

/** What there are many of. */
const CULLED = '.core, .cache';

function boxOf(rect: Element): Box {
  const [x = 0, y = 0, w = 0, h = 0] = ['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)));
  return { x, y, w, h };
}

interface Part {
  readonly element: SVGElement;
  readonly box: Box;
  drawn: boolean;
}

export class Culling {
  #parts: readonly Part[] = [];

  /** @param scenery as it was painted just now; a cache goes with its words, in the group that holds both. */
  take(scenery: SVGGElement): void {
    this.#parts = [...scenery.querySelectorAll<SVGElement>(CULLED)].map((rect) => {
      const group = rect.classList.contains('cache') ? rect.parentNode : null;
      const element = group instanceof SVGGElement ? group : rect;
      // An element that was painted anew may still be out.
      return { element, box: boxOf(rect), drawn: !element.hasAttribute('style') };
    });
  }

  /** @param sight what is on the board, in the pixels of what is drawn. */
  see(sight: Box): void {
    for (const part of this.#parts) {
      const drawn = overlaps(part.box, sight);
      if (drawn === part.drawn) continue;
      part.drawn = drawn;
      draw(part.element, drawn);
    }
  }
}

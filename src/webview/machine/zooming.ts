/** Owns how the picture is moved and magnified, by wheel, mouse, fingers and commands. Loaded after the first frame (`later.ts`). */

import { select } from 'd3-selection';
import type { Selection } from 'd3-selection';
import 'd3-transition';
import { zoom, zoomIdentity } from 'd3-zoom';
import type { D3ZoomEvent } from 'd3-zoom';
import type { Point } from '../../model/layout/box.ts';

/** Magnified `k` times, then moved by px of the board. */
export interface Transform {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export interface Zooming {
  /** The board is of that size. */
  extent(width: number, height: number): void;
  /** @param at the point of the board that stays where it is. */
  scaleBy(factor: number, at: Point, softly: boolean): void;
  transform(to: Transform, softly: boolean): void;
  translateBy(dx: number, dy: number): void;
}

interface ZoomingHost {
  readonly nearest: number;
  /** Whether it is this event's to move the picture. */
  takes(event: Event): boolean;
  zoomed(transform: Transform): void;
}

export type CreateZooming = typeof createZooming;

const ZOOM_MS = 200;

export function createZooming(board: HTMLElement, host: ZoomingHost): Zooming {
  const behaviour = zoom<HTMLElement, unknown>()
    .scaleExtent([1, host.nearest])
    .filter((event: Event) => host.takes(event))
    .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => host.zoomed(event.transform));
  const held: Selection<HTMLElement, unknown, null, undefined> = select(board);
  held.call(behaviour).on('dblclick.zoom', null);
  return {
    extent(width, height) {
      const all: [[number, number], [number, number]] = [
        [0, 0],
        [width, height],
      ];
      behaviour.extent(all).translateExtent(all);
    },
    scaleBy(factor, [x, y], softly) {
      if (softly) held.transition().duration(ZOOM_MS).call(behaviour.scaleBy, factor, [x, y]);
      else held.call(behaviour.scaleBy, factor, [x, y]);
    },
    transform({ k, x, y }, softly) {
      const to = zoomIdentity.translate(x, y).scale(k);
      if (softly) held.transition().duration(ZOOM_MS).call(behaviour.transform, to);
      else held.call(behaviour.transform, to);
    },
    translateBy(dx, dy) {
      held.call(behaviour.translateBy, dx, dy);
    },
  };
}

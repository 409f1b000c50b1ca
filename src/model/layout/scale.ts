/** A layout magnified, or made smaller: boxes move and change their size, while type and lines keep theirs. */

import { scaleBox } from './box.ts';
import type { Box } from './box.ts';
import type { CacheBox, Layout, Link, NodeBox, PuBox } from './types.ts';

const scaleLink = (link: Link, k: number): Link => ({
  ...link,
  from: [link.from[0] * k, link.from[1] * k],
  to: [link.to[0] * k, link.to[1] * k],
  room: link.room * k,
  wordsY: link.wordsY * k,
});

const scalePu = (pu: PuBox, k: number): PuBox => ({
  ...scaleBox(pu, k),
  gutterX: pu.gutterX * k,
  gutterY: pu.gutterY * k,
});

/** Bars say no more for being taller (px): near what they stand over, they keep to the height that their words take. */
const TALLEST = { node: 64, cache: { package: 28, die: 28, group: 28, unit: 20, core: 18 } } as const;

function lowered<B extends Box>(box: B, most: number): B {
  const h = Math.min(box.h, most);
  return { ...box, y: box.y + box.h - h, h };
}

const scaleNode = (node: NodeBox, k: number): NodeBox => ({
  ...lowered(scaleBox(node, k), Math.max(node.h, TALLEST.node)),
  area: scaleBox(node.area, k),
});

const scaleCache = (cache: CacheBox, k: number): CacheBox =>
  lowered(scaleBox(cache, k), Math.max(cache.h, TALLEST.cache[cache.over]));

export function scaleLayout(layout: Layout, k: number): Layout {
  if (k === 1) return layout;
  return {
    width: layout.width * k,
    height: layout.height * k,
    scale: layout.scale,
    unit: layout.unit * k,
    bodies: layout.bodies.map((box) => scaleBox(box, k)),
    packages: layout.packages.map((box) => scaleBox(box, k)),
    dies: layout.dies.map((box) => scaleBox(box, k)),
    nodes: layout.nodes.map((box) => scaleNode(box, k)),
    caches: layout.caches.map((box) => scaleCache(box, k)),
    cores: layout.cores.map((box) => scaleBox(box, k)),
    pus: layout.pus.map((box) => scalePu(box, k)),
    links: layout.links.map((link) => scaleLink(link, k)),
    rooms: layout.rooms.map((box) => scaleBox(box, k)),
    matrix: layout.matrix && scaleBox(layout.matrix, k),
    fold: layout.fold && lowered(scaleBox(layout.fold, k), layout.fold.h),
    strip: layout.strip && scaleBox(layout.strip, k),
  };
}

/** What parts of the machine are called on the drawing, and their ids as lstopo's SVG has them. */

import { formatBytes } from '../text/format.ts';
import type { Cache } from '../topology/topology.ts';

export function cacheLevel(cache: Cache): string {
  return `L${cache.level}${cache.type === 'data' ? 'd' : ''}`;
}

/** "L3 45 MB"; several in one bar are set apart by commas. */
export function cacheName(caches: readonly Cache[]): string {
  return caches
    .map((cache) => cacheLevel(cache) + (cache.sizeBytes === null ? '' : ` ${formatBytes(cache.sizeBytes)}`))
    .join(', ');
}

/** lstopo's name of the type, which is the class of its rectangles. */
export function cacheType(cache: Cache): string {
  return `${cacheLevel(cache)}Cache`;
}

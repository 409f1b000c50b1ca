/** Memory of a node as one CPU sees it. */

import type { PageKind } from './pages.ts';

export interface MemoryCase {
  readonly kind: 'memory';
  readonly what: 'latency' | 'bandwidth';
  readonly cpu: number;
  readonly node: number;
  readonly pages: PageKind;
  readonly sizeBytes: number;
}

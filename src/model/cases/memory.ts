/** Memory as the threads of one measurement see it. */

import type { PageKind } from './pages.ts';

/** `loaded-latency`: the latency of the first CPU while the others load memory. */
export const MEMORY_WHATS = ['latency', 'bandwidth', 'loaded-latency'] as const;
export type MemoryWhat = (typeof MEMORY_WHATS)[number];

/** What moves the bytes. `-nt`: with non-temporal stores, which go past the caches. */
export const KERNELS = ['triad', 'read', 'write', 'copy', 'triad-nt', 'write-nt', 'copy-nt'] as const;
export type Kernel = (typeof KERNELS)[number];

/** `local`: each thread's share lies where its own first touch puts it. The others are the kernel's policies. */
export const POLICIES = ['bind', 'preferred', 'interleave', 'weighted-interleave', 'local'] as const;
export type Policy = (typeof POLICIES)[number];

export interface MemoryAsked {
  readonly what: MemoryWhat;
  /** A thread on each, all in one measurement. The first is the one whose latency is taken. */
  readonly cpus: readonly number[];
  readonly policy: Policy;
  /** One for `bind` and `preferred`, none for `local`. */
  readonly nodes: readonly number[];
  readonly pages: PageKind;
  /** Of the whole buffer, of which each thread has an equal share. */
  readonly sizeBytes: number;
  /** Of what moves bytes; absent where only latency is taken. */
  readonly kernel?: Kernel | undefined;
  /** Of loaded latency: how long each loading thread waits after every 4 KiB; 0 is full load. */
  readonly pauseNs?: number | undefined;
}

export interface MemoryCase extends MemoryAsked {
  readonly kind: 'memory';
  /** The CPU and the node where there is one of each, for scripts that read run files: `cpus` and `nodes` once more. */
  readonly cpu?: number | undefined;
  readonly node?: number | undefined;
}

/** The one way to make a case: what follows from other keys cannot contradict them. */
export function memoryCase({ what, cpus, policy, nodes, pages, sizeBytes, kernel, pauseNs }: MemoryAsked): MemoryCase {
  const [cpu, node] = [cpus[0], nodes[0]];
  const one = cpus.length === 1 && policy === 'bind' && cpu !== undefined && node !== undefined;
  return {
    kind: 'memory',
    what,
    pages,
    ...(one ? { cpu, node } : {}),
    cpus,
    policy,
    nodes,
    sizeBytes,
    ...(what === 'latency' ? {} : { kernel: kernel ?? 'triad' }),
    ...(what === 'loaded-latency' ? { pauseNs: pauseNs ?? 0 } : {}),
  };
}

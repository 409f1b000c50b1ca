/**
 * What managers of resources prefer, and what the topology manager makes of it (Kubernetes 1.34,
 * `pkg/kubelet/cm/topologymanager`). A set of nodes is a bit mask over the node's own numbering, bit i the i-th node.
 */

export interface Hint {
  /** Null: any nodes. */
  readonly nodes: number | null;
  readonly preferred: boolean;
}

/** Of one resource. `hints` is null where nothing is preferred, and empty where nothing is possible. */
export interface ResourceHints {
  readonly resource: string;
  readonly hints: readonly Hint[] | null;
}

export const TOPOLOGY_POLICIES = ['none', 'best-effort', 'restricted', 'single-numa-node'] as const;
export type TopologyPolicy = (typeof TOPOLOGY_POLICIES)[number];

/** Sets of nodes are enumerated, 2^n of them: the kubelet refuses to start with more unless `max-allowable-numa-nodes` says so. */
export const MOST_NODES = 8;
/** So many are enumerated here, whatever that option says. */
export const MOST_ENUMERATED = 16;

export const bitsOf = (mask: number): number[] => [...Array(32).keys()].filter((bit) => (mask >>> bit) & 1);
export const countOf = (mask: number): number => bitsOf(mask).length;

/** All sets of `count` nodes but the empty one, the small ones first. */
export const masksOf = (count: number): number[] =>
  Array.from({ length: 2 ** count - 1 }, (_, at) => at + 1).sort((a, b) => countOf(a) - countOf(b) || a - b);

/** The first by fewer nodes, then by lower numbers. */
export const narrower = (a: number, b: number): number => countOf(a) - countOf(b) || a - b;

/** Firmware's distances between nodes by bit; the mean over all pairs in a set, each with itself included. */
function meanDistance(mask: number, distances: readonly (readonly number[])[]): number {
  const bits = bitsOf(mask);
  const sum = bits.reduce((all, a) => all + bits.reduce((own, b) => own + (distances[a]?.[b] ?? 0), 0), 0);
  return sum / bits.length ** 2;
}

export interface MergeRules {
  readonly policy: TopologyPolicy;
  readonly nodes: number;
  /** Given where `prefer-closest-numa-nodes` is on. */
  readonly distances: readonly (readonly number[])[] | null;
}

/** The best that all agree on, and whether the policy admits it. Null nodes: any. */
export function mergeHints(
  all: readonly ResourceHints[],
  { policy, nodes, distances }: MergeRules,
): Hint & { readonly admitted: boolean } {
  // No hint at all: what the managers then find in its place prefers nothing.
  if (policy === 'none') return { nodes: null, preferred: false, admitted: true };
  const any = 2 ** nodes - 1;
  const lists = all.map(({ hints }): readonly Hint[] => {
    if (hints === null) return [{ nodes: null, preferred: true }];
    return hints.length === 0 ? [{ nodes: null, preferred: false }] : hints;
  });
  const single = policy === 'single-numa-node';
  const considered = single
    ? lists.map((hints) => hints.filter((one) => one.preferred && (one.nodes === null || countOf(one.nodes) === 1)))
    : lists;
  const closest = distances && !single ? distances : null;
  const fitter = (a: number, b: number): number =>
    (closest && countOf(a) === countOf(b) ? meanDistance(a, closest) - meanDistance(b, closest) : 0) || narrower(a, b);
  // What is not preferred should span as many nodes as the resource that needs the most.
  const aim = Math.max(
    0,
    ...considered.map((hints) => {
      const counts = hints.flatMap((one) => (one.nodes === null ? [] : [countOf(one.nodes)]));
      return counts.length > 0 ? Math.min(...counts) : 0;
    }),
  );
  const better = (a: Hint & { nodes: number }, b: Hint & { nodes: number }): number => {
    if (a.preferred !== b.preferred) return a.preferred ? -1 : 1;
    const [one, two] = [countOf(a.nodes), countOf(b.nodes)];
    if (a.preferred || (one > aim && two > aim) || one === two) return fitter(a.nodes, b.nodes);
    // Exactly as many, else as near below as there is, else above.
    const rank = (count: number): number => (count <= aim ? aim - count : 64 + count);
    return rank(one) - rank(two);
  };
  const best = agreements(considered, any).sort(better)[0] ?? { nodes: any, preferred: false };
  const admitted = policy === 'best-effort' || best.preferred;
  return { nodes: single && best.nodes === any ? null : best.nodes, preferred: best.preferred, admitted };
}

/**
 * What comes out of taking one hint of each list, without repeats: the nodes that all have in common, preferred where all are and
 * name the same nodes. (The kubelet goes through the product of the lists; the outcomes are these.)
 */
function agreements(lists: readonly (readonly Hint[])[], any: number): (Hint & { nodes: number })[] {
  /** `named`: some resource named nodes, and so far all named these. */
  let reached = new Map<string, { nodes: number; preferred: boolean; named: boolean }>([
    ['', { nodes: any, preferred: true, named: false }],
  ]);
  for (const hints of lists) {
    const next: typeof reached = new Map();
    for (const state of reached.values())
      for (const hint of hints) {
        const nodes = hint.nodes === null ? state.nodes : state.nodes & hint.nodes;
        const alike = hint.nodes === null || !state.named || hint.nodes === state.nodes;
        const one = {
          nodes,
          preferred: state.preferred && hint.preferred && alike,
          named: state.named || hint.nodes !== null,
        };
        next.set([one.nodes, one.preferred, one.named].join(), one);
      }
    reached = next;
  }
  return [...reached.values()].filter(({ nodes }) => nodes !== 0);
}

/**
 * Of all sets of nodes those that can give what is asked for; preferred where no smaller one could, were it empty.
 * @param also of a set, and the size of the smallest that could: preferred all the same
 */
export function hintsFor(
  nodes: number,
  {
    could,
    can,
    also,
  }: {
    readonly could: (mask: number) => boolean;
    readonly can: (mask: number) => boolean;
    readonly also?: (mask: number, least: number) => boolean;
  },
): Hint[] {
  const masks = masksOf(nodes);
  const fewest = masks.find(could);
  const least = fewest === undefined ? nodes : countOf(fewest);
  return masks
    .filter(can)
    .map((mask) => ({ nodes: mask, preferred: countOf(mask) === least || also?.(mask, least) === true }));
}

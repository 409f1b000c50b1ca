/** Which part of a flow goes from which node's memory to which node's CPUs. */

export type Shares = ReadonlyMap<number, number>;

/** Parts of one: of so much on each node. Empty where nothing is on any. */
export function sharesOf(amounts: Iterable<readonly [node: number, amount: number]>): Map<number, number> {
  const all = [...amounts].filter(([, amount]) => amount > 0);
  const total = all.reduce((sum, [, amount]) => sum + amount, 0);
  return new Map(all.map(([node, amount]) => [node, amount / total]));
}

export interface Leg {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Memory is read by the CPUs of the receiver, in the proportion in which both are spread. */
export function legsOf(memory: Shares, cpus: Shares): Leg[] {
  return [...memory].flatMap(([from, ofMemory]) =>
    [...cpus].map(([to, ofCpus]) => ({ from, to, share: ofMemory * ofCpus })),
  );
}

/**
 * A plan's text with the places of some blocks changed: only those letters are touched, so that comments, order and layout stay as a
 * person wrote them.
 */

import { isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import { readPlan } from './plan-text.ts';

export interface BlockEdit {
  /** Place among the blocks. */
  readonly index: number;
  readonly node: number;
  /** Null: no exact CPUs. */
  readonly cpus: string | null;
}

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const endOf = ({ key, value }: Pair): number =>
  (isNode(value) ? value.range?.[1] : null) ?? (key as Node).range?.[1] ?? 0;

/** In quotes: a comma means something else within { }. */
const quoted = (cpus: string): string => JSON.stringify(cpus);

class Block {
  readonly #map: YAMLMap;
  readonly #text: string;
  constructor(map: YAMLMap, text: string) {
    this.#map = map;
    this.#text = text;
  }

  pair(key: string): Pair | undefined {
    return this.#map.items.find((item) => isScalar(item.key) && item.key.value === key);
  }

  set({ key, value }: Pair, text: string): Splice {
    const from = isNode(value) && value.range ? value.range[0] : endOf({ key } as Pair);
    return { from, to: endOf({ key, value } as Pair), text };
  }

  /** In the place of another key. */
  replace(pair: Pair, text: string): Splice {
    return { from: startOf(pair.key), to: endOf(pair), text };
  }

  /** Before the key behind `kind`, which every block has. */
  insert(entries: readonly string[]): Splice {
    const at = this.#map.items.findIndex((item) => isScalar(item.key) && item.key.value === 'kind');
    const before = this.#map.items[at + 1] ?? this.#map.items[at];
    const from = startOf(before?.key);
    const indent = ' '.repeat(from - this.#text.lastIndexOf('\n', from - 1) - 1);
    const between = this.#map.flow === true ? ', ' : `\n${indent}`;
    return { from, to: from, text: entries.map((entry) => `${entry}${between}`).join('') };
  }

  remove(pair: Pair): Splice {
    const { items } = this.#map;
    const at = items.indexOf(pair);
    const [before, after] = [items[at - 1], items[at + 1]];
    if (this.#map.flow !== true && before) {
      const line = this.#text.lastIndexOf('\n', startOf(pair.key));
      const next = this.#text.indexOf('\n', endOf(pair));
      return { from: line, to: next === -1 ? this.#text.length : next, text: '' };
    }
    if (after) return { from: startOf(pair.key), to: startOf(after.key), text: '' };
    return { from: before ? endOf(before) : startOf(pair.key), to: endOf(pair), text: '' };
  }

  splices({ node, cpus }: BlockEdit): Splice[] {
    const [one, several, exact] = [this.pair('node'), this.pair('nodes'), this.pair('cpus')];
    const [asNode, asCpus] = [`node: ${node}`, cpus === null ? null : `cpus: ${quoted(cpus)}`];
    const spare = asCpus === null ? exact : undefined;
    const changed: Splice[] = [];
    if (one) changed.push(this.set(one, String(node)));
    else if (several) changed.push(this.replace(several, asNode));
    else if (spare) changed.push(this.replace(spare, asNode));
    if (exact && cpus !== null) changed.push(this.set(exact, quoted(cpus)));
    if (spare && (one || several)) changed.push(this.remove(spare));
    const added = [...((one ?? several ?? spare) ? [] : [asNode]), ...(asCpus === null || exact ? [] : [asCpus])];
    return added.length > 0 ? [...changed, this.insert(added)] : changed;
  }
}

const holds = (text: string, edits: readonly BlockEdit[]): boolean => {
  const read = readPlan(text);
  return (
    'plan' in read &&
    edits.every(({ index, node, cpus }) => {
      const block = read.plan.blocks[index];
      return block?.nodes?.length === 1 && block.nodes[0] === node && block.cpus === cpus;
    })
  );
};

/** @param text that `readPlan` reads. */
export function withPlaces(text: string, edits: readonly BlockEdit[]): string {
  const document = parseDocument(text);
  const splices = edits.flatMap((edit) => {
    const block = document.getIn(['blocks', edit.index]);
    return isMap(block) ? new Block(block, text).splices(edit) : [];
  });
  let changed = text;
  for (const { from, to, text: letters } of splices.toSorted((a, b) => b.from - a.from)) {
    changed = changed.slice(0, from) + letters + changed.slice(to);
  }
  if (holds(changed, edits)) return changed;
  // Keys spelled in full ("? kind"), and what else nobody writes by hand: those blocks are written anew.
  const value = document.toJS() as { blocks: Record<string, unknown>[] };
  for (const { index, node, cpus } of edits) {
    const { nodes: _nodes, cpus: _cpus, ...rest } = value.blocks[index] ?? {};
    document.setIn(['blocks', index], document.createNode({ ...rest, node, ...(cpus === null ? {} : { cpus }) }));
  }
  return document.toString({ lineWidth: 0 });
}

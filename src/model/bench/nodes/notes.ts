/** What is missing in a table of nodes, and what its figures may not be of memory alone: a sentence each. */

import { formatBytes, nodeWords } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { cachesOf } from './cases.ts';
import { nodeGrid, usableCpusOf } from './grid.ts';

/** Of a buffer smaller than so many times the caches, much is found in them. */
const TIMES_CACHES = 2;

/** Empty where the results are no table of nodes. */
export function nodeNotes(topology: Topology, results: readonly Pick<Result, 'placement'>[]): string[] {
  const grid = nodeGrid(topology, results);
  if (!grid) return [];
  const notes: string[] = [];
  const say = (ids: readonly number[], words: string): void => {
    if (ids.length > 0) notes.push(`NUMA ${nodeWords(ids)} ${words}`);
  };
  const barred = topology.nodes.filter(({ id, cpus }) => cpus !== '' && usableCpusOf(topology, id).length === 0);
  say(
    barred.map(({ id }) => id),
    'not measured from: this session may use none of the CPUs there.',
  );
  say(
    grid.to.filter((id) => topology.nodes.some((node) => node.id === id && node.cpus === '')),
    'without CPUs: only measured to.',
  );
  say(
    topology.nodes.filter(({ memoryBytes }) => memoryBytes === 0).map(({ id }) => id),
    'without memory: only measured from.',
  );
  const sizes = results.flatMap(({ placement }) => (placement.kind === 'memory' ? [placement.sizeBytes] : []));
  const caches = Math.max(0, ...topology.nodes.map((node) => cachesOf(topology, node)));
  const least = Math.min(...sizes);
  if (least < TIMES_CACHES * caches) {
    notes.push(
      `The buffer of ${formatBytes(least)} is less than twice the last-level caches of a node (${formatBytes(caches)}): part of it was read from them.`,
    );
  }
  return notes;
}

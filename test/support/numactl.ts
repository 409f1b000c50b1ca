// Owns reading what `numactl --hardware` says, as facts, and the same facts of a topology: it rounds memory down to MiB, and is
// the one that says which node has no CPUs.
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { text, type Facts } from './facts.ts';

const numbers = (words: string): number[] => words.trim().split(/\s+/).filter(Boolean).map(Number);

export function numactlFacts(answer: string): Facts {
  const facts = new Map<string, string>();
  let columns: number[] = [];
  for (const line of answer.split('\n')) {
    const [, ids] = /^available: \d+ nodes? \((.*)\)/.exec(line) ?? [];
    if (ids !== undefined) facts.set('nodes', text(parseCpuList(ids)));
    const [, node = '', what, value = ''] = /^node (\d+) (cpus|size):(.*)$/.exec(line) ?? [];
    if (what === 'cpus') facts.set(`PUs of node ${node}`, text(numbers(value)));
    if (what === 'size') facts.set(`memory of node ${node}`, value.trim());
    const [, header] = /^node((?:\s+\d+)+)\s*$/.exec(line) ?? [];
    if (header !== undefined) columns = numbers(header);
    const [, from = '', row] = /^\s*(\d+):((?:\s+\d+)+)\s*$/.exec(line) ?? [];
    if (row !== undefined) {
      numbers(row).forEach((distance, at) => {
        facts.set(`distance from node ${from} to node ${columns[at] ?? '?'}`, String(distance));
      });
    }
  }
  return facts;
}

export function numactlFactsOf(topology: Topology): Facts {
  const facts = new Map([['nodes', text(topology.nodes.map(({ id }) => id))]]);
  for (const { id, cpus, memoryBytes, distances } of topology.nodes) {
    facts.set(`PUs of node ${id}`, cpus);
    facts.set(`memory of node ${id}`, `${Math.floor((memoryBytes ?? 0) / 2 ** 20)} MB`);
    for (const [to, distance] of Object.entries(distances)) {
      facts.set(`distance from node ${id} to node ${to}`, String(distance));
    }
  }
  return facts;
}

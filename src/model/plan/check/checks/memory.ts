/** Memory: what is planned on a node against what it has, and whether it is near. */

import { formatBytes, listed, nodeWords } from '../../../text/format.ts';
import type { Found, PlanCheck, Subject } from '../../problem.ts';

const total = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);

/** Whether what is too much on a node can be elsewhere: memory that may spill over, or of several nodes, where these have room. */
function spills({ plan, placement: { machine, blocks } }: Subject, id: number, excess: number): boolean {
  const room = new Map(
    machine.topology.nodes.map((node) => {
      const kept = plan.reserve.find((one) => one.node === node.id)?.memoryBytes ?? 0;
      return [node.id, (node.memoryBytes ?? 0) - kept - total(blocks.map(({ memory }) => memory.get(node.id) ?? 0))];
    }),
  );
  let left = excess;
  for (const { block, memory } of blocks) {
    // Cells of a guest are bound node by node.
    if (block.kind === 'vm' && (block.guest?.nodes ?? 1) > 1) continue;
    let bytes = memory.get(id) ?? 0;
    for (const other of block.memoryPolicy === 'preferred' ? room.keys() : memory.keys()) {
      const moved = Math.max(0, other === id ? 0 : Math.min(bytes, room.get(other) ?? 0));
      room.set(other, (room.get(other) ?? 0) - moved);
      bytes -= moved;
      left -= moved;
    }
  }
  return left <= 0;
}

export const overcommitsMemory: PlanCheck = {
  id: 'overcommits-memory',
  title: 'More memory is planned on a node than it has',
  look(subject) {
    const {
      plan,
      placement: { machine, blocks },
    } = subject;
    return machine.topology.nodes.flatMap(({ id, memoryBytes: have }): Found[] => {
      if (have === null) return [];
      const here = blocks.flatMap(({ block, index, memory }) => {
        const bytes = memory.get(id) ?? 0;
        return bytes > 0 ? [{ block, index, bytes }] : [];
      });
      const kept = plan.reserve.find(({ node }) => node === id)?.memoryBytes ?? 0;
      const want = total(here.map(({ bytes }) => bytes));
      // One block that is too large alone is `strict-memory`.
      if (want + kept <= have || (here.length < 2 && kept === 0)) return [];
      const parts = here.map(({ block, bytes }) => `${block.name} ${formatBytes(bytes)}`);
      const largest = here.toSorted((a, b) => b.bytes - a.bytes)[0];
      const common = {
        blocks: here.map(({ block }) => block.name),
        nodes: [id],
      };
      if (want <= have) {
        return [
          {
            ...common,
            severity: 'warning',
            path: ['reserve', plan.reserve.findIndex(({ node }) => node === id), 'memory'],
            sentence: `Node ${id} has ${formatBytes(have)}: ${formatBytes(have - want)} are left for the host, which is to have ${formatBytes(kept)}.`,
            reason: `${parts.length === 0 ? 'No block has any of it' : listed(parts)}. What the host lacks here it takes from another node, or it reclaims and kills.`,
            remedy: `${parts.length === 0 ? 'Reserve' : `Give a block ${formatBytes(want + kept - have)} less, or reserve`} less here and more on another node.`,
          },
        ];
      }
      const elsewhere = spills(subject, id, want - have);
      return [
        {
          ...common,
          severity: elsewhere ? 'warning' : 'error',
          path: largest ? ['blocks', largest.index, 'memory'] : ['reserve'],
          sentence: `Node ${id} is to give ${formatBytes(want)} and has ${formatBytes(have)}.`,
          reason: `${listed(parts)}: ${formatBytes(want - have)} too much. ${elsewhere ? 'That much lands on another node, and each access there crosses.' : 'The last to start finds no memory.'}`,
          remedy: `Take ${formatBytes(want + kept - have)} from one of them, or move one to another node.`,
        },
      ];
    });
  },
};

export const strictMemory: PlanCheck = {
  id: 'strict-memory',
  title: 'A block wants more memory of its nodes than these have',
  look({ placement: { machine, blocks } }) {
    return blocks.flatMap(({ block, index, memory }): Found[] => {
      const nodes = [...memory.keys()].filter((id) => machine.node(id) !== null);
      const sizes = nodes.map((id) => machine.node(id)?.memoryBytes ?? null);
      if (nodes.length === 0 || sizes.includes(null)) return [];
      const have = total(sizes.map((size) => size ?? 0));
      const empty = nodes.filter((id) => machine.node(id)?.memoryBytes === 0);
      const want = block.memoryBytes ?? 0;
      if (want <= have && empty.length === 0) return [];
      const strict = block.memoryPolicy === 'strict';
      return [
        {
          severity: strict ? 'error' : 'warning',
          blocks: [block.name],
          nodes,
          path: ['blocks', index, empty.length > 0 && block.memoryNodes !== null ? 'memoryNodes' : 'memory'],
          sentence:
            want > have
              ? `${block.name} wants ${formatBytes(want)} of ${nodeWords(nodes)}, which ${nodes.length === 1 ? 'has' : 'have'} ${formatBytes(have)}.`
              : `${block.name} wants memory of ${nodeWords(empty)}, which ${empty.length === 1 ? 'has' : 'have'} none.`,
          reason: strict
            ? 'Its memory is strict: what the nodes cannot give it does not get, and the kernel ends it (OOM) when it touches it.'
            : 'The rest comes from other nodes, and each access there crosses.',
          remedy: strict
            ? 'Give it less, or more nodes (memoryNodes); memoryPolicy: preferred lets it spill over.'
            : 'Give it less, or name the nodes that are to give the rest (memoryNodes).',
        },
      ];
    });
  },
};

export const farMemory: PlanCheck = {
  id: 'far-memory',
  title: 'The memory of a block is on another node than its CPUs',
  look({ placement: { machine, blocks } }) {
    return blocks.flatMap(({ block, index, nodes, memory }): Found[] => {
      const far = [...memory.keys()].filter((id) => !nodes.includes(id));
      if (block.memoryNodes === null || nodes.length === 0 || far.length === 0) return [];
      const distances = far.map((id) => machine.node(nodes[0] ?? -1)?.distances[String(id)] ?? null);
      const known = distances.filter((distance) => distance !== null);
      // A node without CPUs is nobody's: who names it means it.
      const bare = far.every((id) => machine.node(id)?.cpus === '');
      return [
        {
          severity: bare ? 'note' : 'warning',
          blocks: [block.name],
          nodes: far,
          path: ['blocks', index, 'memoryNodes'],
          sentence: `${block.name} runs on ${nodeWords(nodes)} and has memory of ${nodeWords(far)}.`,
          reason: `Each access there crosses${known.length === 0 ? '' : ` (distance ${listed(known.map(String))}; 10 is local)`}.`,
          remedy: `Leave memoryNodes out: memory then is of ${nodeWords(nodes)}.`,
        },
      ];
    });
  },
};

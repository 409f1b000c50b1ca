/** Nodes on which more is planned than they have CPUs. */

import { listed, plural } from '../../../text/format.ts';
import { coresOn } from '../../machine.ts';
import { evenly } from '../../place.ts';
import type { Placed } from '../../place.ts';
import type { Found, PlanCheck, Subject } from '../../problem.ts';

/** Threads that a block wants of a node: those named, or its share of those counted. */
function wantedOn({ placement: { machine } }: Subject, { block, cpus, wanted }: Placed, node: number): number {
  if (block.cpus !== null) return cpus.filter((cpu) => machine.coreOf.get(cpu)?.node === node).length;
  const at = block.nodes?.indexOf(node) ?? -1;
  return at === -1 ? 0 : (evenly(wanted, block.nodes?.length ?? 1)[at] ?? 0);
}

export const overcommitsCpus: PlanCheck = {
  id: 'overcommits-cpus',
  title: 'More CPUs are planned than there are',
  look(subject) {
    const { plan, placement } = subject;
    const { machine, blocks } = placement;
    const { smt } = machine;
    const found = machine.topology.nodes.flatMap(({ id }): Found[] => {
      const have = coresOn(machine, id).flatMap(({ cpus }) => cpus);
      const here = blocks
        .map((placed) => ({ placed, threads: wantedOn(subject, placed, id) }))
        .filter(({ threads }) => threads > 0);
      const kept = (plan.reserve.find(({ node }) => node === id)?.cores ?? 0) * smt;
      // A CPU that two blocks name is an overlap, and here it is one.
      const named = new Set(here.flatMap(({ placed }) => (placed.block.cpus === null ? [] : placed.cpus)));
      const exact = have.filter((cpu) => named.has(cpu)).length;
      const counted = here.flatMap(({ placed, threads }) => (placed.block.cpus === null ? [threads] : []));
      const want = exact + counted.reduce((all, each) => all + each, 0) + kept;
      const missing = here.filter(({ placed }) => placed.missing > 0);
      const rest = placement.reserved.find(({ node }) => node === id)?.missingCores ?? 0;
      const parts = [
        ...here.map(({ placed, threads }) => `${placed.block.name} ${threads}`),
        ...(kept > 0 ? [`the host ${kept}`] : []),
      ];
      const last = (missing.at(-1) ?? here.at(-1))?.placed;
      const common = {
        severity: 'error' as const,
        blocks: here.map(({ placed }) => placed.block.name),
        nodes: [id],
        path: last ? ['blocks', last.index, last.block.cpus === null ? 'cores' : 'cpus'] : ['reserve'],
      };
      const remedy =
        'Give one of them fewer cores, or move it to another node: `numa-pinboard plan propose` finds where.';
      if (want > have.length) {
        return [
          {
            ...common,
            sentence: `Node ${id} is to give ${plural(want, 'thread')} and has ${have.length}.`,
            reason: `${listed(parts)}: ${want - have.length} more than its ${plural(have.length / smt, 'core')} have.`,
            remedy,
          },
        ];
      }
      if (missing.length === 0 && rest === 0) return [];
      return [
        {
          ...common,
          sentence: `Node ${id} has too few whole cores left for ${listed([...missing.map(({ placed }) => placed.block.name), ...(rest > 0 ? ['the host'] : [])])}.`,
          reason: 'It has enough threads, but cpus that name half of a core leave the other half to nobody else.',
          remedy: 'Name whole cores: siblings together.',
        },
      ];
    });
    const open = blocks.filter(({ block }) => block.cpus === null && block.nodes === null);
    const want = blocks.reduce((all, { wanted }) => all + wanted, 0);
    const have = machine.coreOf.size;
    if (open.length === 0 || want <= have || found.length > 0) return found;
    return [
      {
        severity: 'error',
        blocks: blocks.map(({ block }) => block.name),
        nodes: [],
        path: ['blocks', open.at(-1)?.index ?? 0],
        sentence: `All blocks together are to have ${plural(want, 'thread')}; the machine has ${have}.`,
        reason: listed(blocks.map(({ block, wanted }) => `${block.name} ${wanted}`)),
        remedy: 'Give some of them fewer cores: no placement makes room for all.',
      },
    ];
  },
};

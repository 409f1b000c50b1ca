/** Nodes on which more is planned than they have CPUs. */

import { listed, plural } from '../../../text/format.ts';
import { coresOn } from '../../machine.ts';
import { evenly } from '../../place.ts';
import type { Placed } from '../../place.ts';
import type { Found, PlanCheck, Subject } from '../../problem.ts';

/** Threads that a block wants of a node: those that it has there, and its part of those that it lacks. */
function wantedOn({ placement: { machine } }: Subject, { cpus, missing, nodes }: Placed, node: number): number {
  const at = nodes.indexOf(node);
  const lacks = at === -1 ? 0 : (evenly(missing, nodes.length)[at] ?? 0);
  return cpus.filter((cpu) => machine.coreOf.get(cpu)?.node === node).length + lacks;
}

export const overcommitsCpus: PlanCheck = {
  id: 'overcommits-cpus',
  title: 'More CPUs are planned than there are',
  look(subject) {
    const { placement } = subject;
    const { machine, blocks } = placement;
    const { smt } = machine;
    const found = machine.topology.nodes.flatMap(({ id }): Found[] => {
      const have = coresOn(machine, id).flatMap(({ cpus }) => cpus);
      const here = blocks
        .map((placed) => ({ placed, threads: wantedOn(subject, placed, id) }))
        .filter(({ threads }) => threads > 0);
      const host = placement.reserved.find(({ node }) => node === id);
      const rest = host?.missingCores ?? 0;
      const kept = (host?.cpus.length ?? 0) + rest * smt;
      // A CPU that two blocks name is an overlap, and here it is one.
      const named = new Set(here.flatMap(({ placed }) => (placed.block.cpus === null ? [] : placed.cpus)));
      const exact = have.filter((cpu) => named.has(cpu)).length;
      const counted = here.flatMap(({ placed, threads }) => (placed.block.cpus === null ? [threads] : []));
      // Of VMs' emulator and I/O threads, where nothing is reserved that they could share.
      const shared = new Set(host?.cpus);
      const aside = have.filter((cpu) => placement.aside.includes(cpu) && !shared.has(cpu)).length;
      const want = exact + counted.reduce((all, each) => all + each, 0) + kept + aside;
      const missing = here.filter(({ placed }) => placed.missing > 0);
      const parts = [
        ...here.map(({ placed, threads }) => `${placed.block.name} ${threads}`),
        ...(kept > 0 ? [`the host ${kept}`] : []),
        ...(aside > 0 ? [`emulator and I/O threads ${aside}`] : []),
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
            reason: `${listed(parts)}: ${want - have.length} more than its ${plural(coresOn(machine, id).length, 'core')} have.`,
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
    const open = blocks.filter(({ block, nodes }) => block.cpus === null && nodes.length === 0);
    const kept = placement.reserved.reduce((all, { cpus }) => all + cpus.length, 0);
    const want = open.reduce((all, { wanted }) => all + wanted, 0);
    const have = placement.free.length;
    if (open.length === 0 || want <= have || found.length > 0) return found;
    return [
      {
        severity: 'error',
        blocks: blocks.map(({ block }) => block.name),
        nodes: [],
        path: ['blocks', open.at(-1)?.index ?? 0],
        sentence: `${listed(open.map(({ block }) => block.name))} ${open.length === 1 ? 'is' : 'are'} to have ${plural(want, 'thread')}; the machine has ${have} that nothing else has.`,
        reason: `${listed(blocks.map(({ block, wanted }) => `${block.name} ${wanted}`))}${kept === 0 ? '' : `, the host ${kept}`}; the machine has ${machine.coreOf.size}.`,
        remedy: 'Give some of them fewer cores: no placement makes room for all.',
      },
    ];
  },
};

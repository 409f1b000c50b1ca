/** Emulator and I/O threads of VMs: on cores of their own, and near. */

import { formatCpuList, parseCpuList } from '../../../text/cpulist.ts';
import { formatCpus, listed, nodeWords } from '../../../text/format.ts';
import { ownersAmong, ownersOf } from '../../owners.ts';
import type { Found, PlanCheck } from '../../problem.ts';

const REASON =
  'They do the guest\u2019s disk and network I/O: while one runs, the vCPU on that CPU stands still, and the guest cannot know it.';

export const emulatorOnVcpus: PlanCheck = {
  id: 'emulator-on-vcpus',
  title: 'Emulator or I/O threads run on vCPU cores',
  look({ placement: { machine, blocks } }) {
    const owners = ownersOf(blocks);
    const hit = (cpus: readonly number[]): { names: string[]; cpus: number[] } => ownersAmong(owners, cpus);
    return blocks.flatMap(({ block, index, cpus, nodes }): Found[] => {
      if (block.kind === 'emulator') {
        const under = hit(cpus);
        if (under.names.length === 0) return [];
        return [
          {
            severity: 'error',
            blocks: [block.name, ...under.names],
            nodes,
            path: ['blocks', index, 'cpus'],
            sentence: `${block.name} is on ${formatCpus(formatCpuList(under.cpus))}, where ${listed(under.names)} ${under.names.length === 1 ? 'runs' : 'run'}.`,
            reason: REASON,
            remedy: 'Give it cores that no other block has.',
          },
        ];
      }
      if (block.kind !== 'vm') return [];
      const named = [
        { key: 'emulatorCpus', what: 'emulator threads', list: block.emulatorCpus },
        { key: 'iothreadCpus', what: 'I/O threads', list: block.iothreadCpus },
      ] as const;
      const own = named.flatMap(({ key, what, list }): Found[] => {
        const under = hit(list === null ? [] : parseCpuList(list));
        if (under.names.length === 0) return [];
        return [
          {
            severity: 'error',
            blocks: [...new Set([block.name, ...under.names])],
            nodes,
            path: ['blocks', index, key],
            sentence: `The ${what} of ${block.name} are on ${formatCpus(formatCpuList(under.cpus))}, where ${listed(under.names)} ${under.names.length === 1 ? 'runs' : 'run'}.`,
            reason: REASON,
            remedy: 'Put them on cores that no block has.',
          },
        ];
      });
      const serving = blocks.filter((one) => one.block.serves.includes(block.name));
      const unserved = named.filter(
        ({ key, list }) =>
          list === null && (key === 'emulatorCpus' || (block.iothreads ?? 0) > 0) && serving.length === 0,
      );
      if (unserved.length > 0) {
        own.push({
          severity: 'warning',
          blocks: [block.name],
          nodes,
          path: ['blocks', index],
          sentence: `Nothing says where the ${listed(unserved.map(({ what }) => what))} of ${block.name} run.`,
          reason: `libvirt lets them run where its vCPUs do, if nothing else is said. ${REASON}`,
          remedy: `Add a block of kind emulator with serves: [${block.name}], or give ${listed(unserved.map(({ key }) => key))}.`,
        });
      }
      const places = [
        ...named
          .filter(({ list }) => list !== null)
          .map(({ key, what, list }) => ({
            what,
            who: [block.name],
            path: ['blocks', index, key],
            on: [...new Set(parseCpuList(list ?? '').flatMap((cpu) => machine.coreOf.get(cpu)?.node ?? []))],
          })),
        ...(serving.length === 0
          ? []
          : [
              {
                what: 'emulator threads',
                who: [block.name, ...serving.map((one) => one.block.name)],
                path: ['blocks', serving[0]?.index ?? index, 'node'],
                on: [...new Set(serving.flatMap((one) => one.nodes))],
              },
            ]),
      ];
      for (const { what, who, path, on } of places) {
        if (nodes.length === 0 || on.length === 0 || on.some((node) => nodes.includes(node))) continue;
        own.push({
          severity: 'warning',
          blocks: who,
          nodes: on,
          path,
          sentence: `The ${what} of ${block.name} are on ${nodeWords(on)}, and it is on ${nodeWords(nodes)}.`,
          reason: 'What they read and write for the guest crosses.',
          remedy: `Put them on cores of ${nodeWords(nodes)}.`,
        });
      }
      return own;
    });
  },
};

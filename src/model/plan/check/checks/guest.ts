/** Counts that contradict each other, and what a guest is told of its vCPUs. */

import { formatCpuList } from '../../../text/cpulist.ts';
import { formatCpus, nodeWords, plural } from '../../../text/format.ts';
import { coreCount } from '../../place.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const countsDisagree: PlanCheck = {
  id: 'counts-disagree',
  title: 'The cores, threads, cpus and node of a block contradict each other',
  look({ placement: { machine, blocks } }) {
    return blocks.flatMap((placed): Found[] => {
      const { block, index, wanted, cpus } = placed;
      const cores = coreCount(machine, placed);
      const wrong =
        block.threads !== null && block.threads !== wanted
          ? { key: 'threads', says: plural(block.threads, 'thread'), has: plural(wanted, 'thread') }
          : block.cores !== null && block.cores !== cores
            ? { key: 'cores', says: plural(block.cores, 'core'), has: plural(cores, 'core') }
            : null;
      const outside = new Map(
        block.cpus === null || block.nodes === null
          ? []
          : cpus.flatMap((cpu) => {
              const node = machine.coreOf.get(cpu)?.node ?? null;
              return node === null || block.nodes?.includes(node) === true ? [] : [[cpu, node] as const];
            }),
      );
      if (!wrong && outside.size === 0) return [];
      if (!wrong) {
        const key = block.nodes?.length === 1 ? 'node' : 'nodes';
        const on = [...new Set(outside.values())].toSorted((a, b) => a - b);
        return [
          {
            severity: 'error',
            blocks: [block.name],
            nodes: on,
            path: ['blocks', index, key],
            sentence: `${block.name} is to be on ${nodeWords(block.nodes ?? [])}, and names ${formatCpus(formatCpuList(outside.keys()))} of ${nodeWords(on)}.`,
            reason: 'It runs on the CPUs that it names, whatever its node says.',
            remedy: `Correct ${key} or cpus, or leave ${key} out.`,
          },
        ];
      }
      const by = block.cpus === null ? `${plural(block.cores ?? 0, 'core')} of this machine` : 'the CPUs that it names';
      return [
        {
          severity: 'error',
          blocks: [block.name],
          nodes: [],
          path: ['blocks', index, wrong.key],
          sentence: `${block.name} is to have ${wrong.says}; ${by} are ${wrong.has}.`,
          reason: `A core here has ${plural(machine.smt, 'hardware thread')}.`,
          remedy: `Correct ${wrong.key}, or leave it out.`,
        },
      ];
    });
  },
};

export const guestTopology: PlanCheck = {
  id: 'guest-topology',
  title: 'A guest is told another vCPU topology than it has',
  look({ placement: { machine, blocks } }) {
    return blocks.flatMap(({ block, index, nodes, cpus, wanted }): Found[] => {
      const { guest } = block;
      if (block.kind !== 'vm' || guest === null) return [];
      const common = { blocks: [block.name], nodes, path: ['blocks', index, 'guest'] };
      const told = guest.sockets * guest.cores * guest.threads;
      if (told !== wanted) {
        return [
          {
            ...common,
            severity: 'error',
            sentence: `The guest of ${block.name} is told of ${plural(told, 'vCPU')}, and has ${wanted}.`,
            reason: `${plural(guest.sockets, 'socket')} × ${plural(guest.cores, 'core')} × ${plural(guest.threads, 'thread')}. libvirt refuses a topology that is not the number of vCPUs.`,
            remedy: `Tell it what makes ${wanted}: sockets × cores × threads.`,
          },
        ];
      }
      const whole =
        cpus.length > 0 && cpus.every((cpu) => machine.coreOf.get(cpu)?.cpus.every((one) => cpus.includes(one)));
      const smt = machine.coreOf.get(cpus[0] ?? -1)?.cpus.length ?? machine.smt;
      // No guest can be told of cores with one thread and cores with two.
      const alike = cpus.every((cpu) => machine.coreOf.get(cpu)?.cpus.length === smt);
      const sockets = wanted % (smt * guest.sockets) === 0 ? guest.sockets : 1;
      if (whole && alike && guest.threads !== smt) {
        return [
          {
            ...common,
            severity: 'warning',
            sentence: `The guest of ${block.name} is told of ${plural(guest.threads, 'thread')} a core, and its cores have ${smt}.`,
            reason:
              'Its scheduler then takes siblings for cores of their own (or the other way round) and puts two busy threads on one.',
            remedy: `Tell it: guest: { sockets: ${sockets}, cores: ${wanted / smt / sockets}, threads: ${smt}${guest.nodes > 1 ? `, nodes: ${guest.nodes}` : ''} }.`,
          },
        ];
      }
      // Of several nodes and one told: `straddles-nodes`.
      if (guest.nodes > 1 && nodes.length > 0 && guest.nodes !== nodes.length) {
        return [
          {
            ...common,
            severity: 'warning',
            sentence: `The guest of ${block.name} is told of ${plural(guest.nodes, 'node')}, and is on ${nodes.length}.`,
            reason: 'It keeps apart what is together: memory of one of its nodes counts as far, and is not.',
            remedy: `Tell it: guest: { …, nodes: ${nodes.length} }.`,
          },
        ];
      }
      return [];
    });
  },
};

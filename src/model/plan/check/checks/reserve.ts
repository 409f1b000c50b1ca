/** What is left for the host itself. */

import type { Found, PlanCheck } from '../../problem.ts';

export const noHostReserve: PlanCheck = {
  id: 'no-host-reserve',
  title: 'Nothing is left for the host',
  look({ plan, placement: { machine, blocks, reserved, aside, free } }) {
    const path = [plan.reserve.length > 0 ? 'reserve' : 'blocks'];
    const common = { blocks: [], nodes: [], path };
    // The host's own work runs where emulator threads do.
    const kept = [
      ...reserved.flatMap((one) => one.cpus),
      ...blocks.flatMap((one) => (one.block.kind === 'emulator' ? one.cpus : [])),
      ...aside,
    ];
    const found: Found[] = [];
    // Blocks that have no place yet will take what is free.
    const open = blocks.some(({ block }) => block.cpus === null && block.nodes === null);
    if (kept.length + free.length === 0 && machine.coreOf.size > 0 && !open) {
      found.push({
        ...common,
        severity: 'error',
        sentence: 'No CPU is left for the host.',
        reason: 'Its kernel, interrupts, SSH and the hypervisor\u2019s own threads then run on the blocks\u2019 CPUs.',
        remedy: 'Reserve a core a node (reserve: [{ node: 0, cores: 1 }]), or add a block of kind emulator.',
      });
    }
    const sizes = machine.topology.nodes.map(({ memoryBytes }) => memoryBytes);
    const all = sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    const taken = blocks.reduce((sum, { block }) => sum + (block.memoryBytes ?? 0), 0);
    if (all !== null && all > 0 && taken >= all) {
      found.push({
        ...common,
        severity: 'error',
        sentence: 'No memory is left for the host.',
        reason: 'Its kernel, page tables and the hypervisor need some too: what they take is missing to a block.',
        remedy: 'Give the blocks less, and reserve some (reserve: [{ node: 0, memory: 4GB }]).',
      });
    }
    const said = kept.length > 0 || plan.reserve.some(({ cores, memoryBytes }) => cores > 0 || memoryBytes > 0);
    if (found.length === 0 && blocks.length > 0 && !said) {
      found.push({
        ...common,
        severity: 'warning',
        sentence: 'The plan reserves nothing for the host.',
        reason: 'What is free today goes to the next block that is added.',
        remedy:
          'Say what stays: reserve: [{ node: 0, cores: 1, memory: 4GB }]; a block of kind emulator keeps cores, too.',
      });
    }
    return found;
  },
};

/** Keys that mean something for blocks of another kind only. */

import { listed } from '../../../text/format.ts';
import type { Found, PlanCheck } from '../../problem.ts';

const OF_VMS = ['guest', 'emulatorCpus', 'iothreads', 'iothreadCpus'] as const;

export const ignoredKey: PlanCheck = {
  id: 'ignored-key',
  title: 'A block has a key that means nothing for its kind',
  look({ plan }) {
    const kindOf = new Map(plan.blocks.map(({ name, kind }) => [name, kind]));
    return plan.blocks.flatMap((block, index): Found[] => {
      const common = { severity: 'warning' as const, blocks: [block.name], nodes: [] };
      const keys = block.kind === 'vm' ? [] : OF_VMS.filter((key) => block[key] !== null);
      const served = block.serves.filter((name) => kindOf.get(name) !== 'vm');
      const found: Found[] = keys.map((key) => ({
        ...common,
        path: ['blocks', index, key],
        sentence: `${block.name} is of kind ${block.kind}, and has ${key}.`,
        reason: `${key} is of VMs, whose hypervisor has threads beside the vCPUs: it is ignored here.`,
        remedy: `Leave ${key} out, or make it kind: vm.`,
      }));
      if (block.serves.length === 0) return found;
      if (block.kind !== 'emulator')
        found.push({
          ...common,
          path: ['blocks', index, 'serves'],
          sentence: `${block.name} is of kind ${block.kind}, and has serves.`,
          reason: 'Only cores of kind emulator serve VMs: nothing of them runs here.',
          remedy: 'Leave serves out, or make it kind: emulator.',
        });
      else if (served.length > 0)
        found.push({
          ...common,
          blocks: [block.name, ...new Set(served)],
          path: ['blocks', index, 'serves'],
          sentence: `${block.name} serves ${listed([...new Set(served)])}, which ${new Set(served).size === 1 ? 'is no VM' : 'are no VMs'}.`,
          reason: 'Emulator and I/O threads are those of VMs: others have none that could run here.',
          remedy: 'Take them out of serves.',
        });
      return found;
    });
  },
};

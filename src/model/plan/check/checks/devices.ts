/** Devices that blocks need: whether they are there, and near. */

import { listed, nodeWords } from '../../../text/format.ts';
import type { Found, PlanCheck } from '../../problem.ts';

export const farDevice: PlanCheck = {
  id: 'far-device',
  title: 'A device is on another node than the block that needs it',
  look({ placement: { machine, blocks } }) {
    const { devices } = machine.topology;
    return blocks.flatMap(({ block, index, nodes }) =>
      block.devices.flatMap(({ name, node }, at): Found[] => {
        const known = devices.find((device) => device.name === name || device.address === name);
        const where = node ?? known?.node ?? null;
        const common = { blocks: [block.name], path: ['blocks', index, 'devices', at] };
        if (!known && node === null) {
          const others =
            devices.length === 0 ? 'no devices' : listed(devices.slice(0, 10).map((device) => device.name));
          return [
            {
              ...common,
              severity: 'warning',
              nodes: [],
              sentence: `${block.name} needs ${name}, and the machine shows ${others}.`,
              reason: 'Whether it is near cannot be told.',
              remedy: `Correct the name, or say where it is: { name: ${name}, node: 0 }.`,
            },
          ];
        }
        if (where === null || nodes.length === 0 || nodes.includes(where)) return [];
        return [
          {
            ...common,
            severity: 'warning',
            nodes: [where],
            sentence: `${block.name} runs on ${nodeWords(nodes)} and needs ${name}, which is on node ${where}.`,
            reason: 'Its interrupts and all that it reads and writes cross.',
            remedy: `Move ${block.name} to node ${where}, or give it a device of ${nodeWords(nodes)}.`,
          },
        ];
      }),
    );
  },
};

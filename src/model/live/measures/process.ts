import { isUnavailable } from '../../run/run.ts';
import { formatBytes } from '../../text/format.ts';
import { PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

export const process: Measure = {
  key: 'process',
  name: 'Process',
  group: 'Memory',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'process',
  meaning: 'Share of the process’s resident memory that is on this node.',
  permission: 'Requires permission to trace the process.',
  missing: 'No process to show: choose a running one above the board.',
  value: ({ processes: [chosen] }, id) => {
    if (!chosen || isUnavailable(chosen.residentBytes)) return null;
    const all = Object.values(chosen.residentBytes).reduce((sum, one) => sum + one, 0);
    return all === 0 ? null : ((chosen.residentBytes[id] ?? 0) / all) * 100;
  },
  sentence: (_, { processes: [chosen] }) => {
    if (!chosen) return process.missing;
    const { residentBytes: bytes, name, pid } = chosen;
    const who = `${name} (${pid})`;
    if (isUnavailable(bytes)) return `Where ${who} has its memory is unavailable: ${bytes.unavailable}`;
    const shares = Object.entries(bytes).filter(([, share]) => share > 0);
    if (shares.length === 0) return `${who} has no memory resident.`;
    const parts = shares.map(([node, share]) => `${formatBytes(share)} on node ${node}`);
    return `${who} has ${parts.join(', ')}.`;
  },
};

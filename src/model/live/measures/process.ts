import { isUnavailable } from '../../run/run.ts';
import type { Reading } from '../../run/run.ts';
import { formatBytes } from '../../text/format.ts';
import type { Sample } from '../sample.ts';
import { parseSelection, selectionWords } from '../selection.ts';
import { missingWords, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

interface Chosen {
  readonly who: string;
  readonly bytes: Reading<Readonly<Record<string, number>>>;
}

/** What is followed, all its processes together; without an agent the one process that is. */
function chosenOf({ groups: [group] = [], processes }: Sample): Chosen | null {
  const [first] = processes;
  if (!first) return null;
  const selection = group && parseSelection(group.selection);
  if (!group || !selection) return { who: `${first.name} (${first.pid})`, bytes: first.residentBytes };
  const own = processes.find(({ pid }) => selection.kind === 'pid' && String(pid) === selection.value);
  return {
    who: own ? `${own.name} (${own.pid})` : selectionWords(selection),
    bytes: isUnavailable(group.pages) ? group.pages : group.pages.nodes,
  };
}

export const process: Measure = {
  key: 'process',
  name: 'Process',
  group: 'Memory',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'process',
  meaning: 'Share of the resident memory of what is followed that is on this node.',
  permission: 'Requires permission to trace the process.',
  missing: 'No process to show: choose a running one above the board.',
  value: (sample, id) => {
    const bytes = chosenOf(sample)?.bytes;
    if (!bytes || isUnavailable(bytes)) return null;
    const all = Object.values(bytes).reduce((sum, one) => sum + one, 0);
    return all === 0 ? null : ((bytes[id] ?? 0) / all) * 100;
  },
  sentence: (_, sample) => {
    const chosen = chosenOf(sample);
    if (!chosen) return missingWords(process, sample);
    const { who, bytes } = chosen;
    if (isUnavailable(bytes)) return `Where ${who} has its memory is unavailable: ${bytes.unavailable}`;
    const shares = Object.entries(bytes).filter(([, share]) => share > 0);
    if (shares.length === 0) return `${who} has no memory resident.`;
    const parts = shares.map(([node, share]) => `${formatBytes(share)} on node ${node}`);
    return `${who} has ${parts.join(', ')}.`;
  },
};

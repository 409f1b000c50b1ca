import { isUnavailable } from '../../run/run.ts';
import { eventWords, found, missingWords, most, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';
import { changesOf } from './tables.ts';

/** Fewer than this say nothing about where loads go. */
const FEW = 100;

export const loads: Measure = {
  key: 'loads',
  name: 'Remote loads',
  group: 'Remote loads',
  unit: '%',
  limits: PERCENT,
  paints: 'node',
  about: 'machine',
  meaning:
    'Of the loads of this node\u2019s CPUs that memory had to answer, the share that another node\u2019s memory answered (perf: node-load-misses of node-loads; AMD: fills from memory). No figure below 100 loads a second.',
  permission:
    'Needs kernel.perf_event_paranoid 0 or less, or the capability PERFMON; a virtual machine needs a virtual PMU.',
  missing: 'Loads are counted by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'loads', id),
  words: (value) => rounded(value, '%'),
  beside: (sample) =>
    sample.nodes.flatMap(({ id }) => {
      const [all, far] = [found(sample, 'loads', `all ${id}`), found(sample, 'loads', `remote ${id}`)];
      return all === null || far === null
        ? []
        : [[`node ${id}`, `${eventWords(all, 'loads')}, ${eventWords(far, 'loads')} of them remote`] as const];
    }),
  sentence: (topology, sample) => {
    if (topology.nodes.length === 1) return 'Only one node: no load goes elsewhere.';
    const top = most(sample, ({ id }) => found(sample, 'loads', id));
    if (!top) return sample.figures?.['loads'] ? 'Memory had to answer hardly any load.' : missingWords(loads, sample);
    return `Other nodes\u2019 memory answers ${rounded(top.value, '%')} of the loads that leave the caches of node ${top.id}.`;
  },
  source: {
    files: [],
    readers: ['loads'],
    figures: (...readings) => {
      const changes = changesOf('loads', ...readings);
      if (changes === null || isUnavailable(changes)) return changes ?? {};
      const far = changes.rate('remote');
      return Object.fromEntries(
        [...changes.rate('all')].flatMap(([id, all]): [string, number][] => {
          const own = far.get(id);
          if (own === undefined) return [];
          const counted: [string, number][] = [
            [`all ${id}`, all],
            [`remote ${id}`, own],
          ];
          return all < FEW ? counted : [[String(id), Math.min(1, own / all) * 100], ...counted];
        }),
      );
    },
  },
};

/**
 * What the hardware counts between L3 and memory (resctrl, Documentation/filesystems/resctrl.rst): bytes, of loads and stores of the
 * CPUs, whichever program. Devices' own accesses (DMA) are not in it.
 */

import { formatBytes, formatMetric } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Reading } from '../../run/run.ts';
import type { RawReading } from '../reading.ts';
import type { Sample } from '../sample.ts';
import { found, missingWords, most } from './measure.ts';
import type { Measure } from './measure.ts';
import { cells, changesOf } from './tables.ts';
import type { Changes } from './tables.ts';

type Figures = Readonly<Record<string, number>>;

const MB = 1024 ** 2;
const GB = 1e9;

const RIGHT = 'Needs resctrl, which root mounts: mount -t resctrl resctrl /sys/fs/resctrl';

/** Why bytes that this CPU may well count are not there; null: it does not count them. */
function uncounted({ now }: Changes): string | null {
  const counts = (row: string): boolean => [...(now.get(row)?.values() ?? [])].some((domains) => domains > 0);
  if (counts('unassigned'))
    return 'resctrl shares few counters between groups here (mbm_event), and the group of all tasks has none: root can assign one in info/L3_MON or with mbm_L3_assignments.';
  return counts('unavailable')
    ? 'The counters of memory bandwidth say "Unavailable" now; they may count again later.'
    : null;
}

function read(
  readings: readonly [RawReading, RawReading, number],
  of: (changes: Changes) => Reading<Figures>,
): Reading<Figures> {
  const changes = changesOf('resctrl', ...readings);
  return changes === null || isUnavailable(changes) ? (changes ?? {}) : of(changes);
}

const has = ({ now }: Changes, row: string): boolean => (now.get(row)?.size ?? 0) > 0;

export const cache: Measure = {
  key: 'l3',
  name: 'L3 used',
  group: 'CPU',
  unit: 'MB',
  limits: [1, 4, 16, 32, 64, 128],
  paints: 'node',
  about: 'machine',
  meaning: 'How much of the L3s of this node holds data (resctrl llc_occupancy), of all tasks together.',
  permission: RIGHT,
  missing: 'The L3 is read by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'l3', id),
  words: (value) => formatBytes(Math.round(value * MB)),
  sentence: (_, sample) => {
    const top = most(sample, ({ id }) => found(sample, 'l3', id));
    if (!top) return missingWords(cache, sample);
    return `The L3s of node ${top.id} hold ${formatBytes(Math.round(top.value * MB))}${sample.nodes.length === 1 ? '' : ', the most of all nodes'}.`;
  },
  source: {
    files: [],
    readers: ['resctrl'],
    figures: (...readings) =>
      read(readings, (changes) =>
        has(changes, 'llc_occupancy')
          ? cells(changes.now.get('llc_occupancy') ?? new Map<number, number>(), 1 / MB)
          : { unavailable: 'This CPU does not tell how much of its L3 is used (no llc_occupancy in resctrl).' },
      ),
  },
};

const rateWords = (value: number): string => formatMetric(value * GB, 'B/s');

export const bandwidth: Measure = {
  key: 'bandwidth',
  name: 'Memory traffic',
  group: 'Traffic',
  unit: 'GB/s',
  limits: [0.5, 2, 10, 30, 80, 200],
  paints: 'node',
  about: 'machine',
  meaning:
    'Bytes between the L3s of this node\u2019s CPUs and memory of any node (resctrl mbm_total_bytes). Accesses of devices (DMA) are not in it.',
  permission: RIGHT,
  missing: 'Memory traffic is read by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'bandwidth', id),
  words: rateWords,
  sentence: (_, sample) => {
    const top = most(sample, ({ id }) => found(sample, 'bandwidth', id));
    if (!top) return missingWords(bandwidth, sample);
    return `The CPUs of node ${top.id} exchange ${rateWords(top.value)} with memory${sample.nodes.length === 1 ? '' : ', the most of all nodes'}.`;
  },
  source: {
    files: [],
    readers: ['resctrl'],
    figures: (...readings) =>
      read(readings, (changes) => {
        if (has(changes, 'mbm_total_bytes')) return cells(changes.rate('mbm_total_bytes'), 1 / GB);
        return {
          unavailable:
            uncounted(changes) ?? 'This CPU does not count its memory bandwidth (no mbm_total_bytes in resctrl).',
        };
      }),
  },
};

/** Of what is not local it is not known to which node it goes. */
function remoteOf(changes: Changes): Reading<Figures> {
  if (!has(changes, 'mbm_local_bytes')) {
    const total = has(changes, 'mbm_total_bytes');
    const without =
      'This CPU counts all of its memory traffic, but not which of it is local (Arm\u2019s MPAM has no such counter).';
    return {
      unavailable: total
        ? without
        : (uncounted(changes) ?? 'This CPU does not count its memory bandwidth (no mbm_total_bytes in resctrl).'),
    };
  }
  const local = changes.rate('mbm_local_bytes');
  const remote = [...changes.rate('mbm_total_bytes')].flatMap(([id, total]) => {
    const own = local.get(id);
    return own === undefined ? [] : [[id, Math.max(0, total - own)] as const];
  });
  return cells(new Map(remote), 1 / GB);
}

export const remoteBandwidth: Measure = {
  key: 'remote-bandwidth',
  name: 'Remote traffic',
  group: 'Traffic',
  unit: 'GB/s',
  limits: [0.1, 0.5, 2, 10, 30, 80],
  paints: 'node',
  about: 'machine',
  meaning:
    'Bytes between this node\u2019s CPUs and the memory of other nodes: mbm_total_bytes less mbm_local_bytes of resctrl. Accesses of devices (DMA) are not in it.',
  permission: RIGHT,
  missing: 'Memory traffic is read by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'remote-bandwidth', id),
  words: rateWords,
  sentence: (topology, sample) => {
    if (topology.nodes.length === 1) return 'Only one node: no memory is remote.';
    const top = most(sample, ({ id }) => found(sample, 'remote-bandwidth', id));
    if (!top) return missingWords(remoteBandwidth, sample);
    return `The CPUs of node ${top.id} exchange ${rateWords(top.value)} with memory of other nodes${shareWords(sample, top.id)}.`;
  },
  source: { files: [], readers: ['resctrl'], figures: (...readings) => read(readings, remoteOf) },
};

function shareWords(sample: Sample, id: number): string {
  const [all, far] = [found(sample, 'bandwidth', id), found(sample, 'remote-bandwidth', id)];
  return all === null || far === null || all === 0
    ? ''
    : `, ${Math.round(Math.min(1, far / all) * 100)} % of all of theirs`;
}

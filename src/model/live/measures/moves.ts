/** Pages that the kernel moves, and the faults by which it learns who uses them: of the whole machine, and between tiers by node. */

import type { Sample } from '../sample.ts';
import { eventWords, found, missingWords, most, rounded } from './measure.ts';
import type { Measure } from './measure.ts';
import { byNode, rateIn } from './text.ts';

const VMSTAT = 'proc/vmstat';
const BALANCING = 'proc/sys/kernel/numa_balancing';
const LIMITS = [10, 100, 1000, 5000, 20_000, 50_000] as const;

/** A rate by name, as words; nothing where it is not counted. */
function part(sample: Sample, key: string, name: string, words: string, thing: string): (readonly [string, string])[] {
  const value = found(sample, key, name);
  return value === null ? [] : [[words, eventWords(value, thing)]];
}

export const migrations: Measure = {
  key: 'migrations',
  name: 'Page migrations',
  group: 'Pages on the move',
  unit: 'pages/s',
  limits: LIMITS,
  paints: 'machine',
  about: 'machine',
  meaning:
    'Pages that the kernel copied to another place, on another node or, to make large free blocks, on the same one (/proc/vmstat pgmigrate_success). Known of the whole machine only.',
  permission: null,
  missing: 'This kernel does not count migrations of pages (it is built without CONFIG_MIGRATION).',
  value: (sample) => found(sample, 'migrations', 'moved'),
  words: (value) => eventWords(value, 'pages'),
  beside: (sample) => [
    ...part(sample, 'migrations', 'failed', 'tried and not moved', 'pages'),
    ...part(sample, 'migrations', 'balanced', 'moved to another node by NUMA balancing', 'pages'),
  ],
  sentence: (_, sample) => {
    const moved = migrations.value(sample, 0);
    if (moved === null) return missingWords(migrations, sample);
    if (moved < 1) return 'The kernel is moving no pages.';
    const balanced = found(sample, 'migrations', 'balanced') ?? 0;
    const by = balanced >= 1 ? `, ${eventWords(balanced, 'pages')} of them to another node to balance` : '';
    return `The kernel moves ${eventWords(moved, 'pages')}${by}.`;
  },
  source: {
    files: [[`/${VMSTAT}`]],
    figures: (...readings) => {
      const rate = rateIn(VMSTAT, ...readings);
      return known({
        moved: rate('pgmigrate_success'),
        failed: rate('pgmigrate_fail'),
        balanced: rate('numa_pages_migrated'),
      });
    },
  },
};

export const balancing: Measure = {
  key: 'balancing',
  name: 'NUMA faults',
  group: 'Pages on the move',
  unit: 'faults/s',
  limits: LIMITS,
  paints: 'machine',
  about: 'machine',
  meaning:
    'Faults that NUMA balancing causes to see which node uses a page (/proc/vmstat numa_hint_faults); local: the page lay on the node of the CPU that faulted. A sample of the accesses, known of the whole machine only.',
  permission: null,
  missing: 'This kernel has no NUMA balancing (it is built without CONFIG_NUMA_BALANCING).',
  value: (sample) => found(sample, 'balancing', 'faults'),
  words: (value) => eventWords(value, 'faults'),
  beside: (sample) => [
    ...part(sample, 'balancing', 'local', 'of them local', 'faults'),
    ...part(sample, 'balancing', 'updates', 'pages marked to fault', 'pages'),
    ...part(sample, 'balancing', 'moved', 'moved to the node that faulted', 'pages'),
  ],
  sentence: (_, sample) => {
    const [faults, local] = [balancing.value(sample, 0), found(sample, 'balancing', 'local')];
    if (faults === null) return missingWords(balancing, sample);
    if (faults < 1) return 'NUMA balancing caused no faults in the last interval.';
    const share =
      local === null ? '' : `, ${rounded(Math.min(1, local / faults) * 100, '%')} of them on the page\u2019s own node`;
    return `NUMA balancing causes ${eventWords(faults, 'faults')}${share}.`;
  },
  source: {
    files: [[`/${VMSTAT}`], [`/${BALANCING}`]],
    figures: (before, after, seconds) => {
      if (after.files.get(BALANCING)?.trim() === '0')
        return {
          unavailable:
            'NUMA balancing is switched off (kernel.numa_balancing is 0), so that no such faults are caused.',
        };
      const rate = rateIn(VMSTAT, before, after, seconds);
      return known({
        ...{ faults: rate('numa_hint_faults'), local: rate('numa_hint_faults_local') },
        ...{ updates: rate('numa_pte_updates'), moved: rate('numa_pages_migrated') },
      });
    },
  },
};

/** Moves between fast and slow memory, which kernels since 5.18 (up) and 6.8 (down) count by node. */
function tier(
  key: string,
  name: string,
  counters: readonly string[],
  meaning: string,
  words: [none: string, verb: string, from: string],
): Measure {
  const [none, verb, from] = words;
  const measure: Measure = {
    key,
    name,
    group: 'Pages on the move',
    unit: 'pages/s',
    limits: LIMITS,
    paints: 'node',
    about: 'machine',
    meaning,
    permission: null,
    missing: 'This kernel does not count by node how pages move between tiers of memory.',
    value: (sample, id) => found(sample, key, id),
    words: (value) => eventWords(value, 'pages'),
    sentence: (_, sample) => {
      const top = most(sample, ({ id }) => found(sample, key, id));
      if (!top) return missingWords(measure, sample);
      if (top.value < 1) return none;
      return `Node ${top.id} ${verb} ${eventWords(top.value, 'pages')} ${from}.`;
    },
    source: {
      files: [['/sys/devices/system/node/node[0-9]*/vmstat']],
      lines: counters,
      figures: (before, after, seconds) =>
        byNode(after, 'vmstat', (path) => {
          const rate = rateIn(path, before, after, seconds);
          const all = counters.map(rate).filter((one) => one !== null);
          return all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0);
        }),
    },
  };
  return measure;
}

export const promoted = tier(
  'promoted',
  'Promotions',
  ['pgpromote_success'],
  'Pages moved to this node from slower memory because they are used much (pgpromote_success of the node).',
  ['No page is moved up from slower memory.', 'receives', 'from slower memory'],
);
export const demoted = tier(
  'demoted',
  'Demotions',
  ['pgdemote_kswapd', 'pgdemote_direct', 'pgdemote_khugepaged', 'pgdemote_proactive'],
  'Pages moved from this node to slower memory to make room (pgdemote_* of the node).',
  ['No page is moved down to slower memory.', 'gives', 'to slower memory'],
);

const known = (all: Readonly<Record<string, number | null>>): Record<string, number> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

/** What `watch` shows of a host in a terminal: the head, what follows from the sample in words, nodes or CPUs, processes, and the keys. */

import { signLines } from '../../bench/separation/sign-lines.ts';
import { capital, formatDuration, plural } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { MEASURES } from '../measures/measures.ts';
import type { ProcessList } from '../processes.ts';
import type { Sample } from '../sample.ts';
import { cut, span } from './lines.ts';
import type { Line } from './lines.ts';
import { cpuLines, nodeLines } from './nodes.ts';
import { followed, listed, processLines } from './processes.ts';
import type { Sort } from './processes.ts';

export interface WatchState {
  readonly host: string;
  readonly topology: Topology;
  readonly intervalMs: number;
  /** Null until there is one. */
  readonly sample: Sample | null;
  readonly before: Sample | null;
  /** Of the whole host, where nothing was selected; words: why there is none; null: not looked yet. */
  readonly processes: ProcessList | string | null;
  /** Whether processes were selected. */
  readonly selected: boolean;
  readonly sort: Sort;
  readonly cpus: boolean;
  readonly paused: boolean;
  /** What the doctor says, its verdict first, then a line a finding; while it looks, what at; null: it was not asked. */
  readonly checkup: readonly string[] | null;
  /** Words about the recording that is being written; null: none is. */
  readonly recording: string | null;
}

/** What the keys do; those of `top`. */
const KEYS: readonly (readonly [key: string, does: string, short: string])[] = [
  ['q', 'quit', 'quit'],
  ['h', 'these keys (also ?)', 'help'],
  ['P', 'sort processes by CPU', 'by CPU'],
  ['M', 'sort processes by memory', 'by memory'],
  ['1', 'CPUs, or nodes again', 'CPUs'],
  ['p', 'pause, or go on; what is recorded goes on', 'pause'],
  ['D', 'what the doctor finds of it, or away with that', 'findings'],
  ['d', 'another interval (also s)', 'interval'],
];

const MOST_SENTENCES = 3;
const MOST_FINDINGS = 6;

function head(state: WatchState): Line {
  const { host, topology, sample, intervalMs, paused, recording } = state;
  const parts = [
    host,
    `${plural(topology.nodes.length, 'node')}, ${plural(topology.cpus.filter(({ online }) => online).length, 'CPU')}`,
    sample ? new Date(sample.time).toISOString().slice(11, 19) + ' UTC' : 'waiting for the first sample',
    `every ${formatDuration(intervalMs)}`,
    ...(topology.machine.emulated ? ['emulated'] : []),
    ...(recording === null ? [] : [recording]),
  ];
  return [...(paused ? [span('PAUSED  ', 'hot')] : []), span(parts.join(' · '), 'strong')];
}

/** Sentences of measures; those of nodes only where there are several. */
function sentences({ topology, sample, selected }: WatchState): string[] {
  if (!sample) return [];
  const told = MEASURES.filter(({ about, paints }) =>
    about === 'machine' ? paints === 'cpu' || topology.nodes.length > 1 : selected,
  ).map(({ sentence }) => sentence(topology, sample));
  // The names of devices are the kernel's: eth0 does not become Eth0.
  const names = new Set(sample.devices?.map(({ name }) => name));
  const begun = (words: string): string => (names.has(words.split(/[ ,]/, 1)[0] ?? '') ? words : capital(words));
  return [...new Set(told)].slice(0, MOST_SENTENCES).map(begun);
}

/** What was found stands where the sentences of measures stand otherwise. */
function checkupLines({ checkup }: WatchState): Line[] | null {
  if (!checkup) return null;
  const [verdict = '', ...found] = checkup;
  const more = found.length - MOST_FINDINGS;
  return [
    [span(verdict, 'strong')],
    ...found.slice(0, MOST_FINDINGS).map((words): Line => [span(words, 'warm')]),
    ...(more > 0 ? [[span(`… ${plural(more, 'more finding')}: numa-pinboard doctor`, 'faint')]] : []),
  ];
}

function processesOf(state: WatchState, width: number, most: number): Line[] {
  const { sample, before, processes, selected, sort } = state;
  if (!sample) return [];
  if (selected) {
    const found = processLines(followed(sample, before), sort, width, most);
    return found.length > 0 ? found : [[span('Nothing that runs was selected.', 'faint')]];
  }
  if (typeof processes === 'string') return [[span(cut(`Processes are unavailable: ${processes}`, width), 'faint')]];
  return processes ? processLines(listed(processes), sort, width, most) : [];
}

/** A sample as a block of lines, all of it: for what is no terminal. */
export function watchBlock(state: WatchState, width: number): Line[] {
  const { topology, sample } = state;
  const processes = processesOf(state, width, Infinity);
  return [
    head(state),
    ...sentences(state).map((words) => [span(words)]),
    ...(sample ? nodeLines(topology, sample, width) : []),
    ...processes,
    ...serviceBlock(state),
    [],
  ];
}

/** What the service tells of itself: the sentence, and the signs. */
function serviceBlock({ sample }: WatchState): Line[] {
  if (!sample?.service) return [];
  const { rows, sentence } = sample.service.decision;
  return [[], [span(sentence, 'strong')], ...signLines(rows).map((line) => [span(line)])];
}

/** At most `height` lines, the keys in the last one. @param asked what is being typed, in place of the keys; null: nothing is. */
export function watchScreen(state: WatchState, width: number, height: number, asked: string | null): Line[] {
  const { topology, sample, cpus } = state;
  const keys = KEYS.map(([key, , short]) => `${key} ${short}`).join(' · ');
  const foot: Line = asked === null ? [span(keys, 'faint')] : [span(asked, 'strong')];
  const top = [head(state), ...(checkupLines(state) ?? sentences(state).map((words) => [span(words)])), []];
  const all = sample ? (cpus ? cpuLines : nodeLines)(topology, sample, width) : [];
  const service = serviceBlock(state);
  const room = Math.max(1, height - top.length - service.length - 1);
  const nodes = all.length <= room ? all : [...all.slice(0, room - 1), tooMany(all.length - room + 1)];
  // A blank line, the head of the table, and how many more there are.
  const left = room - nodes.length - 3;
  const processes = left > 0 ? processesOf(state, width, left) : [];
  const body = [...top, ...nodes, ...service, ...(processes.length > 0 ? [[], ...processes] : [])];
  return page(body, foot, width, height);
}

export function helpScreen(width: number, height: number): Line[] {
  const lines: Line[] = [
    [span('Keys', 'strong')],
    [],
    ...KEYS.map(([key, does]) => [span(`${key}  `, 'strong'), span(does)]),
    [],
    [span('CPUS BUSY: share of the interval. REMOTE: share of the pages allocated on', 'faint')],
    [span('the node that went to CPUs elsewhere. OTHER, LOCAL, MISS: pages a second.', 'faint')],
  ];
  return page(lines, [span('Any key: back', 'faint')], width, height);
}

/** Exactly as many lines as there is room for, none longer than it. */
function page(body: readonly Line[], foot: Line, width: number, height: number): Line[] {
  const blank = Array.from({ length: Math.max(0, height - 1 - body.length) }, (): Line => []);
  return [...body.slice(0, height - 1), ...blank, foot].map((line) => cutLine(line, width));
}

const tooMany = (lines: number): Line => [
  span(`… ${plural(lines, 'more line')}: enlarge the window, or use --format json`, 'faint'),
];

function cutLine(line: Line, width: number): Line {
  let room = width;
  return line.flatMap((part) => {
    const text = cut(part.text, Math.max(0, room));
    room -= text.length;
    return text === '' ? [] : [{ ...part, text }];
  });
}

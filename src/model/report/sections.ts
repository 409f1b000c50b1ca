/** The tables of a run's page. Every cell that holds a host's or a file's text passes `markdownText`. */

import { formatBytes, formatFigure, formatMetric, formatNs, plural, scaleOf } from '../text/format.ts';
import { caseName } from '../gate/cases.ts';
import { penalties } from '../gate/penalty.ts';
import type { Penalty } from '../gate/penalty.ts';
import { COURSE_METHOD, severalWords, steps, stepSentences } from '../bench/program/course.ts';
import { SIGN_HEAD, signWords } from '../bench/separation/sign-words.ts';
import { decideService } from '../metrics/decide.ts';
import { readingNotes, readingWords } from '../metrics/lines.ts';
import { classWords, measuredWords } from '../bench/matrix/result.ts';
import { doubtOf, isUnavailable } from '../run/run.ts';
import type { EnvironmentValue, Reading, Result, Run } from '../run/run.ts';
import { observedOf } from '../bench/answers/index.ts';
import { benchOf } from '../bench/index.ts';
import { caseResults } from '../verdict/names.ts';
import { resultLabels, timesHeading } from '../verdict/text.ts';
import { coreWords, nodeWords, packageWords } from '../topology/counts.ts';
import { histogramPercentile, PERCENTILES } from '../run/statistics.ts';
import { groupWarnings } from '../topology/warnings.ts';
import { markdownText as text } from './escape.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

const labelsOf = (cases: readonly Result[]): string[] => resultLabels(cases).map(text);

/** Each figure of an emulated host says so itself: tables get quoted without what stands above them. */
const emulatedMark = (result: Result): string => (result.emulated ? ' (emulated)' : '');

function marks(result: Result): string {
  const words = [
    ...[doubtOf(result)].filter((word) => word !== null),
    ...(result.valid ? [] : [`not valid: ${text(result.why ?? 'the placement slipped')}`]),
  ];
  return emulatedMark(result) + (words.length === 0 ? '' : ` (${words.join(', ')})`);
}

function figureRow(label: string, result: Result): string[] {
  const { median, interval, metric } = result;
  if (median === null) return [label, `not measured${marks(result)}`, '', ''];
  const scale = scaleOf(metric, median);
  const unit = text(scale.unit) + emulatedMark(result);
  const figure = (value: number | null): string => (value === null ? 'none' : formatFigure(value / scale.factor));
  return [
    label,
    `**${figure(median)} ${text(scale.unit)}**${marks(result)}`,
    interval
      ? `${figure(interval[0])} … ${figure(interval[1])} ${unit}`
      : result.classes
        ? 'by class below'
        : 'too few repetitions',
    result.classes ? text(measuredWords(result)) : `${result.repetitions.map(figure).join(' · ')} ${unit}`,
  ];
}

export function figures(run: Run): string[] {
  const cases = caseResults(run.results);
  const labels = labelsOf(cases);
  const rows = cases.map((result, index) => figureRow(labels[index] ?? '', result));
  const notes = new Set(run.results.flatMap(({ placement }) => benchOf(placement).unitNote ?? []));
  return [
    ...table(['run', 'median', '95 % interval of the median', 'every repetition'], rows),
    ...[...notes].flatMap((note) => [note, '']),
  ];
}

/** The factor, if its interval and its figures carry one. */
function factorWords({ factor, interval, invalid, far, near }: Penalty): string {
  if (invalid !== null) return 'no answer';
  if (!interval) return 'not shown';
  const [low, high] = interval;
  if (low <= 1 && high >= 1) return 'not shown';
  return far.noisy || near.noisy ? 'too noisy' : `**${formatFigure(factor)} ×**${emulatedMark(far)}`;
}

/** What stays on a node against what crosses, pair by pair; empty where the run has no such pair. */
export function crossing(run: Run): string[] {
  const found = penalties(run);
  if (found.length === 0) return [];
  const figure = (result: Result): string => (result.median === null ? '' : formatMetric(result.median, result.metric));
  const rows = found.map((one) => {
    const { far, near, interval, invalid } = one;
    const mark = emulatedMark(far) + (invalid === null ? '' : ` (not valid: ${text(invalid)})`);
    const bounds = interval ? `${interval.map(formatFigure).join(' … ')} ×${mark}` : 'too few rounds';
    return [
      `${text(caseName(near))}: ${text(figure(near))}${emulatedMark(near)}`,
      `${text(caseName(far))}: ${text(figure(far))}${emulatedMark(far)}`,
      factorWords(one),
      bounds,
    ];
  });
  return [
    '## Same node against across nodes',
    '',
    ...table(['within a node', 'across nodes', 'crossing costs', '95 % interval'], rows),
    'For a rate, the factor is within ÷ across, for a time, across ÷ within, round by round.',
    '',
  ];
}

/** A program over time. @param pictures of it, where there are any. */
export function course({ results }: Run, pictures: readonly string[]): string[] {
  if (pictures.length === 0) return [];
  const lines = results.flatMap(({ course, emulated }) => (course ? stepSentences(course, emulated) : []));
  const several = results.flatMap((result) => (result.course ? (severalWords(steps(result.course)) ?? []) : []));
  return [
    '## While it ran',
    '',
    ...pictures,
    ...lines.map((words) => `1. ${text(words)}`),
    ...(lines.length > 0 ? ['', COURSE_METHOD, ''] : []),
    ...several.flatMap((words) => [text(words), '']),
  ];
}

/** What a program told of itself, held against the signs. */
export function service({ service: record, topology, thresholds: set }: Run): string[] {
  if (!record) return [];
  const { rows, sentence } = decideService(record, topology, set);
  const cells = rows.map((row) => {
    const { title, value, interval, thresholds, says } = signWords(row);
    return [title, value, interval, thresholds, says].map(text);
  });
  return [
    '## Its own metrics: separate by node, or not?',
    '',
    `**${text(sentence)}**`,
    '',
    ...table(SIGN_HEAD, cells),
    `Of ${text(readingWords(record))}.`,
    '',
    ...readingNotes(record).flatMap((note) => [`> **Note:** ${text(note)}.`, '']),
  ];
}

/** The classes of a matrix. @param pictures its heat map, where there is one. */
export function classes({ results }: Run, pictures: readonly string[]): string[] {
  return results.flatMap((result) => {
    if (!result.classes) return [];
    const rows = classWords(result).map((own) => [
      text(own.name),
      text(own.median),
      text(own.interval),
      text(own.pairs),
    ]);
    return [
      '## Classes of pairs',
      '',
      ...table(['class', 'median', '95 % interval', 'pairs measured'], rows),
      `${text(measuredWords(result))}.`,
      '',
      ...pictures,
    ];
  });
}

export function latencies(run: Run): string[] {
  const cases = caseResults(run.results);
  const labels = labelsOf(cases);
  const rows = cases.flatMap((result, index) => {
    const { histogram } = result;
    if (!histogram) return [];
    const at = PERCENTILES.map(([, share]) => histogramPercentile(histogram, share));
    const words = at.map((ns) => (ns === null ? 'unavailable' : formatNs(ns) + emulatedMark(result)));
    return [[labels[index] ?? '', ...words]];
  });
  if (rows.length === 0) return [];
  const lacking = rows.some((row) => row.includes('unavailable')) ? ['Unavailable: nothing was counted.', ''] : [];
  return [
    `## ${timesHeading(run.results)}`,
    '',
    ...table(['', ...PERCENTILES.map(([name]) => name)], rows),
    ...lacking,
  ];
}

export function placements(run: Run): string[] {
  const cases = caseResults(run.results);
  const labels = labelsOf(cases);
  const rows = cases.map((result, index) => {
    const { placement, seen } = result;
    // The label beside it says of what kind it is.
    const asked = Object.entries(placement)
      .filter(([key]) => key !== 'kind')
      .map(([key, of]) => `${key} ${typeof of === 'object' ? JSON.stringify(of) : String(of)}`);
    const held = [
      ...Object.entries(seen.cpus).map(([role, list]) => `${role} on cpu ${list}`),
      ...Object.entries(seen.nodes).map(([node, count]) => `${plural(count, 'page')} on node ${node}`),
      ...(seen.pageBytes === null ? [] : [`page size ${formatBytes(seen.pageBytes)}`]),
      ...(seen.migrations === null ? [] : [plural(seen.migrations, 'migration')]),
      ...observedOf(result),
    ];
    return [labels[index] ?? '', text(asked.join(', ')), text(held.join(', '))];
  });
  return ['## Placement', '', ...table(['run', 'requested', 'observed'], rows)];
}

function reading(of: Reading<EnvironmentValue> | undefined): string {
  if (of === undefined) return '';
  if (isUnavailable(of)) return `unavailable: ${text(of.unavailable)}`;
  return text(typeof of === 'number' ? of.toLocaleString('en-US') : String(of)) || 'none';
}

/** What was read. Why others could not be stands once under what held while measuring, however many counters and cases there are. */
export function counters(run: Run): string[] {
  const results = caseResults(run.results);
  const names = [...new Set(results.flatMap((result) => Object.keys(result.counters)))];
  const read = names.filter((name) => results.some(({ counters: own }) => name in own && !isUnavailable(own[name])));
  const cell = (value: Reading<number> | undefined): string => (isUnavailable(value) ? 'unavailable' : reading(value));
  const rows = read.map((name) => [text(name), ...results.map(({ counters: own }) => cell(own[name]))]);
  if (results.some((result) => result.polls !== null)) {
    const polls = (key: 'emptyPerItem' | 'fullPerItem'): string[] =>
      results.map((result) => (result.polls ? formatFigure(result.polls[key]) + emulatedMark(result) : ''));
    rows.push(['polls of an empty ring, per item', ...polls('emptyPerItem')]);
    rows.push(['polls of a full ring, per item', ...polls('fullPerItem')]);
  }
  return rows.length === 0 ? [] : ['## Counters', '', ...table(['counter', ...labelsOf(results)], rows)];
}

export function where(run: Run): string[] {
  const { topology, environment, host } = run;
  const { machine, nodes } = topology;
  const known = nodes.map((node) => node.memoryBytes).filter((bytes) => bytes !== null);
  const memory =
    known.length === nodes.length && nodes.length > 0 ? formatBytes(known.reduce((a, b) => a + b, 0)) : null;
  const shape = [
    packageWords(topology),
    coreWords(topology),
    plural(topology.cpus.length, 'CPU'),
    nodeWords(topology),
    memory ?? 'memory unavailable: the host does not say',
  ].join(', ');
  const rows = [
    ['Host', `${text(host.name)} (${host.transport === 'ssh' ? 'over SSH' : 'this machine'})`],
    ['Shape', shape],
    ['Architecture', text(machine.architecture)],
    ['Hypervisor', `${text(machine.hypervisor ?? 'none')}${machine.emulated ? ', emulated' : ''}`],
    ...Object.entries(environment).map(([name, of]) => [text(name), reading(of)]),
  ];
  return ['## Where', '', ...table(['', ''], rows)];
}

/** What the reading of the machine had to say: figures rest on what was left out, too. */
export function warnings({ topology }: Run): string[] {
  const groups = groupWarnings(topology.warnings);
  if (groups.length === 0) return [];
  const bullets = groups.flatMap(({ words, alike }) => [
    `- ${text(words)}`,
    ...alike.map((more) => `  - ${text(more)}`),
  ]);
  return ['## Warnings about this machine', '', ...bullets, ''];
}

/**
 * What a guided run found, a sentence a comparison, each with the figures behind it. Worked out anew from the results wherever it
 * is shown, so that a file and its sentences cannot disagree. No sentence claims more than its interval carries.
 */

import { formatBound, formatChange, formatFigure, formatMetric, plural } from '../../text/format.ts';
import { nodeOf } from '../../topology/relation.ts';
import { figuresOf } from '../../run/run.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { capital } from '../../verdict/verdict.ts';
import { DEFAULT_WORKLOAD } from '../../cases/spsc.ts';
import { absent, oneNode } from './absent.ts';
import { compareTaken, measuredPairs, notPinned, roundsNeeded } from './compare.ts';
import type { Evidence, MeasuredPair, Taken } from './compare.ts';
import { isFar, OTHER_PADDING, referenceOf } from './crossings.ts';

export type FindingTopic = 'throughput' | 'latency' | 'memory' | 'padding' | 'pinning' | 'channels' | 'rounds' | 'host';

export interface Finding {
  readonly id: string;
  readonly topic: FindingTopic;
  /** `noisy`: there may be a difference, and its figure cannot be told. */
  readonly kind: 'shown' | 'no-difference' | 'noisy' | 'cannot-be-answered';
  readonly sentence: string;
  /** What to do about it; null where nothing follows, as from any time of an emulated host. */
  readonly advice: string | null;
  readonly evidence: readonly Evidence[];
}

/** A comparison before it is made. */
interface Question {
  readonly id: string;
  readonly topic: FindingTopic;
  readonly of: Taken;
  readonly against: Taken;
  /** What changes, up to "throughput changes by …": "Across sockets". */
  readonly change: string;
  /** What it is held against, behind "against". */
  readonly base: string;
  /** What to do where the first is better, and where the second is; null: nothing. */
  readonly better: string | null;
  readonly worse: string | null;
}

const isTime = ({ result }: Taken): boolean => result.metric === 'ns';

/** "the producer’s node", or what is nearest to a CPU whose own node gives no memory. */
function nodeOfEnd(topology: Topology, end: 'producer' | 'consumer', cpu: number, node: string): string {
  const own = String(nodeOf(topology, cpu)?.id ?? '') === node;
  return own ? `the ${end}’s node` : `the node nearest to the ${end}`;
}

function pairQuestions(topology: Topology, pair: MeasuredPair, near: MeasuredPair | null): Question[] {
  const { crossing, take } = pair;
  const { name } = crossing;
  const questions: Question[] = [];
  const add = (of: Taken | null, against: Taken | null, rest: Omit<Question, 'of' | 'against'>): void => {
    if (of && against) questions.push({ of, against, ...rest });
  };
  for (const latency of [false, true]) {
    const plain = take('plain', latency);
    const what = latency ? 'latency' : 'throughput';
    if (near && near !== pair) {
      add(plain, near.take('plain', latency), {
        ...{ id: `${what}: ${name}`, topic: what, change: capital(name), base: near.crossing.name },
        ...{ better: null, worse: null },
      });
    }
    const away = take('away', latency);
    if (away && plain) {
      const [there, here] = [String(away.spsc.memory), String(plain.spsc.memory)];
      const home = nodeOfEnd(topology, 'producer', crossing.producer, here);
      const other = nodeOfEnd(topology, 'consumer', crossing.consumer, there);
      add(away, plain, {
        ...{ id: `memory, ${what}: ${name}`, topic: 'memory', base: `node ${here}, ${home.replace(/’s node$/, '’s')}` },
        change: `${capital(name)}, with the ring on ${other} ${there},`,
        better: `For ${what}, let the ring lie on ${other} (here ${there}).`,
        worse: `For ${what}, let the ring lie on ${home} (here ${here}).`,
      });
    }
  }
  const wide = DEFAULT_WORKLOAD.padding;
  add(take('plain', false), take('padding', false), {
    ...{ id: `padding: ${name}`, topic: 'padding', base: `${OTHER_PADDING} bytes` },
    change: `${capital(name)}, with ${wide} bytes between the ring’s indices,`,
    better: `Keep ${wide} bytes between the indices.`,
    worse: `${OTHER_PADDING} bytes between the indices are better here than ${wide}.`,
  });
  return questions;
}

function pinningQuestions(near: MeasuredPair, results: readonly Result[]): Question[] {
  return [false, true].flatMap((latency): Question[] => {
    const [pinned, free] = [near.take('plain', latency), notPinned(results, latency)];
    if (!pinned || !free) return [];
    const what = latency ? 'latency' : 'throughput';
    return [
      {
        ...{ id: `pinning, ${what}`, topic: 'pinning', of: pinned, against: free },
        ...{ change: `Pinned ${near.crossing.name},`, base: 'not pinned' },
        ...{
          better: 'Pin both threads near each other.',
          worse: `For ${what}, do not pin: the scheduler does better.`,
        },
      },
    ];
  });
}

const bounds = ({ interval: [low, high] }: Evidence): string => `${formatBound(low)} to ${formatBound(high)}`;

/** "… throughput changes by −58 % (−60.1 % to −55.3 %): 21.5 M items/s against 51.2 M items/s within the L3" */
function shownWords({ of, against, change, base }: Question, evidence: Evidence): string {
  const figure = ({ result }: Taken): string => formatMetric(result.median ?? NaN, result.metric);
  const [low, high] = evidence.interval;
  const changed = isTime(of)
    ? `a round trip takes ${formatFigure(1 + evidence.change)} × as long (${formatFigure(1 + low)} × to ${formatFigure(1 + high)} ×)`
    : `throughput changes by ${formatChange(evidence.change)} (${bounds(evidence)})`;
  return `${change} ${changed}: ${figure(of)}, against ${figure(against)} ${base}`;
}

function answer(question: Question, comparisons: number): Finding {
  const { id, topic, of, against, change, base, better, worse } = question;
  const finding = (kind: Finding['kind'], sentence: string, evidence: readonly Evidence[], advice: string | null) => {
    const emulated = of.result.emulated || against.result.emulated;
    const where = emulated ? ', on an emulated host' : '';
    return { id, topic, kind, sentence: `${sentence}${where}.`, evidence, advice: emulated ? null : advice };
  };
  const subject = `${change} ${isTime(of) ? 'the round trip' : 'throughput'}`;
  const slipped = [of, against].find(({ result }) => !result.valid);
  if (slipped) {
    const why = (slipped.result.why ?? 'the placement slipped').replace(/\.$/, '');
    return finding('cannot-be-answered', `${subject}, against ${base}: no answer, ${why}`, [], null);
  }
  const evidence = compareTaken(of, against, comparisons);
  if (!evidence) {
    const [had, needed] = [
      Math.min(...[of, against].map(({ result }) => figuresOf(result).length)),
      roundsNeeded(comparisons),
    ];
    const words = `${subject}, against ${base}: too few rounds, ${had} where ${comparisons} comparisons need ${needed}`;
    return finding('cannot-be-answered', words, [], null);
  }
  const noisy = of.result.noisy || against.result.noisy;
  if (!evidence.shown) {
    const loud = noisy ? '; the figures are noisy' : '';
    const words = `${subject}: no difference could be shown against ${base} (${bounds(evidence)}${loud})`;
    return finding(noisy ? 'noisy' : 'no-difference', words, [evidence], null);
  }
  if (noisy) {
    const words = `${subject} is too noisy for a figure: its change against ${base} lies between ${formatBound(evidence.interval[0])} and ${formatBound(evidence.interval[1])}`;
    return finding('noisy', words, [evidence], null);
  }
  const gain = evidence.change > 0 !== isTime(of);
  return finding('shown', shownWords(question, evidence), [evidence], gain ? better : worse);
}

/** A loss below this is nothing to build a program around. */
const WORTH = 0.1;

/** One channel a socket or one across: what follows from the throughput of the farthest pair. */
function channels(topology: Topology, far: MeasuredPair, near: MeasuredPair, across: Finding): Finding {
  const unit = topology.packages.length > 1 ? 'socket' : 'node';
  const [evidence] = across.evidence;
  const base = { id: 'channels', topic: 'channels', evidence: across.evidence } as const;
  const emulated = far.take('plain', false)?.result.emulated === true;
  const where = emulated ? ', on an emulated host' : '';
  if (across.kind !== 'shown' || !evidence) {
    const sentence = `That a channel for each ${unit} pays could not be shown${where}.`;
    return { ...base, kind: across.kind === 'shown' ? 'cannot-be-answered' : across.kind, sentence, advice: null };
  }
  const ratio = (change: number): string => `${formatFigure(1 / (1 + change))} ×`;
  const [low, high] = evidence.interval;
  const words = `A channel ${near.crossing.name} carries ${ratio(evidence.change)} (${ratio(high)} to ${ratio(low)}) what one ${far.crossing.name} does, each measured alone${where}.`;
  const advice =
    high < -WORTH
      ? `One channel for each ${unit}; let only what has to cross go across.`
      : `One channel for all ${unit}s costs little here.`;
  return { ...base, kind: 'shown', sentence: words, advice: emulated ? null : advice };
}

const TOPICS: readonly FindingTopic[] = [
  'rounds',
  'throughput',
  'latency',
  'memory',
  'padding',
  'pinning',
  'channels',
  'host',
];

/** One sentence in place of all, where none of them has rounds enough. */
function tooFew(questions: readonly Question[]): Finding | null {
  const needed = roundsNeeded(questions.length);
  const had = questions.map(({ of, against }) =>
    Math.min(figuresOf(of.result).length, figuresOf(against.result).length),
  );
  const most = Math.max(0, ...had);
  if (questions.length === 0 || most >= needed) return null;
  const sentence = `${plural(most, 'round')} carry no sentence: ${plural(questions.length, 'comparison')} need ${needed}. The figures stand without one.`;
  const advice = 'Give it longer, with --budget on the command line, or wait until the host is quieter.';
  return { ...{ id: 'rounds', topic: 'rounds', kind: 'cannot-be-answered' }, sentence, advice, evidence: [] };
}

/** In the order of their topics, near before far. */
export function guideFindings(topology: Topology, results: readonly Result[]): Finding[] {
  const pairs = measuredPairs(topology, results);
  const reference = referenceOf(
    topology,
    pairs.map(({ crossing }) => crossing),
  );
  const near = pairs.find(({ crossing }) => crossing === reference) ?? null;
  const first = near ?? pairs[0];
  const questions = [
    ...pairs.flatMap((pair) => pairQuestions(topology, pair, near)),
    ...(first ? pinningQuestions(first, results) : []),
  ];
  const found = questions.map((question) => answer(question, questions.length));
  const short = tooFew(questions);
  const far = pairs.findLast(({ crossing }) => isFar(crossing));
  const across = far && found.find(({ id }) => id === `throughput: ${far.crossing.name}`);
  if (short) found.splice(0, Infinity, short);
  else if (far && near && across) found.push(channels(topology, far, near, across));
  const alone = oneNode(topology);
  found.push(...(alone ? [alone] : []), ...absent(topology));
  return found.sort((one, two) => TOPICS.indexOf(one.topic) - TOPICS.indexOf(two.topic));
}

// What a guided run may say: a difference that was put in is found and dressed in its figures, one that was not is not, and what a
// host cannot answer is said.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FINDING_MAKERS, guideFindings } from '../../../../src/model/bench/guide/findings/findings.ts';
import { ask } from '../../../../src/model/bench/guide/findings/maker.ts';
import type { FindingMaker } from '../../../../src/model/bench/guide/findings/maker.ts';
import { findingLines } from '../../../../src/model/run/finding.ts';
import type { Finding } from '../../../../src/model/run/finding.ts';
import type { GuideCase } from '../../../../src/model/bench/guide/plan.ts';
import { runText } from '../../../../src/model/verdict/text.ts';
import type { Comparison, Run } from '../../../../src/model/run/run.ts';
import { parseRun } from '../../../../src/protocol/run.ts';
import { guidedRun } from './guided.ts';
import type { Made } from './guided.ts';
import { emulated, fourNodes, machine, oneNode, twoSockets } from '../../topologies.ts';

const findingsOf = ({ topology, results }: Run): Finding[] => guideFindings(topology, results);

function find(run: Run, id: string): Finding {
  const found = findingsOf(run).find((one) => one.id === id);
  return (
    found ??
    assert.fail(
      `no finding "${id}" among ${findingsOf(run)
        .map((one) => one.id)
        .join(', ')}`,
    )
  );
}

/** A host on which everything that can cost something does. */
function costly({ label, latency, spsc, away }: GuideCase): number {
  const far = label.startsWith('across sockets');
  let rate = far ? 21e6 : 50e6;
  if (spsc.padding === 64) rate /= 1.3;
  if (!spsc.pin) rate = 40e6;
  if (away) rate *= 1.2;
  if (!latency) return rate;
  return (far ? 840 : 350) * (spsc.pin ? 1 : 2) * (away ? 1.1 : 1);
}
const flat = ({ latency }: GuideCase): number => (latency ? 350 : 50e6);

test('what was put in is found, with its figures', () => {
  const run = guidedRun(twoSockets(), { figure: costly });
  const across = find(run, 'throughput: across sockets');
  assert.equal(across.kind, 'shown');
  const figures = String.raw`\(−\d\d(\.\d)? % to −\d\d(\.\d)? %\): 2[01](\.\d)? M items/s, against (49|50)(\.\d)? M items/s`;
  assert.match(across.sentence, new RegExp(`^Across sockets throughput changes by −58 % ${figures} within the L3\\.$`));
  const [evidence] = across.evidence;
  assert.ok(evidence && evidence.interval[0] <= -0.58 && evidence.interval[1] >= -0.58);
  assert.ok(evidence.of !== evidence.against);
  assert.deepEqual(run.comparison, evidence);
  assert.match(
    find(run, 'latency: across sockets').sentence,
    /^Across sockets a round trip takes 2\.\d+ × as long \(2\.\d+ × to 2\.\d+ ×\): 8\d\d ns, against 3\d\d ns within the L3\.$/,
  );
  assert.equal(find(run, 'padding: within the L3').advice, 'Keep 128 bytes between the indices.');
  assert.equal(find(run, 'pinning, throughput').advice, 'Pin both threads near each other.');
  assert.match(find(run, 'memory, throughput: across sockets').advice ?? '', /consumer’s node/);
  assert.match(find(run, 'memory, latency: across sockets').advice ?? '', /producer’s node/);
  assert.match(
    find(run, 'channels').sentence,
    /^A channel within the L3 carries 2\.3\d? × \(2\.\d+ × to 2\.\d+ ×\) what one across sockets does, each measured alone\.$/,
  );
  assert.match(find(run, 'channels').advice ?? '', /^Use one channel per socket/);
  assert.deepEqual(run.verdict, {
    question: 'What does crossing sockets cost?',
    tone: 'loss',
    sentence: 'Across sockets a queue keeps 42 % of its rate.',
  });
});

test('the run stays what it was through a file, and its sentences with it', () => {
  const run = guidedRun(twoSockets(), { figure: costly });
  const again = parseRun(JSON.stringify(run));
  assert.deepEqual(again, JSON.parse(JSON.stringify(run)));
  assert.deepEqual(findingsOf(again), findingsOf(run));
});

test('without a difference nothing is advised, and no sentence says that there is none', () => {
  const run = guidedRun(twoSockets(), { figure: flat });
  const found = findingsOf(run);
  assert.ok(found.length > 8);
  for (const { kind, sentence, advice } of found) {
    assert.equal(kind, 'no-difference', sentence);
    assert.match(sentence, /no difference could be shown|No benefit/);
    assert.equal(advice, null);
  }
  assert.deepEqual(run.verdict?.tone, 'even');
  assert.match(run.verdict.sentence, /^No difference could be shown: the change lies between /);
});

test('of many runs without a difference, few claim one: the intervals hold together', () => {
  const runs = Array.from({ length: 60 }, (_, seed) => guidedRun(twoSockets(), { figure: flat, spread: 0.04, seed }));
  const wrong = runs.filter((run) => findingsOf(run).some(({ evidence }) => evidence.some(({ shown }) => shown)));
  // 3 of 60 are expected at 95 %; 9 or more come by chance once in 400 times.
  assert.ok(wrong.length < 9, `${wrong.length} of ${runs.length}`);
});

test('noisy figures carry bounds and no figure', () => {
  const run = guidedRun(twoSockets(), { figure: costly, spread: 0.4 });
  const across = find(run, 'throughput: across sockets');
  assert.equal(across.kind, 'noisy');
  assert.match(across.sentence, /too noisy for a figure|noisy\)/);
  assert.equal(across.advice, null);
  assert.match(run.verdict?.sentence ?? '', /Too noisy|No difference could be shown/);
  for (const { kind, advice } of findingsOf(run)) if (kind !== 'shown') assert.equal(advice, null);
});

test('too few rounds carry no sentence, and one says how many it takes', () => {
  const run = guidedRun(twoSockets(), { figure: costly, rounds: 5 });
  const [only, ...others] = findingsOf(run);
  assert.deepEqual(others, []);
  assert.equal(only?.kind, 'cannot-be-answered');
  assert.match(only.sentence, /^5 rounds support no conclusion: 11 comparisons need 9\./);
  assert.match(only.advice ?? '', /--budget/);
  assert.deepEqual(only.evidence, []);
  assert.equal(run.comparison, null);
  assert.match(run.verdict?.sentence ?? '', /^No answer/);
});

test('a case that was given up early is asked nothing, and takes nothing from the others', () => {
  const run = guidedRun(twoSockets(), { figure: costly });
  const results = run.results.map((result) =>
    'padding' in result.placement && result.placement.padding === 64
      ? { ...result, repetitions: result.repetitions.slice(0, 1), interval: null }
      : result,
  );
  const found = guideFindings(run.topology, results);
  assert.deepEqual(
    found.filter(({ topic }) => topic === 'padding'),
    [],
  );
  assert.equal(found.find(({ id }) => id === 'throughput: across sockets')?.kind, 'shown');
});

test('a placement that slipped answers nothing', () => {
  const run = guidedRun(twoSockets(), { figure: costly });
  const slipped = run.results.map((result) => ({ ...result, valid: false, why: 'the producer ran on cpu 3 too.' }));
  for (const { kind, sentence, topic } of guideFindings(run.topology, slipped)) {
    if (topic === 'channels') continue;
    assert.equal(kind, 'cannot-be-answered');
    assert.match(sentence, /no answer, the producer ran on cpu 3 too\.$/);
  }
});

test('one node: what cannot be answered is said, with where to ask', () => {
  const run = guidedRun(oneNode(), { figure: flat });
  const { sentence, advice, kind } = find(run, 'one-node');
  assert.equal(kind, 'cannot-be-answered');
  assert.match(
    sentence,
    /one NUMA node: what crossing sockets costs, which node the memory should be on, and whether one channel/,
  );
  assert.match(advice ?? '', /npm run lab -- 4s/);
  assert.match(find(run, 'absent').sentence, /of one core/);
  assert.match(run.verdict?.sentence ?? '', /no second socket/);
  assert.deepEqual(
    findingsOf(run).map(({ topic }) => topic),
    ['padding', 'pinning', 'pinning', 'host', 'host'],
  );
  const limited = guidedRun(twoSockets({ allowed: '4-7' }), { figure: flat });
  assert.match(find(limited, 'one-node').sentence, /may use only the CPUs of node 1/);
});

test('an emulated host: every sentence says so, and nothing is advised from a time', () => {
  const run = guidedRun(emulated(twoSockets()), { figure: costly });
  const found = findingsOf(run);
  assert.ok(found.some(({ kind }) => kind === 'shown'));
  for (const { sentence, advice } of found) {
    assert.match(sentence, /, on an emulated host\.$/);
    assert.equal(advice, null);
  }
  assert.match(run.verdict?.sentence ?? '', /, on an emulated host\.$/);
});

test('several distances are each held against the near pair; the headline is the farthest', () => {
  const topology = fourNodes();
  const figure: Made['figure'] = (one) =>
    one.latency
      ? 300
      : one.label.startsWith('across sockets')
        ? 10e6
        : one.label.startsWith('across nodes')
          ? 30e6
          : 50e6;
  const run = guidedRun(topology, { figure });
  assert.match(find(run, 'throughput: across nodes').sentence, /−40 %/);
  assert.match(find(run, 'throughput: across sockets').sentence, /−80 %/);
  assert.equal(run.verdict?.sentence, 'Across sockets a queue keeps 20 % of its rate.');
});

test('a channel for each socket is not advised for a loss that is small', () => {
  const figure: Made['figure'] = (one) => (one.latency ? 300 : one.label.startsWith('across sockets') ? 47e6 : 50e6);
  const run = guidedRun(twoSockets(), { figure });
  assert.equal(find(run, 'throughput: across sockets').kind, 'shown');
  assert.match(find(run, 'channels').advice ?? '', /costs little/);
});

test('where all usable CPUs are alone on their nodes there is no near pair to hold anything against', () => {
  const run = guidedRun(machine({ packages: 2, coresPerNode: 2, allowed: '0,2' }), { figure: costly });
  assert.deepEqual(
    findingsOf(run).filter(({ topic }) => topic === 'throughput' || topic === 'channels'),
    [],
  );
  assert.match(run.verdict?.sentence ?? '', /^No answer/);
});

test('the terminal gets topics, sentences, figures told apart, and what was left out', () => {
  const run = guidedRun(twoSockets(), { figure: costly, budgetMs: 12_000 });
  const text = runText(run);
  for (const topic of ['Throughput', 'Latency', 'Where to place the memory', 'Pinning', 'One channel per socket']) {
    assert.ok(text.includes(`\n${topic}\n`), `${topic}\n${text}`);
  }
  assert.match(text, /Left out to stay within the time: /);
  const labels = text.split('\n').filter((line) => / {2}95 % /.test(line));
  assert.equal(labels.length, run.results.length);
  assert.equal(new Set(labels.map((line) => line.split(/ {2,}/)[1])).size, labels.length, labels.join('\n'));
});

test('a maker in the table has its questions asked, its answers and what follows from them filed under its heading', () => {
  const run = guidedRun(twoSockets(), { figure: costly });
  const own: FindingMaker = {
    topic: 'own',
    heading: 'A topic of its own',
    questions: ({ pairs, near }) =>
      ask(pairs.at(-1)?.take('plain', false) ?? null, near?.take('plain', false) ?? null, {
        ...{ id: 'own: far', change: 'Far', base: 'near', better: 'Go far.', worse: 'Stay near.' },
      }),
    conclude: (_, { answers }) =>
      answers.map(({ id, evidence }) => ({
        ...{ id: `after ${id}`, kind: 'shown', sentence: `It follows from ${id}.`, advice: null, evidence },
      })),
  };
  const found = guideFindings(run.topology, run.results, [own]);
  assert.deepEqual(
    found.map(({ id, heading }) => [id, heading]),
    [
      ['own: far', own.heading],
      ['after own: far', own.heading],
    ],
  );
  assert.match(
    findingLines(found).join('\n'),
    /^A topic of its own\n {2}✓ Far throughput changes by .*\n {4}Stay near\./,
  );
  const [first, ...others] = guideFindings(run.topology, run.results, [own, ...FINDING_MAKERS]);
  assert.equal(first?.id, 'own: far');
  const [alone] = found;
  assert.ok(alone?.evidence[0] && first.evidence[0]);
  const width = ({ interval: [low, high] }: Comparison): number => high - low;
  assert.ok(width(first.evidence[0]) >= width(alone.evidence[0]), 'its interval makes room for the other comparisons');
  assert.ok(others.some(({ topic }) => topic === 'throughput'));
});

// A figure never stands against its evidence: where no difference was shown, or noisy figures show one, no face tells one figure.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { boundsLabel, changeLabel, weightOf } from '../../../src/model/run/compare.ts';
import type { Run } from '../../../src/model/run/run.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { resultChip } from '../../../src/model/svg/chip.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import { formatChange } from '../../../src/model/text/format.ts';
import { runText } from '../../../src/model/verdict/text.ts';
import { emulated, runOf, spscCase, twoSockets } from '../topologies.ts';
import type { RunOfTests } from '../topologies.ts';
import { placed } from '../../support/slots.ts';
import { SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';

const around = (figure: number): number[] => [1, 1.01, 0.99, 1.005, 0.995, 1, 1].map((factor) => figure * factor);
/** As it was found on a busy machine: medians of 130 against 236, and a "+33 %" above them. */
const PINNED = [130, 124, 78, 313, 312, 270, 123];
const FREE = [85, 83, 300, 420, 236, 236, 140];
const BUSY = { loadBefore: 3.31 };
const UNPINNED = [spscCase(0, 1), spscCase(0, 1, { pin: false })];

function facesOf(run: Run): string {
  const svg = topologySvg(run.topology, { slots: SPSC_SLOTS, placement: placed({ producer: 0, consumer: 4 }), run });
  return [run.verdict?.sentence, changeLabel(run), runText(run), reportMarkdown(run, []), svg].join('\n');
}

interface Row {
  readonly name: string;
  readonly run: RunOfTests;
  readonly weight: ReturnType<typeof weightOf>;
  readonly sentence: RegExp;
  readonly label: string;
}

const TABLE: readonly Row[] = [
  {
    name: 'a difference',
    run: { figures: [around(42), around(100)] },
    weight: 'shown',
    sentence: /^No\. Across sockets it keeps 42 % of its rate\.$/,
    label: '−58 %',
  },
  {
    name: 'none that could be shown, on a machine that was busy',
    run: {
      figures: [PINNED, FREE],
      cases: UNPINNED,
      environment: BUSY,
      topology: twoSockets({ coresPerNode: 2, threads: 1 }),
    },
    weight: 'no-difference',
    sentence:
      /^No difference could be shown: the change lies between −[\d.]+ % and \+[\d.]+ %\. The machine was busy: load 3\.31 on 4 CPUs before the run\.$/,
    label: 'not shown',
  },
  {
    name: 'none, and nothing explains it but the spread',
    run: { figures: [PINNED, FREE], cases: UNPINNED, environment: { loadBefore: 0.2 } },
    weight: 'no-difference',
    sentence: / The repetitions \((?:not )?pinned\) spread over \d+ % of their median; take more rounds\.$/,
    label: 'not shown',
  },
  {
    name: 'none, for sure',
    run: { figures: [around(100), [...around(100)].reverse()] },
    weight: 'no-difference',
    sentence: /^No measurable difference: the change stays within 2 % either way\.$/,
    label: 'not shown',
  },
  {
    name: 'one that noisy figures show',
    run: { figures: [[20, 50, 30, 60, 25, 55, 40], around(100)] },
    weight: 'noisy',
    sentence: /^Too noisy for a verdict: the change lies between −[\d.]+ % and −[\d.]+ %\. The repetitions \(/,
    label: 'too noisy',
  },
  {
    name: 'a placement that slipped',
    run: { figures: [around(42), around(100)], more: { valid: false, why: 'the consumer left cpu 4' } },
    weight: 'invalid',
    sentence: /^No answer: the consumer left cpu 4\.$/,
    label: 'not valid',
  },
  {
    name: 'too few rounds',
    run: { figures: [[42], [100]] },
    weight: null,
    sentence: /too few rounds for an answer; take at least three\.$/i,
    label: '',
  },
];

for (const { name, run: of, weight, sentence, label } of TABLE) {
  test(`${name}: one sentence, and only what is shown is a figure`, () => {
    for (const topology of [of.topology ?? twoSockets(), emulated(of.topology ?? twoSockets())]) {
      const run = runOf({ ...of, topology });
      assert.equal(weightOf(run), weight);
      assert.match((run.verdict?.sentence ?? '').replace(', on an emulated host', ''), sentence);
      assert.equal((run.verdict?.sentence ?? '').includes('on an emulated host'), topology.machine.emulated);
      assert.equal(changeLabel(run), label);
      const chip = resultChip(run);
      if (weight !== null) assert.equal(chip?.head, label);
      if (weight !== 'shown') assert.equal(chip?.tone, 'even');
      const bounds = boundsLabel(run);
      if (bounds !== null) assert.ok(chip?.lines.includes(bounds), String(chip?.lines));
      // The figure and the two colours of a verdict stand in no face.
      if (run.comparison && weight !== 'shown') {
        const svg = topologySvg(topology, { slots: SPSC_SLOTS, placement: placed({ producer: 0, consumer: 4 }), run });
        assert.doesNotMatch(svg, /class="[^"]* s (?:loss|gain)"/);
      }
    }
  });
}

test('whatever was measured, no face tells a change that its interval does not carry', () => {
  const figures = fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 3, maxLength: 9 });
  fc.assert(
    fc.property(figures, figures, fc.double({ min: 0, max: 9, noNaN: true }), (one, two, loadBefore) => {
      const run = runOf({ figures: [one, two], environment: { loadBefore } });
      const weight = weightOf(run);
      if (!run.comparison || weight === 'shown') return;
      const told = formatChange(run.comparison.change);
      // A bound of the interval may come out the same.
      const bounds = run.comparison.interval.map(formatChange);
      if (!bounds.includes(told))
        assert.ok(
          !facesOf(run)
            .split(/[\s>(,;]/)
            .join(' ')
            .includes(` ${told}.`),
          told,
        );
      assert.ok(!changeLabel(run).includes('%') && run.verdict?.tone !== 'loss' && run.verdict?.tone !== 'gain');
    }),
    { numRuns: 60 },
  );
});

/** Node × node in one sentence: what the own memory costs, and the dearest of the others. */

import { formatFigure, formatMetric } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { pairFacts, pairWords } from './firmware.ts';
import type { PairFacts, Ratio } from './firmware.ts';
import { nodeGrid } from './grid.ts';

/** "82 ns", "82 ns to 91 ns". */
function range(results: readonly (Result | null)[]): string | null {
  const known = results.flatMap((result) => (result?.valid === true && result.median !== null ? [result] : []));
  const medians = known.map(({ median }) => median ?? 0);
  const metric = known[0]?.metric ?? '';
  if (medians.length === 0) return null;
  const [low, high] = [Math.min(...medians), Math.max(...medians)].map((value) => formatMetric(value, metric));
  return low === high ? (low ?? '') : `${low} to ${high}`;
}

/** Whether it is any different from the own node's: an interval that holds 1 shows no difference. */
const isShown = ({ interval }: Ratio): boolean => interval !== null && (interval[0] > 1 || interval[1] < 1);

/** "142 ns (1.72 ×, node 0 to node 1)"; null where there is no other node, or no difference to one could be shown. */
function dearest(
  facts: readonly PairFacts[],
  of: (one: PairFacts) => { readonly result: Result | null; readonly ratio: Ratio | null },
  worse: (a: number, b: number) => number,
): string | null {
  const known = facts.flatMap((one) => {
    const { result, ratio } = of(one);
    return result?.valid === true && result.median !== null && ratio && isShown(ratio)
      ? [{ one, ratio, words: formatMetric(result.median, result.metric) }]
      : [];
  });
  const [first] = known.sort((a, b) => worse(a.ratio.value, b.ratio.value));
  return first ? `${first.words} (${formatFigure(first.ratio.value)} ×, ${pairWords(first.one)})` : null;
}

/** Of other nodes of which no difference could be shown; empty where none was held against its own. */
const same = (facts: readonly PairFacts[], of: (one: PairFacts) => Ratio | null): string =>
  facts.some((one) => of(one)?.interval) ? '; no difference to another\u2019s could be shown' : '';

/** Null where the results are no table of nodes, or nothing in it can be told. */
export function nodesSentence(topology: Topology, results: readonly Result[]): string | null {
  const grid = nodeGrid(topology, results);
  if (!grid) return null;
  const facts = pairFacts(topology, grid);
  const own = facts.filter(({ from, to }) => from === to);
  const sentences: string[] = [];
  const ns = range(own.map(({ latency }) => latency));
  const slowest = dearest(
    facts,
    (one) => ({ result: one.latency, ratio: one.timesLatency }),
    (a, b) => b - a,
  );
  if (ns !== null) {
    sentences.push(
      `A node\u2019s own memory answers in ${ns}${slowest === null ? same(facts, (one) => one.timesLatency) : `, another\u2019s in up to ${slowest}`}.`,
    );
  }
  const rate = range(own.map(({ bandwidth }) => bandwidth));
  const narrowest = dearest(
    facts,
    (one) => ({ result: one.bandwidth, ratio: one.shareOfBandwidth }),
    (a, b) => a - b,
  );
  if (rate !== null) {
    const whose = sentences.length === 0 ? 'A node\u2019s own memory' : 'It';
    sentences.push(
      `${whose} gives ${rate}${narrowest === null ? same(facts, (one) => one.shareOfBandwidth) : `, another\u2019s down to ${narrowest}`}.`,
    );
  }
  return sentences.length === 0 ? null : sentences.join(' ');
}

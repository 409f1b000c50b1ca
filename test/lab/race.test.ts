// A race on a host of four sockets between placements of which counts say, every time alike, which is the best: memory bound to the
// wrong node; in a long run also a ring that crosses sockets.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Result } from '../../src/model/run/run.ts';
import { bringProgram, type BroughtProgram } from '../support/brought.ts';
import type { LabHost } from '../support/lab.ts';
import { varied } from '../support/long.ts';
import { measure } from './asking.ts';
import { sharedLab } from './shared.ts';

/** Of the pages seen; the others are of its code, and when it is looked at it may still be filling its own. */
const MOST = 0.8;

function shareOn(node: number, { seen }: Result): number {
  const all = Object.values(seen.nodes).reduce((sum, pages) => sum + pages, 0);
  return (seen.nodes[String(node)] ?? 0) / all;
}

describe('a race on four sockets', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  let program: BroughtProgram;
  before(async () => {
    lab = await shared.open();
    program = await bringProgram(lab, 'placed');
  });
  after(async () => {
    await program.remove();
    await shared.leave();
  });

  it('is won by the node that is bound, not by memory that is bound to another, and the pages are where the run says', async () => {
    const words = [
      'race',
      '--budget',
      '9m',
      '--candidates',
      'node:2',
      '--also',
      'wrong=0-3@3',
      '--metric',
      'local reads',
    ];
    const run = await measure(lab, 'bench', [...words, '--better', 'more', '--', program.path]);
    assert.deepEqual(
      run.results.map(({ median }) => median),
      [0.25, 0, 1],
    );
    assert.equal(run.winner, 2, run.verdict?.sentence);
    assert.match(run.verdict?.sentence ?? '', /^node:2 beats unpinned: .* on an emulated host\.$/);
    assert.match(run.race?.candidates[1]?.out ?? '', /^behind after/);
    const [, wrong, node] = run.results;
    assert.ok(wrong && shareOn(3, wrong) > MOST, JSON.stringify(wrong?.seen));
    assert.ok(node && shareOn(2, node) > MOST, JSON.stringify(node?.seen));
  });

  for (const candidates of varied([], ['node:1+local']))
    it('is won by one socket where a ring would cross sockets', async () => {
      const words = ['race', '--budget', '9m', '--candidates', candidates, '--metric', 'near hops', '--better', 'more'];
      const run = await measure(lab, 'bench', [...words, '--', program.path]);
      assert.deepEqual(
        run.results.map(({ median }) => median),
        [0.75, 1],
      );
      assert.equal(run.winner, 1, run.verdict?.sentence);
    });
});

/**
 * `[seed] [count]`: a served board with a run going on is attacked over its port. Ends with 0 when the same process serves on and
 * the run went on all the while. Also called from the test of the command line, with fewer attacks.
 */

import assert from 'node:assert/strict';
import { boardClient, enter, longRun, nextAddress } from '../cli/board-client.ts';
import { start } from '../cli/cli.ts';
import { waitFor } from '../support/processes.ts';
import { attack } from './attack.ts';

const PATIENT = { timeoutMs: 120_000 };
const RUN = 1;

/** How many attacks of each kind met which answer. @throws AssertionError when the server or its run took harm. */
export async function attackServed(seed: number, count: number): Promise<ReadonlyMap<string, number>> {
  const cli = await start(['serve', '--no-open', '--no-prompt']);
  try {
    const entry = await enter(await nextAddress(cli, 0));
    const board = await boardClient(entry);
    await longRun(board, RUN, 1000);
    const outcomes = new Map<string, number>();
    await attack(entry, { seed, first: 0, beyond: count }, ({ index, kind, answer }) => {
      assert.notEqual(
        answer,
        'refused',
        `nobody listens at attack ${String(index)} (seed ${String(seed)}):\n${cli.output()}`,
      );
      const key = `${kind}: ${answer}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    });
    assert.ok(cli.running(), `it ended:\n${cli.output()}`);
    assert.equal(board.socket.readyState, board.socket.OPEN, 'the page that behaved has its line');
    const before = board.figures();
    await waitFor(() => board.figures() > before, { what: 'another figure of the run', ...PATIENT });
    board.cancel(RUN);
    assert.equal((await board.answerTo(RUN)).outcome, 'result', 'the run is kept');
    assert.equal(cli.stderr().replace(/^Open it in a browser.*\n/m, ''), '', 'nothing went wrong inside');
    board.socket.terminate();
    process.kill(cli.pid, 'SIGINT');
    assert.equal((await cli.ended).code, 0);
    return outcomes;
  } finally {
    await cli.stop();
  }
}

if (process.argv[1]?.endsWith('served.ts') === true) {
  const [seed = 1, count = 5000] = process.argv.slice(2).map(Number);
  const begun = Date.now();
  console.log(`fuzz: ${String(count)} attacks on a served board, seed ${String(seed)}`);
  const outcomes = await attackServed(seed, count);
  for (const [key, number] of [...outcomes].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`${String(number).padStart(7)} ${key}`);
  console.log(
    `${String(count)} attacks in ${String(Math.round((Date.now() - begun) / 1000))} s; it serves on, and its run went on`,
  );
}

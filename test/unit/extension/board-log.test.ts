// What the log says of a board, from the steps of its connection and its runs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoardLog } from '../../../src/extension/words/board-log.ts';
import type { Board, Running } from '../../../src/model/board/board.ts';
import type { RunSummary } from '../../../src/model/run/run.ts';
import { advance, begin, connectionOf, giveUp, lose, NOWHERE, stand } from '../../../src/remote/board/standing.ts';
import type { Named, Standing } from '../../../src/remote/board/standing.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { twoSockets } from '../topologies.ts';

const named = (name: string): Named => ({ target: name, name, transport: 'ssh' });
const problem = { code: 'connection-lost', message: 'The line was cut.', hint: 'Look at the cable.' } as const;

class Told {
  readonly lines: string[] = [];
  now = 0;
  #standing: Standing = NOWHERE;
  #board: Board = new BoardState(0, '').board;
  agent: string | null = null;
  readonly #log = new BoardLog(
    { board: this.#board, standing: NOWHERE, agent: null },
    (level, words) => this.lines.push(`${level} ${words}`),
    () => this.now,
  );

  stands(standing: Standing, board: Partial<Board> = {}): void {
    this.#standing = standing;
    this.has({ connection: { ...connectionOf(standing), since: '' }, ...board });
  }

  has(board: Partial<Board>): void {
    this.#board = { ...this.#board, ...board };
    this.#log.changed({ board: this.#board, standing: this.#standing, agent: this.agent });
  }
}

describe('the log of a board', () => {
  const trying = begin(NOWHERE, 1, named('box'), 'Logging in');

  it('tells each step with its time, the machine and the agent', () => {
    const told = new Told();
    told.stands(trying);
    told.now = 312;
    const reading = advance(trying, 1, 'Reading the machine');
    told.stands(reading);
    told.now = 500;
    told.agent = 'ab'.repeat(32);
    const topology = { ...twoSockets(), warnings: ['Node 1 is odd.'] };
    told.stands(stand(reading, 1, named('box')), { topology, host: named('box') });
    assert.deepEqual(
      told.lines.filter((line) => !line.includes('Linux')),
      [
        'info box: connection attempt',
        'info box: Logging in, 312 ms',
        'info box: Reading the machine, 188 ms',
        'info box: connected after 500 ms',
        `info box: agent with sha256 ${'ab'.repeat(32)}`,
        'warn box: Node 1 is odd.',
      ],
    );
    assert.equal(told.lines.length, 7);
    told.has({ busy: [1] });
    assert.equal(told.lines.length, 7, 'what stays the same is not told again');
  });

  it('tells why an attempt failed, and that one was given up', () => {
    const told = new Told();
    told.stands(trying);
    told.now = 100;
    told.stands(giveUp(trying, 1, { code: 'unreachable', message: 'Nobody answers.', hint: null }));
    const again = begin(NOWHERE, 2, named('box'), 'Logging in');
    told.stands(again);
    told.now = 300;
    told.stands(giveUp(again, 2, null));
    const ends = told.lines.filter((line) => !/attempt|Logging/.test(line));
    assert.deepEqual(ends, [
      'error box: failed after 100 ms: unreachable: Nobody answers.',
      'info box: given up after 200 ms',
    ]);
  });

  it('tells a loss with its cause, a switch, and a farewell', () => {
    const told = new Told();
    const standing = stand(trying, 1, named('box'));
    told.stands(trying);
    told.stands(standing);
    told.now = 120_000;
    const other = begin(standing, 2, named('other'), 'Logging in');
    told.stands(other);
    told.now = 121_000;
    const there = stand(other, 2, named('other'));
    told.stands(there);
    told.now = 122_500;
    told.stands(lose(there, problem));
    told.stands(NOWHERE);
    assert.deepEqual(
      told.lines.filter((line) => /other|left|lost|disconnected/.test(line)),
      [
        'info other: connection attempt, while box stays connected',
        'info other: Logging in, 1 s',
        'info box: left for other after 2 min 1 s',
        'info other: connected after 1 s',
        'error other: connection lost after 1.5 s: connection-lost: The line was cut.\n  Look at the cable.',
      ],
    );
  });

  it('tells the beginning, the rounds and the end of a run', () => {
    const told = new Told();
    const running: Running = {
      ...{ startedAt: '', question: 'How fast?', round: 1, rounds: 3, share: 0, labels: [], points: [], metrics: [] },
      ...{ at: null, step: 'P#0 → P#1' },
    };
    const host = { name: 'box', transport: 'ssh' } as const;
    told.has({ host, running });
    told.has({ running: { ...running, round: 2 } });
    told.has({ running: { ...running, round: 2, share: 0.5 } });
    told.now = 900;
    const run = { id: 'one', partial: null, verdict: { question: '', sentence: 'Fast.' } } as unknown as RunSummary;
    told.has({ runs: [run] });
    told.has({ running: null });
    told.has({ running });
    told.has({ runs: [{ ...run, id: 'two', partial: 'It was cancelled.' }, run] });
    told.has({ running: null });
    told.has({ running });
    told.has({ running: null });
    assert.deepEqual(told.lines, [
      'info box: run begins: How fast?',
      'debug box: round 2 of 3, P#0 → P#1',
      'info box: run ended after 900 ms: Fast.',
      'info box: run begins: How fast?',
      'warn box: run cut short after 0 ms: It was cancelled.',
      'info box: run begins: How fast?',
      'warn box: run ended after 0 ms, without a result',
    ]);
  });
});

// What the status bar says of a board.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextKeys } from '../../../src/extension/words/context-keys.ts';
import { statusOf } from '../../../src/extension/words/status.ts';
import type { Board, Running } from '../../../src/model/board/board.ts';
import { begin, connectionOf, giveUp, lose, NOWHERE, shownHost, stand } from '../../../src/remote/board/standing.ts';
import type { Named, Standing } from '../../../src/remote/board/standing.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { twoSockets } from '../topologies.ts';

const named = (name: string): Named => ({ target: name, name, transport: 'ssh' });
const problem = { code: 'unreachable', message: 'Nobody answers.', hint: null } as const;
const trying = begin(NOWHERE, 1, named('box'), 'Logging in');
const standing = stand(trying, 1, named('box'));
const boardAt = (at: Standing, more: Partial<Board> = {}): Board => ({
  ...new BoardState(0, '').board,
  host: shownHost(at),
  connection: { ...connectionOf(at), since: '' },
  ...more,
});
const running: Running = {
  ...{ startedAt: '', question: 'How fast?', round: 3, rounds: 11, share: 0.25, labels: [], points: [], metrics: [] },
  ...{ at: null, step: 'measuring' },
};
const text = (at: Standing, more?: Partial<Board>): string | undefined => statusOf(boardAt(at, more))?.text;

describe('the status bar', () => {
  it('shows nothing while no host was asked for', () => {
    assert.equal(statusOf(boardAt(NOWHERE)), null);
  });

  it('says which host, how it stands with it, and how far a run is', () => {
    assert.equal(text(trying), '$(sync~spin) box: Logging in');
    assert.equal(text(standing), '$(circuit-board) box');
    assert.equal(text(standing, { running }), '$(pulse) box: round 3 of 11');
    assert.equal(text(standing, { running: { ...running, rounds: 0 } }), '$(pulse) box: 25 %');
    assert.equal(text(standing, { recording: { path: 'a', since: '' } }), '$(record) box: recording');
    assert.equal(text(begin(standing, 2, named('other'), '')), '$(sync~spin) box: connecting to other');
    assert.equal(text(giveUp(trying, 1, problem)), '$(error) box: not connected');
  });

  it('warns of a lost host, and says why', () => {
    const status = statusOf(boardAt(lose(standing, problem)));
    assert.ok(status?.warned);
    assert.equal(status.text, '$(warning) box: connection lost');
    assert.match(status.tooltip, /Nobody answers\./);
    assert.equal(status.spoken, 'NUMA Pinboard, box: connection lost');
  });

  it('tells what the machine is, and that it is emulated', () => {
    const topology = twoSockets();
    const machine = { ...topology.machine, emulated: true };
    const status = statusOf(boardAt(standing, { topology: { ...topology, machine }, running }));
    assert.match(
      status?.tooltip ?? '',
      /^box: round 3 of 11\n2 sockets, 2 NUMA nodes, .* cores, emulated\nHow fast\?\n/,
    );
  });

  it('draws no icon that a host’s name asks for, and no name without end', () => {
    const evil = stand(begin(NOWHERE, 1, named('x'), ''), 1, named(`$(trash)\u202e${'y'.repeat(300)}`));
    const told = text(evil) ?? '';
    assert.doesNotMatch(told.slice(2), /\$\(|\u202e/);
    assert.ok(told.length < 80);
  });
});

describe('context keys', () => {
  it('follow from the board', () => {
    const keys = contextKeys(boardAt(standing, { running, placement: { producer: [1] } }));
    assert.deepEqual(
      Object.entries(keys).flatMap(([key, value]) => (value ? [key] : [])),
      ['connected', 'running', 'placed'],
    );
    assert.ok(!contextKeys(boardAt(lose(standing, problem), { placement: { producer: [1] } })).placed);
  });
});

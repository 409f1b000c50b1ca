// What the tree of hosts shows of a board.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Board } from '../../../src/model/board/board.ts';
import type { RunSummary } from '../../../src/model/run/run.ts';
import type { Here } from '../../../src/extension/here.ts';
import { hostRows } from '../../../src/extension/host-rows.ts';
import { begin, connectionOf, giveUp, lose, NOWHERE, shownHost, stand } from '../../../src/remote/board/standing.ts';
import type { Named, Standing } from '../../../src/remote/board/standing.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { twoSockets } from '../topologies.ts';

const here: Here = { name: 'This machine', away: null, lacks: null };
const run = { id: 'one' } as RunSummary;
const named = (target: string | null): Named => ({
  target,
  name: target ?? 'my-machine',
  transport: target === null ? 'local' : 'ssh',
});
const standingAt = (target: string | null): Standing => stand(begin(NOWHERE, 1, named(target), ''), 1, named(target));

function boardOf(standing: Standing, warnings: readonly string[] = []): Board {
  return {
    ...new BoardState(0, '').board,
    hosts: ['a', 'b'],
    host: shownHost(standing),
    topology: { ...twoSockets(), warnings },
    connection: { ...connectionOf(standing), since: '' },
    runs: [run],
  };
}
const words = (standing: Standing): string[] =>
  hostRows(boardOf(standing), standing, here).map(
    ({ label, description, runs, connected }) =>
      `${label}: ${description}${runs.length > 0 ? ', runs' : ''}${connected ? ', can be left' : ''}`,
  );

describe('rows of the tree of hosts', () => {
  it('show runs under the host that they are of, however it was connected', () => {
    assert.deepEqual(words(standingAt('a')), ['This machine: ', 'a: connected, runs, can be left', 'b: ']);
    assert.deepEqual(words(standingAt(null)), ['This machine: connected, runs, can be left', 'a: ', 'b: ']);
    assert.equal(words(standingAt('me@typed')).at(-1), 'me@typed: connected, runs, can be left');
  });

  it('stay at the host that is connected while another is tried', () => {
    const trying = begin(standingAt('a'), 2, named('b'), '');
    assert.deepEqual(words(trying), ['This machine: ', 'a: connected, runs, can be left', 'b: connecting …']);
    assert.equal(words(giveUp(trying, 2, null))[2], 'b: ');
    assert.equal(words(begin(NOWHERE, 1, named('typed'), '')).at(-1), 'typed: connecting …, runs');
  });

  it('say of a host that it was lost', () => {
    const problem = { code: 'connection-lost', message: 'It was lost.', hint: null } as const;
    const lost = lose(standingAt('a'), problem);
    assert.equal(words(lost)[1], 'a: connection lost, runs');
    assert.equal(hostRows(boardOf(lost), lost, here)[1]?.tooltip, 'a\nIt was lost.');
  });

  it('show what is odd about the machine', () => {
    const standing = standingAt('a');
    const [, row] = hostRows(
      boardOf(standing, ['Node 1 is odd.', 'Node 2 is odd.', 'Another thing is odd.']),
      standing,
      here,
    );
    assert.equal(row?.description, 'connected, 2 warnings');
    assert.equal(row.tooltip, 'a\nNode 1 is odd. (and 1 more like it)\nAnother thing is odd.');
  });

  it('say which machine this one is, and why it cannot be shown', () => {
    const standing = standingAt('a');
    const away = { name: 'This machine (WSL: Ubuntu)', away: 'WSL: Ubuntu', lacks: null };
    const [wsl] = hostRows(boardOf(standing), standing, away);
    assert.equal(wsl?.label, away.name);
    assert.match(wsl.tooltip, /~\/\.ssh there/);
    const shown = standingAt(null);
    assert.match(hostRows(boardOf(shown, ['Odd.']), shown, away)[0]?.tooltip ?? '', /~\/\.ssh there.*\nOdd\.$/s);
    const [mac] = hostRows(boardOf(standing), standing, { ...here, lacks: 'runs macOS: only Linux can be shown' });
    assert.equal(mac?.description, 'runs macOS: only Linux can be shown');
  });
});

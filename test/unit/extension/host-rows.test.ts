// What the view of hosts shows of a board, and when it has no rows, so that it welcomes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Board } from '../../../src/model/board/board.ts';
import { hereOf, tooltipOf } from '../../../src/extension/here.ts';
import type { LocalMachine } from '../../../src/extension/views/host-rows.ts';
import { hostRows } from '../../../src/extension/views/host-rows.ts';
import { begin, connectionOf, giveUp, lose, NOWHERE, shownHost, stand } from '../../../src/remote/board/standing.ts';
import type { Named, Standing } from '../../../src/remote/board/standing.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { twoSockets } from '../topologies.ts';

const here: LocalMachine = { name: 'This machine', tooltip: 'This machine', lacks: null };
const named = (target: string | null): Named => ({
  target,
  name: target ?? 'my-machine',
  transport: target === null ? 'local' : 'ssh',
});
const standingAt = (target: string | null): Standing => stand(begin(NOWHERE, 1, named(target), ''), 1, named(target));

function boardOf(standing: Standing, more: Partial<Board> = {}): Board {
  return {
    ...new BoardState(0, '').board,
    hosts: ['a', 'b'],
    host: shownHost(standing),
    topology: twoSockets(),
    connection: { ...connectionOf(standing), since: '' },
    ...more,
  };
}
const warned = (standing: Standing, ...warnings: readonly string[]): Board =>
  boardOf(standing, { topology: { ...twoSockets(), warnings } });
/** Each with what its menu goes by. */
const words = (standing: Standing, more: Partial<Board> = {}): string[] =>
  hostRows(boardOf(standing, { topology: null, ...more }), standing, here).map(
    ({ label, description, context }) => `${label} (${context})${description === '' ? '' : `: ${description}`}`,
  );

describe('rows of the view of hosts', () => {
  it('say how it stands with each, however it was connected', () => {
    const away = ['This machine (local.away)', 'a (ssh.away)', 'b (ssh.away)'];
    assert.deepEqual(words(NOWHERE), away);
    assert.deepEqual(words(standingAt('a')), [away[0], 'a (ssh.connected): connected', away[2]]);
    assert.deepEqual(words(standingAt(null)), ['This machine (local.connected): connected', away[1], away[2]]);
    assert.equal(words(standingAt('me@typed')).at(-1), 'me@typed (ssh.connected): connected');
  });

  it('stay at the host that is connected while another is tried', () => {
    const trying = begin(standingAt('a'), 2, named('b'), '');
    assert.deepEqual(words(trying).slice(1), ['a (ssh.connected): connected', 'b (ssh.connecting): connecting …']);
    assert.equal(words(giveUp(trying, 2, null))[2], 'b (ssh.away)');
    const typed = begin(NOWHERE, 1, named('typed'), 'Checking the host key');
    assert.equal(words(typed).at(-1), 'typed (ssh.connecting): connecting …');
    assert.match(
      hostRows(boardOf(typed, { topology: null }), typed, here).at(-1)?.tooltip ?? '',
      /Checking the host key/,
    );
  });

  it('say of a host that it was lost, and what to do', () => {
    const problem = { code: 'connection-lost', message: 'It was lost.', hint: 'Connect again.' } as const;
    const lost = lose(standingAt('a'), problem);
    assert.equal(words(lost)[1], 'a (ssh.lost): connection lost');
    const [, row] = hostRows(boardOf(lost, { topology: null }), lost, here);
    assert.equal(row?.tooltip, 'a\nconnection lost\nIt was lost.\nConnect again.');
    assert.equal(row.icon, 'warning');
  });

  it('say what the machine on the board is made of, and that it is emulated', () => {
    const standing = standingAt('a');
    const topology = twoSockets();
    const [local, row] = hostRows(boardOf(standing), standing, here);
    assert.equal(row?.description, 'connected, 2 sockets, 2 nodes');
    assert.match(row.tooltip, /^a\nconnected\n2 sockets, .* CPUs/);
    assert.equal(local?.description, '', 'nothing is claimed of one that was not looked at');
    const machine = { ...topology.machine, emulated: true };
    const [, played] = hostRows(boardOf(standing, { topology: { ...topology, machine } }), standing, here);
    assert.equal(played?.description, 'connected, 2 sockets, 2 nodes, emulated');
    assert.match(played.tooltip, /software plays its CPUs/);
  });

  it('show what is odd about the machine', () => {
    const standing = standingAt('a');
    const board = warned(standing, 'Node 1 is odd.', 'Node 2 is odd.', 'Another thing is odd.');
    const [, row] = hostRows(board, standing, here);
    assert.equal(row?.description, 'connected, 2 sockets, 2 nodes, 2 warnings');
    assert.match(row.tooltip, /\nNode 1 is odd. \(and 1 more like it\)\nAnother thing is odd.$/);
    assert.equal(row.icon, 'warning');
  });

  it('are none where there is this machine alone and nobody has connected to it', () => {
    assert.deepEqual(words(NOWHERE, { hosts: [] }), []);
    assert.deepEqual(words(standingAt(null), { hosts: [] }), ['This machine (local.connected): connected']);
    assert.equal(words(begin(NOWHERE, 1, named(null), ''), { hosts: [] }).length, 1);
  });

  it('say which machine this one is, and why it cannot be shown', () => {
    const at = { platform: 'linux', hostname: 'pc', env: { WSL_DISTRO_NAME: 'Ubuntu' }, runsThere: true } as const;
    const wsl = hereOf({ ...at, remoteName: 'wsl' });
    const standing = standingAt('a');
    const [row] = hostRows(boardOf(standing), standing, { ...wsl, tooltip: tooltipOf(wsl) });
    assert.equal(row?.label, wsl.name);
    assert.match(row.tooltip, /~\/\.ssh there/);
    const shown = standingAt(null);
    const local = { ...wsl, tooltip: tooltipOf(wsl) };
    assert.match(hostRows(warned(shown, 'Odd.'), shown, local)[0]?.tooltip ?? '', /~\/\.ssh there.*\nOdd\.$/s);
    const mac = { ...here, lacks: 'runs macOS: only Linux can be shown' };
    const [unable] = hostRows(boardOf(standing), standing, mac);
    assert.equal(unable?.description, 'runs macOS: only Linux can be shown');
    assert.equal(unable.context, 'local.unable', 'no menu offers to connect to it');
    assert.equal(unable.command, undefined);
  });
});

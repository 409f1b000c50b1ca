// How a board stands with its hosts: a state machine, held against every order of events up to a length.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Problem } from '../../../src/model/problem.ts';
import {
  advance,
  answers,
  begin,
  connectionOf,
  giveUp,
  lose,
  NOWHERE,
  showsHeld,
  shownHost,
  stand,
} from '../../../src/remote/board/standing.ts';
import type { Named, Standing } from '../../../src/remote/board/standing.ts';

const named = (target: string): Named => ({ target, name: target, transport: 'ssh' });
const problem: Problem = { code: 'unreachable', message: 'Nobody there.', hint: null };
const broken: Problem = { code: 'connection-lost', message: 'It was lost.', hint: null };
const shown = (standing: Standing): string => {
  const { state, next } = connectionOf(standing);
  const beside = next ? ` (${next.name}: ${next.step})` : '';
  return `${state} ${shownHost(standing)?.name ?? '-'}${beside}`;
};
const at = (name: string): Standing => stand(begin(NOWHERE, 1, named(name), 'go'), 1, named(name));

describe('how a board stands with its hosts', () => {
  it('holds a host that answers until its replacement stands', () => {
    const trying = advance(begin(at('a'), 2, named('b'), 'go'), 2, 'Logging in');
    assert.equal(shown(trying), 'connected a (b: Logging in)');
    assert.equal(shown(stand(trying, 2, named('b'))), 'connected b');
    assert.equal(shown(giveUp(trying, 2, problem)), 'connected a');
    assert.equal(shown(giveUp(trying, 2, null)), 'connected a');
  });

  it('comes back to what was shown before when an attempt is cancelled', () => {
    assert.equal(shown(giveUp(begin(NOWHERE, 1, named('b'), 'go'), 1, null)), 'none -');
    const lost = lose(at('a'), broken);
    const trying = begin(lost, 2, named('b'), 'go');
    assert.equal(shown(trying), 'connecting b');
    assert.equal(shown(giveUp(trying, 2, null)), 'lost a');
    assert.deepEqual(connectionOf(giveUp(trying, 2, null)).problem, broken);
  });

  it('says what failed where no host answers, and keeps the picture of the same host', () => {
    const failed = giveUp(begin(lose(at('a'), broken), 2, named('b'), 'go'), 2, problem);
    assert.equal(shown(failed), 'failed b');
    assert.equal(showsHeld(failed), false);
    assert.equal(showsHeld(begin(failed, 3, named('a'), 'go')), true);
    assert.equal(shown(giveUp(begin(failed, 3, named('a'), 'go'), 3, problem)), 'failed a');
  });

  it('goes on with an attempt whose host before is lost meanwhile', () => {
    const trying = lose(begin(at('a'), 2, named('b'), 'go'), broken);
    assert.equal(shown(trying), 'connecting b');
    assert.equal(shown(stand(trying, 2, named('b'))), 'connected b');
    assert.equal(shown(giveUp(trying, 2, null)), 'lost a');
  });

  it('hears nothing more of an attempt that was given up', () => {
    const second = begin(begin(at('a'), 2, named('b'), 'go'), 3, named('c'), 'go');
    for (const late of [advance(second, 2, 'late'), stand(second, 2, named('b')), giveUp(second, 2, problem)])
      assert.equal(late, second);
  });

  it('leaves a host that answers for none but one that stands, whatever happens in whatever order', () => {
    const event = fc.record({
      what: fc.constantFrom('begin', 'advance', 'stand', 'fail', 'cancel'),
      id: fc.integer({ min: 1, max: 4 }),
      host: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let standing = at('a');
        for (const { what, id, host } of events) {
          const before = standing;
          if (what === 'begin') standing = begin(standing, id, named(host), 'go');
          else if (what === 'advance') standing = advance(standing, id, 'on');
          else if (what === 'stand') standing = stand(standing, id, named(host));
          else standing = giveUp(standing, id, what === 'fail' ? problem : null);
          assert.ok(answers(standing), 'nothing but a loss ends an answer');
          assert.equal(connectionOf(standing).state, 'connected');
          const left = before.held?.at.target !== standing.held?.at.target;
          assert.ok(!left || what === 'stand', `${what} left the host`);
        }
      }),
    );
  });
});

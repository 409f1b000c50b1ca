// A run stored while it goes on: the newest state, one write at a time, nothing after its end.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from '../../../src/model/run/run.ts';
import { Checkpoints } from '../../../src/remote/board/checkpoints.ts';
import { waitFor } from '../../support/processes.ts';

const state = (id: string): Run => ({ id }) as Run;

describe('checkpoints of a run', () => {
  it('are written one at a time, always the newest', async () => {
    const written: string[] = [];
    const waiting: (() => void)[] = [];
    const checkpoints = new Checkpoints(({ id }) => {
      written.push(id);
      return new Promise((resolve) => waiting.push(resolve));
    });
    for (const id of ['one', 'two', 'three']) checkpoints.offer(() => state(id));
    assert.deepEqual(written, ['one']);
    waiting.shift()?.();
    await waitFor(() => written.length === 2, { what: 'the second one' });
    assert.deepEqual(written, ['one', 'three']);
    checkpoints.offer(() => state('four'));
    const ending = checkpoints.end();
    waiting.shift()?.();
    assert.equal((await ending)?.id, 'three');
    checkpoints.offer(() => state('five'));
    assert.deepEqual(written, ['one', 'three'], 'the end is for the whole run alone');
  });

  it('do not end a run that cannot be stored', async () => {
    let tries = 0;
    const checkpoints = new Checkpoints(() => {
      tries++;
      return Promise.reject(new Error('the disk is full'));
    });
    checkpoints.offer(() => state('one'));
    await waitFor(() => tries === 1, { what: 'the first try' });
    checkpoints.offer(() => {
      throw new Error('cannot be built');
    });
    checkpoints.offer(() => state('two'));
    await waitFor(() => tries === 2, { what: 'the second try' });
    assert.equal(await checkpoints.end(), null);
  });
});

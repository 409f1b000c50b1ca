// What the product reads of an emulated host, against what the host's own lstopo and numactl say of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootLab, type LabHost } from '../support/lab.ts';

describe('a four-socket host', { timeout: 900_000 }, () => {
  let lab: LabHost;
  before(async () => {
    lab = await bootLab('4s');
  });
  after(() => lab.stop());

  it('answers', async () => {
    assert.equal(await lab.ask('bench', 'nproc'), '16');
  });
});

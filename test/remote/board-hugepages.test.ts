// Huge pages from a page of the board: a plan, the change it shows, and taking it back, on this machine's own pool.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { PoolJournal } from '../../src/remote/hugepages/journal.ts';
import { noPool, poolFile, reserved, withPool } from '../support/pool.ts';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { endSessions, newSession, openPage } from './boards.ts';
import { hasCode, freshHost } from './measuring.ts';

const sizeBytes = 2 * 1024 ** 2;

test('a plan, its change, and undo, by messages of a page', { skip: noPool, timeout: 180_000 }, () =>
  withPool(async () => {
    const poolJournal = new PoolJournal(temporaryFolder('journal'));
    const session = newSession({ poolJournal });
    try {
      await session.useHost(freshHost());
      const { client, board } = await openPage(session);
      const shown = (): number | undefined =>
        board().topology?.nodes[0]?.hugepages.find((pool) => pool.sizeBytes === sizeBytes)?.total;
      writeFileSync(poolFile, '0');

      const plan = await client.request('planHugePages', { node: 0, sizeBytes, pages: 3 });
      assert.deepEqual([plan.needed, plan.free, plan.missing, board().reserved], [3, 0, 3, null]);
      assert.ok(plan.change);
      assert.match(plan.change.sentence, /goes from 0 to 3\.$/);
      assert.deepEqual(plan.commands, [`echo 3 | sudo tee ${poolFile}`]);
      assert.ok(plan.paste.some(({ tool, text }) => tool === 'kernel' && text === 'hugepagesz=2M hugepages=0:3'));
      assert.equal(reserved(), 0);

      const { node, from, to } = plan.change;
      const outcome = await client.request('reserveHugePages', { node, sizeBytes, from, to });
      assert.deepEqual([outcome.total, outcome.free, outcome.short, reserved()], [3, 3, 0, 3]);
      assert.equal(shown(), 3);
      // What was shown is not what is there any more.
      await assert.rejects(client.request('reserveHugePages', { node, sizeBytes, from, to }), hasCode('busy'));
      assert.match(board().reserved ?? '', /3 reserved, 0 before/);
      // A page that is loaded anew, and another board on this host, offer to put them back as well.
      assert.equal((await openPage(session)).board().reserved, board().reserved);
      const other = newSession({ poolJournal });
      await other.useHost(freshHost());
      const words = board().reserved;
      await waitFor(() => other.board.reserved === words, { what: 'the other board to know' });

      writeFileSync(poolFile, '5');
      const asked = await client.request('undoHugePages', { force: false });
      assert.match(asked.differs ?? '', /has 5 pages .* not the 3 that the change left/);
      assert.equal(reserved(), 5);
      const undone = await client.request('undoHugePages', { force: true });
      assert.deepEqual([undone.differs, board().reserved, reserved(), shown()], [null, null, 0, 0]);
      await assert.rejects(client.request('undoHugePages', { force: true }), hasCode('not-found'));
      assert.deepEqual(readdirSync(poolJournal.folder), []);

      await assert.rejects(client.request('planHugePages', { node: 99, sizeBytes, pages: 1 }), hasCode('node-absent'));
    } finally {
      await endSessions();
    }
  }),
);

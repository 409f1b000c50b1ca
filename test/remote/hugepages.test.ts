// Changing a real pool of huge pages on this machine, and putting it back: journal, lock, a lost answer, a login without the right.
// The pool is what it was when the tests end, however they end.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import { outcomeSentences } from '../../src/model/hugepages/words.ts';
import { planHugePages, planRelease } from '../../src/model/hugepages/plan.ts';
import type { ChangeOutcome, PoolChange } from '../../src/model/hugepages/change.ts';
import { planUndo } from '../../src/model/hugepages/undo.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import type { Host } from '../../src/remote/host.ts';
import { changeHugePages, undoHugePages } from '../../src/remote/hugepages/change.ts';

import { PoolJournal } from '../../src/remote/hugepages/journal.ts';
import { readHugePages } from '../../src/remote/hugepages/read.ts';
import { MaybeChanged } from '../../src/remote/hugepages/set-pool.ts';
import type { Channel } from '../../src/remote/transport.ts';
import { noPool, poolFile as file, reserved, withPool } from '../support/pool.ts';
import { startProcess, temporaryFolder, waitFor, type StartedProcess } from '../support/processes.ts';
import { hasCode, freshHost, shellOf, variant } from './measuring.ts';

const MB2 = 2 * 1024 ** 2;
/** A program that holds one huge page until it is ended. */
async function userOfOnePage(): Promise<string> {
  const program = join(temporaryFolder('user'), 'user');
  const source = `#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  char *page = mmap(0, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << 26, -1, 0);
  if (page == MAP_FAILED) return 1;
  page[0] = 1;
  puts("mapped");
  fflush(stdout);
  for (;;) pause();
}`;
  writeFileSync(`${program}.c`, source);
  const compiler = await startProcess('cc', ['-o', program, `${program}.c`]);
  assert.equal((await compiler.ended).code, 0, compiler.output());
  return program;
}

describe('a pool of this machine', { skip: noPool, timeout: 120_000 }, () => {
  const host = freshHost();
  let first = 0;
  let release = (): void => undefined;
  let ended: Promise<void> = Promise.resolve();
  let journal = new PoolJournal('/nowhere');
  before(async () => {
    // Held until all tests have ended.
    await new Promise<void>((resolve) => {
      ended = withPool(() => {
        resolve();
        return new Promise<void>((end) => (release = end));
      });
    });
    first = reserved();
  });
  afterEach(() => {
    writeFileSync(file, String(first));
    journal = new PoolJournal('/nowhere');
  });
  after(async () => {
    release();
    await ended;
    await host.close();
  });

  const change = (more: number): PoolChange => {
    const [from, to] = [reserved(), reserved() + more];
    return { node: 0, inferred: false, sizeBytes: MB2, from, surplus: 0, to };
  };
  async function made(by: Host, more: number): Promise<ChangeOutcome> {
    journal = new PoolJournal(join(temporaryFolder('journal'), 'hugepages'));
    const { boot } = await readHugePages(host);
    return changeHugePages(by, change(more), { journal, boot });
  }
  async function undone(): Promise<{ differs: string | null; left: number }> {
    const { pools, boot } = await readHugePages(host);
    const { open } = await journal.of({ transport: host.transport, boot });
    const entry = open.at(-1) ?? assert.fail('no entry');
    const undo = planUndo(pools, entry);
    if (undo.change) await undoHugePages(host, entry, undo.change, { journal, boot });
    return { differs: undo.differs, left: (await journal.of({ transport: host.transport, boot })).open.length };
  }

  it('what is read is what the kernel says, and the plan starts from it', async () => {
    const { pools, boot, use } = await readHugePages(host);
    const [node] = pools.nodes;
    assert.equal(node?.sizes.find(({ sizeBytes }) => sizeBytes === MB2)?.total, reserved());
    assert.equal(boot, readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    assert.ok(!isUnavailable(use.processes) && !isUnavailable(use.mounts));
    const plan = planHugePages(pools, { node: 0, sizeBytes: MB2, pages: 3 });
    assert.match(
      plan.commands[0] ?? 'nothing',
      new RegExp(`^echo ${reserved() + 3 - plan.free} \\| sudo tee ${file}$`),
    );
  });

  it('it is changed, read back, and put back', async () => {
    const { reading, how, short } = await made(host, 3);
    assert.deepEqual([reading.total, how, short], [first + 3, 'directly', 0]);
    assert.equal(reserved(), first + 3);
    assert.deepEqual(await undone(), { differs: null, left: 0 });
    assert.equal(reserved(), first);
    assert.deepEqual(readdirSync(journal.folder), []);
  });

  it('an answer that is lost on the way: it may have been changed, is in the journal, and is put back', async () => {
    const cut = async (): Promise<Channel> => {
      const channel = await host.transport.shell();
      const stdout = new PassThrough();
      // Up to the numbers everything comes through; what the script says then is lost with the connection.
      channel.stdout.once('data', (chunk: Buffer) => {
        stdout.write(chunk);
        channel.stdout.resume();
      });
      void channel.exited.then(() => stdout.end());
      return { ...channel, stdout };
    };
    const lossy = variant(host, { transport: { ...host.transport, shell: cut } });
    await assert.rejects(made(lossy, 2), (error) => {
      assert.ok(error instanceof MaybeChanged, String(error));
      assert.match(error.hint ?? '', /may have been made .*hugepages undo/);
      return true;
    });
    assert.equal(reserved(), first + 2);
    assert.deepEqual(await undone(), { differs: null, left: 0 });
    assert.equal(reserved(), first);
  });

  it('a pool that somebody changed: nothing is written over it, and undo says so before it goes on', async () => {
    const stale = change(1);
    await made(host, 2);
    const { boot } = await readHugePages(host);
    await assert.rejects(changeHugePages(host, stale, { journal, boot }), hasCode('busy'));
    assert.equal(reserved(), first + 2);
    writeFileSync(file, String(first + 1));
    const { differs, left } = await undone();
    assert.match(differs ?? '', new RegExp(`has ${first + 1} pages? .* not the ${first + 2} that the change left`));
    assert.deepEqual([reserved(), left], [first, 0]);
  });

  it('one program at a time; a lock whose owner was killed is taken over', async () => {
    await made(host, 1);
    const { boot } = await readHugePages(host);
    await journal.exclusively(() =>
      assert.rejects(changeHugePages(host, change(1), { journal, boot }), hasCode('busy')),
    );
    const gone = await startProcess('true', []);
    await gone.ended;
    writeFileSync(join(journal.folder, 'lock'), String(gone.pid));
    await changeHugePages(host, change(1), { journal, boot });
    assert.equal(reserved(), first + 2);
    assert.deepEqual(
      [await undone(), await undone()].map(({ left }) => left),
      [1, 0],
    );
  });

  it('pages in use: whose they are and where, that they are not released, and that undo says how many stay', async () => {
    const { reading } = await made(host, 2);
    const program = await startProcess(await userOfOnePage(), []);
    try {
      await waitFor(() => program.output().includes('mapped'), { what: () => `a page; ${program.output()}` });
      const { pools, use, boot } = await readHugePages(host);
      assert.ok(!isUnavailable(use.processes));
      const user = use.processes.find(({ pid }) => pid === program.pid);
      assert.deepEqual(user, {
        ...{ pid: program.pid, name: 'user', bytes: MB2 },
        pages: [{ node: 0, sizeBytes: MB2, pages: 1 }],
      });
      const free = reading.free - 1;
      const release = planRelease(pools, { node: 0, sizeBytes: MB2, pages: 1000 });
      assert.equal(release?.to, reading.total - free);

      const entry = (await journal.of({ transport: host.transport, boot })).open.at(-1) ?? assert.fail();
      const undo = planUndo(pools, entry);
      assert.ok(undo.change);
      if (first > 0) return;
      const outcome = await undoHugePages(host, entry, undo.change, { journal, boot });
      // The kernel keeps the page above the reservation until its user gives it back.
      assert.deepEqual([outcome.reading.total, outcome.inUse], [1, 1]);
      assert.match(outcomeSentences(outcome).join(' '), /1 page of 2 MB \(2 MB\) is in use beyond the reservation/);
      assert.deepEqual(readdirSync(journal.folder), []);
    } finally {
      await program.stop();
    }
    await waitFor(() => reserved() === first, { what: 'the page to go with its user' });
  });

  it('a damaged entry is named, not skipped', async () => {
    await made(host, 1);
    const [entry = ''] = readdirSync(journal.folder);
    const text = readFileSync(join(journal.folder, entry), 'utf8');
    writeFileSync(join(journal.folder, entry), text.replace(/"before": \d+/, '"before": -1'));
    await assert.rejects(undone(), { code: 'bad-file', message: /before/ });
  });

  it('entries of an earlier boot are told apart from those of this one', async () => {
    await made(host, 1);
    const { open, stale } = await journal.of({ transport: host.transport, boot: 'another boot' });
    assert.deepEqual([open.length, stale.length], [0, 1]);
    const elsewhere = { name: 'another name', kind: 'ssh' as const };
    const { boot } = await readHugePages(host);
    assert.equal((await journal.of({ transport: elsewhere, boot })).open.length, 1);
  });

  it(
    'a login without the right: the exact command, nothing changed, nothing in the journal',
    { skip: existsSync('/usr/bin/setpriv') ? false : 'needs setpriv' },
    async () => {
      const started: StartedProcess[] = [];
      const shell = async (): Promise<Channel> => {
        // Only the id of the user matters; PATH has no sudo that would ask nobody.
        const child = await startProcess('/usr/bin/setpriv', ['--reuid=65534', '--clear-groups', '/bin/sh'], {
          stdio: ['pipe', 'pipe', 'pipe'],
        });
        started.push(child);
        const { stdin, stdout, stderr } = child.child;
        assert.ok(stdin && stdout && stderr);
        return { stdin, stdout, stderr, exited: child.ended, close: () => void stdin.end() };
      };
      const nobody = variant(host, { transport: { ...host.transport, shell } });
      await assert.rejects(made(nobody, 2), (error) => {
        hasCode('permission')(error);
        assert.match((error as { hint: string }).hint, new RegExp(`echo ${first + 2} \\| sudo tee ${file}$`));
        return true;
      });
      assert.equal(reserved(), first);
      assert.deepEqual(readdirSync(journal.folder), []);
      for (const one of started) await one.stop();
    },
  );

  it(
    'bash, which reads its script line by line, does the same',
    { skip: !existsSync('/bin/bash') && 'no bash' },
    async () => {
      const bash = variant(host, { transport: { ...host.transport, shell: () => shellOf('/bin/bash') } });
      assert.equal((await made(bash, 1)).reading.total, first + 1);
      assert.deepEqual(await undone(), { differs: null, left: 0 });
    },
  );
});

// The doctor's looks at this machine, by real shells: what is read of a process that works, and in how many round trips.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { parseSelection } from '../../src/model/live/selection.ts';
import type { Selection } from '../../src/model/live/selection.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import { lookAtHost } from '../../src/remote/doctor/look.ts';
import { diagnose } from '../../src/remote/doctor/doctor.ts';
import type { Channel } from '../../src/remote/transport.ts';
import { signal } from '../support/process-table.mjs';
import { localHost } from './measuring.ts';
import { has, SHELLS, through } from './shells.ts';

describe('the doctor looks at a host', { timeout: 240_000 }, () => {
  const host = localHost();
  let worker: ChildProcess | undefined;
  let selection: Selection | null = null;
  // Not sooner: what stands here runs as the suite begins, and this one takes a CPU.
  before(() => {
    worker = spawn(process.execPath, ['-e', 'const b = Buffer.alloc(40 << 20, 1); for (;;) b[7]++;'], {
      stdio: 'ignore',
    });
    selection = parseSelection(String(worker.pid));
  });
  after(async () => {
    if (worker?.pid !== undefined) signal(worker.pid, 'SIGKILL');
    await host.close();
  });

  for (const [shell, ...args] of SHELLS.filter(([name]) => ['dash', 'bash', 'busybox'].includes(name))) {
    it(`by ${[shell, ...args].join(' ')}`, { skip: !has(shell, args) && 'it is not installed' }, async () => {
      const { topology } = await host.discover();
      const live = await lookAtHost(through(shell, args), { topology, tmpfs: ['/dev/shm'], selection });
      const [found] = live.processes;
      assert.ok(found);
      assert.equal(found.pid, worker?.pid);
      assert.equal(found.name, 'node');
      assert.match(found.command, /Buffer\.alloc/);
      assert.ok(found.busy > 0 && found.residentBytes > 40 << 20);
      assert.ok(!isUnavailable(found.mappings));
      const kinds = new Set(found.mappings.map(({ kind }) => kind));
      assert.ok(kinds.has('anon') && kinds.has('file'));
      assert.ok(found.threads.some(({ busy, allowed }) => busy > 0 && allowed.length > 0));
      assert.ok(live.cpus.length > 0 && live.nodes.every(({ freeBytes }) => freeBytes !== null));
    });
  }

  it('in two shells and three questions, and says so where nobody is meant', async () => {
    /** Of each shell how often it was written to: each time is a round trip. */
    const asked: number[] = [];
    const shell = async (until?: AbortSignal): Promise<Channel> => {
      const channel = await host.transport.shell(until);
      const [at, { stdin }] = [asked.push(0) - 1, channel];
      const count = (): number => (asked[at] = (asked[at] ?? 0) + 1);
      const { write, end } = stdin;
      stdin.write = (...words: unknown[]) => (count(), Reflect.apply(write, stdin, words) as boolean);
      stdin.end = (...words: unknown[]) => (words.length > 0 && count(), Reflect.apply(end, stdin, words) as Writable);
      return channel;
    };
    const { verdict } = await diagnose({ ...host, transport: { ...host.transport, shell } }, { selection });
    assert.deepEqual(asked, [1, 2]);
    assert.notEqual(verdict, 'undecided');
    await assert.rejects(
      diagnose(host, { selection: parseSelection('unit:no-such-unit') }),
      /There is no unit no-such-unit\.service/,
    );
  });

  it('ends when it is cancelled', async () => {
    const end = new AbortController();
    const looking = diagnose(host, { selection, signal: end.signal, onStep: () => end.abort() });
    await assert.rejects(looking, /cancelled/i);
  });
});

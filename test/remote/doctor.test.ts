// The doctor's looks at this machine, by real shells: what is read of a process that works, and in how many round trips.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { parseSelection } from '../../src/model/live/selection.ts';
import type { Selection } from '../../src/model/live/selection.ts';
import { planMachine } from '../../src/model/plan/machine.ts';
import { placePlan } from '../../src/model/plan/place.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import { lookAtHost } from '../../src/remote/doctor/look.ts';
import { diagnose } from '../../src/remote/doctor/doctor.ts';
import type { Channel } from '../../src/remote/transport.ts';
import { lookForPlan } from '../../src/remote/plan/look.ts';
import { readPlanOf } from '../../src/protocol/plan-text.ts';
import { signal } from '../support/process-table.mjs';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { localHost } from './measuring.ts';
import { has, SHELLS, through } from './shells.ts';

const ID = 'ab'.repeat(32);

describe('the doctor looks at a host', { timeout: 240_000 }, () => {
  const host = localHost();
  let worker: ChildProcess | undefined;
  let selection: Selection | null = null;
  // Not sooner: what stands here runs as the suite begins, and this one takes a third of a CPU.
  before(() => {
    const work = 'for (const end = Date.now() + 30; Date.now() < end; ) b[7]++;';
    const script = `const b = Buffer.alloc(40 << 20, 1); setInterval(() => { ${work} }, 90);`;
    worker = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
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

  /** As docker, podman and virsh answer: one tells, one may not be asked, one knows two domains. */
  const TOOLS = {
    docker: `echo "${ID} cache"`,
    podman: 'echo no >&2; exit 125',
    virsh:
      'case "$*" in "-r -q -c qemu:///system list --all --name") printf "web\nold\n\n" ;; *) printf "web\n\n" ;; esac',
  };

  for (const [shell, ...args] of SHELLS.filter(([name]) => ['dash', 'busybox'].includes(name))) {
    it(
      `for a plan, with what tools call things, by ${[shell, ...args].join(' ')}`,
      { skip: !has(shell, args) && 'it is not installed' },
      async () => {
        const folder = temporaryFolder('tools');
        try {
          for (const [name, words] of Object.entries(TOOLS))
            writeFileSync(join(folder, name), `#!/bin/sh\n${words}\n`, { mode: 0o755 });
          const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
          const { topology } = await host.discover();
          const { plan } = readPlanOf(
            'a.plan.yaml',
            'schema: numa-pinboard/plan/1\nblocks: [{ name: worker, kind: process, runsAs: node, cpus: "0" }]',
          );
          const { blocks } = placePlan(plan, planMachine(topology));
          const there = { ...host, transport: through(shell, args, env) };
          const { names, others, processes } = await lookForPlan(there, topology, { blocks });
          assert.deepEqual([...names.containers], [[ID, { tool: 'docker', name: 'cache' }]]);
          assert.deepEqual(
            [...(names.domains ?? [])],
            [
              ['web', true],
              ['old', false],
            ],
          );
          assert.deepEqual([...names.silent], [['podman', 'may not be asked by this login']]);
          const found = others.find(({ kind, names: called }) => kind === 'program' && called.includes('node'));
          assert.ok(found?.pids.includes(worker?.pid ?? -1));
          const own = processes.find(({ pid }) => pid === worker?.pid);
          assert.ok(own && !isUnavailable(own.mappings) && own.busy > 0);
          assert.ok(
            processes.every(({ pid }) => pid !== process.pid),
            'who looks is nobody to be found',
          );
        } finally {
          removeFolder(folder);
        }
      },
    );
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

  it('starts no more than a few programs for each process that it looks at, which is what a busy host is slow at', async () => {
    const folder = temporaryFolder('grep');
    const told = join(folder, 'told');
    const grep = execFileSync('sh', ['-c', 'command -v grep'], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, 'grep'), `#!/bin/sh\necho >>'${told}'\nexec ${grep} "$@"\n`, { mode: 0o755 });
    const { topology } = await host.discover();
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const seen = async (of: string): Promise<{ programs: number; processes: number }> => {
      writeFileSync(told, '');
      const look = { topology, tmpfs: [], selection: parseSelection(of) };
      const { processes } = await lookAtHost(through('sh', [], env), look);
      return { programs: readFileSync(told, 'utf8').length, processes: processes.length };
    };
    try {
      const one = await seen(String(worker?.pid));
      const many = await seen('cgroup:/');
      assert.ok(one.programs > 5 && many.processes > one.processes, JSON.stringify({ one, many }));
      const each = (many.programs - one.programs) / (many.processes - one.processes);
      assert.ok(each < 4, JSON.stringify({ one, many }));
    } finally {
      removeFolder(folder);
    }
  });

  it('ends when it is cancelled', async () => {
    const end = new AbortController();
    const looking = diagnose(host, { selection, signal: end.signal, onStep: () => end.abort() });
    await assert.rejects(looking, /cancelled/i);
  });
});

// Processes that are followed on a host of four sockets, held beside what the host's own tools show of them: ps, top -H,
// numastat -p, and the kernel's own count of a control group.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isUnavailable } from '../../src/model/run/run.ts';
import type { SampledPages } from '../../src/model/live/group.ts';
import type { Sample } from '../../src/model/live/sample.ts';
import { parseSelection } from '../../src/model/live/selection.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import type { Host } from '../../src/remote/host.ts';
import { watchHost } from '../../src/remote/sampling/sampler.ts';
import { bringProgram } from '../support/brought.ts';
import type { BroughtProgram } from '../support/brought.ts';
import type { LabHost } from '../support/lab.ts';
import { waitFor } from '../support/processes.ts';
import { sharedLab } from './shared.ts';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));
const MIB = 1 << 20;
const GROUP = '/sys/fs/cgroup/pinboard-test';

describe('what is followed, beside the host’s own tools', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  let program: BroughtProgram;
  let host: Host;
  let pid = '';
  /** Another of the group, which never rests, on CPU 2. */
  let busy = '';
  before(async () => {
    lab = await shared.open();
    program = await bringProgram(lab, 'threads');
    host = connectHost(await lab.open('bench'), { agentDir });
    // Each joins the group first: a kernel with cpusets forgets what a process may run on when it is moved into another one.
    const inGroup = (command: string): Promise<string> =>
      lab.ask('root', `sh -c 'echo $$ >${GROUP}/cgroup.procs; exec ${command}' >/dev/null 2>&1 </dev/null & echo $!`);
    const asBench = 'setpriv --reuid=bench --regid=bench --clear-groups';
    await lab.ask('root', `echo +memory >/sys/fs/cgroup/cgroup.subtree_control; mkdir -p ${GROUP}`);
    // Threads on node 0, 64 MiB on node 1.
    pid = await inGroup(`numactl --physcpubind=0-3 --membind=1 ${asBench} ${program.path} 64 worker:0:3`);
    busy = await inGroup(`taskset -c 2 ${asBench} dash -c "while :; do :; done"`);
    await waitFor(async () => (await lab.ask('bench', `ls /proc/${pid}/task | wc -l`)) === '4', {
      what: 'its four threads',
      timeoutMs: 120_000,
      everyMs: 500,
    });
    // Until then it is taskset, on any CPU.
    await waitFor(async () => (await lab.ask('bench', `read -r name </proc/${busy}/comm; echo $name`)) === 'dash', {
      what: 'the program that taskset starts',
      timeoutMs: 120_000,
      everyMs: 500,
    });
  });
  after(async () => {
    await lab.ask(
      'root',
      `kill -KILL ${pid} ${busy}; while [ -e /proc/${pid} ] || [ -e /proc/${busy} ]; do sleep 0.1; done; rmdir ${GROUP}; echo -memory >/sys/fs/cgroup/cgroup.subtree_control`,
    );
    await host.close();
    await program.remove();
    await shared.leave();
  });

  /** The first sample of what is selected that is as wanted. */
  async function sampled(selection: string, wanted: (sample: Sample) => boolean): Promise<Sample> {
    const selections = [parseSelection(selection)].filter((one) => one !== null);
    // What is followed is read for a fiftieth of the time at most: on a slow host, seldom.
    const end = AbortSignal.timeout(400_000);
    let last: Sample | null = null;
    for await (const sample of watchHost(host, { intervalMs: 1000, selections, signal: end })) {
      last = sample;
      if (wanted(sample)) return sample;
    }
    assert.fail(`no sample as wanted: ${JSON.stringify(last?.groups)}`);
  }
  const pagesOf = (sample: Sample): SampledPages => {
    const pages = sample.groups?.[0]?.pages;
    assert.ok(pages && !isUnavailable(pages), JSON.stringify(pages));
    return pages;
  };

  /** What `top -H` shows of both, of its last second. It does not start without a description of its terminal, and the host has none. */
  async function topThreads(): Promise<{ tid: string; share: number; name: string }[]> {
    const dumb = ['/lib/terminfo/d/dumb', '/usr/share/terminfo/d/dumb'].find((path) => existsSync(path));
    assert.ok(dumb, 'terminfo (package ncurses-base)');
    const at = '/tmp/pinboard-terminfo';
    const bring = `mkdir -p ${at}/d; echo ${readFileSync(dumb).toString('base64')} | base64 -d >${at}/d/dumb`;
    const top = `TERM=dumb TERMINFO=${at} top -H -b -n 2 -d 1 -w 200 -p ${pid},${busy}`;
    const text = await lab.ask('bench', `${bring}; ${top}; rm -r ${at}`);
    const [, ...rows] = (text.split(/^\s*PID /m).at(-1) ?? '').split('\n');
    return rows.flatMap((row) => {
      const [tid = '', , , , , , , , share, , , name = ''] = row.trim().split(/\s+/);
      return /^\d+$/.test(tid) ? [{ tid, share: Number(share), name }] : [];
    });
  }

  it('names each thread as ps does, on the CPU that ps has it on, and has the same threads and the same busiest as top -H', async () => {
    const { processes } = await sampled('cgroup:/pinboard-test', (one) =>
      one.processes.some(({ pid: own, threads: [thread] }) => String(own) === busy && (thread?.busy ?? 0) > 0.5),
    );
    // Stopped, each thread stays where it was seen.
    await lab.ask('bench', `kill -STOP ${pid}`);
    try {
      const [stopped] = (await sampled(pid, () => true)).processes;
      const ps = await lab.ask('bench', `ps -L -o pid=,tid=,psr=,comm= -p ${pid}`);
      assert.deepEqual(
        (stopped?.threads ?? []).map(({ tid, cpu, name }) => [pid, String(tid), String(cpu), name].join(' ')).sort(),
        ps
          .split('\n')
          .map((line) => line.trim().replace(/\s+/g, ' '))
          .sort(),
      );
      assert.ok(stopped?.threads.every(({ cpu, allowed }) => cpu <= 3 && allowed === '0-3'));
    } finally {
      await lab.ask('bench', `kill -CONT ${pid}`);
    }
    const threads = processes.flatMap((one) => one.threads);
    const rows = await topThreads();
    assert.deepEqual(
      rows.map(({ tid, name }) => `${tid} ${name}`).sort(),
      threads.map(({ tid, name }) => `${tid} ${name}`).sort(),
    );
    const [most] = [...rows].sort((x, y) => y.share - x.share);
    assert.equal(most?.tid, busy, JSON.stringify(rows));
    const busiest = [...threads].sort((x, y) => (y.busy ?? 0) - (x.busy ?? 0))[0];
    assert.equal(String(busiest?.tid), busy);
    assert.equal(busiest?.cpu, 2);
  });

  /** @param times the margin that is told may be off so often: it is one of 95 %. */
  async function heldAgainstNumastat(who: string, { nodes, margins }: SampledPages, times: number): Promise<void> {
    const numastat = await lab.ask('bench', `numastat -p ${who}`);
    const total = /^Total\s+(.*)$/m.exec(numastat)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    for (const node of [0, 1, 2, 3]) {
      const [bytes, margin] = [nodes[node] ?? 0, margins[node] ?? 0];
      assert.ok(
        Math.abs(bytes / MIB - (total[node] ?? NaN)) <= (times * margin) / MIB + 0.5,
        `node ${String(node)}: ${String(bytes / MIB)} ± ${String(margin / MIB)}; ${numastat}`,
      );
    }
  }

  it('has its pages where numastat -p has them', async () => {
    const pages = pagesOf(await sampled(pid, () => true));
    await heldAgainstNumastat(pid, pages, 1);
    assert.ok(pages.residentBytes > 64 * MIB && (pages.nodes[1] ?? 0) > 60 * MIB);
  });

  it('tells of a process that is too large to ask whole each node\u2019s share to ± 1 %, as numastat -p counts it', async () => {
    const large = await lab.ask(
      'bench',
      'numactl --physcpubind=4 --interleave=0,3 memhog -r1000000 128m >/dev/null 2>&1 </dev/null & echo $!',
    );
    try {
      await waitFor(
        // Pages of 4 KiB, by the shell itself: a program that is started costs the emulator as much as a second of what is waited for.
        async () =>
          Number(await lab.ask('bench', `read -r _ held _ </proc/${large}/statm; echo $held`)) > (128 * MIB) / 4096,
        { what: 'its pages', timeoutMs: 120_000, everyMs: 500 },
      );
      await lab.ask('bench', `kill -STOP ${large}`);
      const pages = pagesOf(await sampled(large, () => true));
      assert.ok(!pages.all && pages.found < 20_000, `${String(pages.found)} of ${String(pages.asked)}`);
      for (const node of [0, 3]) {
        const margin = (pages.margins[node] ?? NaN) / pages.residentBytes;
        assert.ok(margin > 0 && margin < 0.0115, `node ${String(node)}: ± ${String(margin)}`);
      }
      await heldAgainstNumastat(large, pages, 2.5);
    } finally {
      await lab.ask('bench', `kill -KILL ${large}`);
    }
  });

  it('counts a whole control group as the kernel does, and finds who is in it', async () => {
    const sample = await sampled('cgroup:/pinboard-test', ({ groups }) => (groups?.[0]?.count ?? 0) > 0);
    const [group] = sample.groups ?? [];
    assert.ok(group);
    assert.deepEqual(new Set(group.pids), new Set([Number(pid), Number(busy)]));
    const memory = group.memory;
    assert.ok(!isUnavailable(memory), JSON.stringify(memory));
    const own = await lab.ask('bench', `cat ${GROUP}/memory.numa_stat`);
    const anon = Number(/^anon .*\bN1=(\d+)/m.exec(own)?.[1]);
    assert.ok(anon > 60 * MIB, own);
    assert.ok(Math.abs((memory.anon?.['1'] ?? 0) - anon) <= MIB, `${JSON.stringify(memory)} ${own}`);
  });
});

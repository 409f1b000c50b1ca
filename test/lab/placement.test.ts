// Where work runs on a host of four sockets: what a run says of its placement, against what the host shows from outside; and
// what is said where a mask forbids it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { LAYOUTS } from '../../src/model/cases/separation.ts';
import { PROBLEM_EXIT } from '../../src/model/problem.ts';
import type { LabHost } from '../support/lab.ts';
import { varied } from '../support/long.ts';
import { ask, forget, measure, users } from './asking.ts';
import { assertEmulated } from './marked.ts';
import { bound, watchingUntil, type MappingSeen } from './outside.ts';
import { assertCounts, placesOf, poolsPlaced, shows, type PoolsPlaced } from './pools-placed.ts';
import { sharedLab } from './shared.ts';

/** A CPU of node 0, one of node 2, and a node that is neither's. */
const [producer, consumer, memory] = [0, 8, 3];
const spsc = ['bench', 'spsc', '--producer', String(producer), '--consumer', String(consumer)];
const short = ['--repeat', '1', '--duration', '300ms'];

describe('placement on four sockets', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  before(async () => {
    lab = await shared.open();
  });
  after(() => shared.leave());

  /** With every login from now on in a control group of its own; `sets` are lists of the kernel's. */
  async function inGroup(
    name: string,
    sets: { readonly cpus: string; readonly mems: string },
    work: () => Promise<void>,
  ): Promise<void> {
    const group = `/sys/fs/cgroup/${name}`;
    await lab.ask(
      'root',
      `mkdir ${group} && echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control && echo ${sets.cpus} >${group}/cpuset.cpus &&
       echo ${sets.mems} >${group}/cpuset.mems && pgrep -o -x sshd >${group}/cgroup.procs`,
    );
    try {
      await forget();
      await work();
    } finally {
      await forget();
      await lab.ask(
        'root',
        `for pid in $(cat ${group}/cgroup.procs); do echo $pid >/sys/fs/cgroup/cgroup.procs || true; done 2>/dev/null
         while ! rmdir ${group} 2>/dev/null; do sleep 0.2; done`,
      );
    }
  }

  for (const user of users) {
    it(`${user}: a producer, a consumer and a ring are where the run says, on one node and interleaved`, async () => {
      const words = [...spsc, '--memory', String(memory), '--against', 'memory=interleave', '--repeat', '2'];
      const policies = [`bind:${String(memory)}`, 'interleave:0-3'];
      const { result: run, seen } = await watchingUntil(
        lab,
        'numa-agent',
        (seconds) => measure(lab, user, [...words, '--duration', `${String(seconds)}s`]),
        ({ threads, mappings }) =>
          [producer, consumer].every((cpu) => bound(threads).some(({ allowed }) => allowed === String(cpu))) &&
          policies.every((policy) => mappings.some((mapping) => mapping.policy === policy)),
      );
      const pinned = bound(seen.threads);
      assert.deepEqual(
        [...new Set(pinned.map(({ allowed }) => allowed))].sort(),
        [String(producer), String(consumer)].sort(),
      );
      for (const { allowed, cpu } of pinned) assert.equal(String(cpu), allowed);
      assert.deepEqual(Object.keys(run.results[0]?.seen.nodes ?? {}), [String(memory)]);
      assert.deepEqual(Object.keys(run.results[1]?.seen.nodes ?? {}), ['0', '1', '2', '3']);
      for (const [index, { seen: said, valid, why }] of run.results.entries()) {
        assert.ok(valid, why ?? '');
        assert.deepEqual(said.cpus, { producer: String(producer), consumer: String(consumer) });
        // A look may come while the ring is still being brought in.
        const rings = seen.mappings.filter(({ policy }) => policy === policies[index]);
        const whole = rings.filter(({ pages }) => isDeepStrictEqual(pages, said.nodes));
        assert.ok(
          whole.length > 0,
          `${JSON.stringify(said.nodes)} was not seen from outside: ${JSON.stringify(rings)}`,
        );
        for (const { pages, pageKilobytes } of rings) {
          assert.equal(pageKilobytes * 1024, said.pageBytes);
          for (const node of Object.keys(pages)) assert.ok(node in said.nodes, `pages on node ${node}`);
        }
      }
      assert.ok(run.verdict, 'one against the other');
      await assertEmulated(run);
    });

    it(`${user}: an own program runs and allocates where its pin says`, async () => {
      const mine = ({ policy, anonymous }: MappingSeen): boolean => policy === 'bind:1' && anonymous;
      const { result: run, seen } = await watchingUntil(
        lab,
        'memhog',
        (seconds) =>
          measure(lab, user, ['run', '--pin', 'memhog=4-5@1', '--', 'memhog', `-r${String(4 * seconds)}`, '64m']),
        ({ threads, mappings }) => threads.length > 0 && mappings.some(mine),
      );
      assert.ok(run.results[0]?.valid, run.results[0]?.why ?? '');
      assert.ok(seen.threads.length > 0, 'the program was seen from outside');
      for (const { allowed, cpu } of seen.threads) {
        assert.equal(allowed, '4-5');
        assert.ok(cpu === 4 || cpu === 5, `CPU ${String(cpu)}`);
      }
      const own = seen.mappings.filter(mine);
      assert.ok(own.length > 0, 'its memory was seen from outside');
      for (const { pages } of own) for (const node of Object.keys(pages)) assert.equal(node, '1');
    });
  }

  it('threads together under each policy: every page is where the policy puts it, and one that the kernel lacks is refused', async () => {
    const words = [
      'bench',
      'memory',
      '--cpu',
      '0,8',
      '--together',
      '--node',
      '1,3',
      '--size',
      '8M',
      '--what',
      'bandwidth',
    ];
    const run = await measure(lab, 'bench', [...words, '--memory', 'bind,preferred,interleave,local', ...short]);
    await assertEmulated(run);
    const at: unknown[] = [];
    for (const { placement, seen, valid, why, threads } of run.results) {
      assert.ok(valid, why ?? '');
      assert.equal(threads?.length, 2);
      assert.equal(seen.cpus['threads'], '0,8');
      at.push([placement.kind === 'memory' && placement.policy, Object.keys(seen.nodes).join()]);
      const counts = Object.values(seen.nodes);
      assert.equal(new Set(counts).size, 1, 'even shares');
      assert.equal(counts.reduce((sum, pages) => sum + pages, 0) * (seen.pageBytes ?? 0), 8 << 20);
    }
    assert.deepEqual(at, [
      ['bind', '1'],
      ['bind', '3'],
      ['preferred', '1'],
      ['preferred', '3'],
      ['interleave', '1,3'],
      ['local', '0,2'],
    ]);
    const weighted = await ask(lab, 'bench', [...words, '--memory', 'weighted-interleave', ...short]);
    if ((await lab.sh('bench', 'test -d /sys/kernel/mm/mempolicy/weighted_interleave')).code === 0) return;
    assert.equal(weighted.code, PROBLEM_EXIT.unsupported, weighted.stderr);
    assert.match(weighted.stderr, /Weighted interleave is unavailable: /);
  });

  it('workers of a pool and what they store are where the run says, by every touch, and all they did adds up', async () => {
    const cpus = [0, 4, 8, 12];
    const words = ['bench', 'pool', '--cpu', cpus.join(), '--size', '1M', '--repeat', '1', '--orders', 'hierarchical'];
    const touches = ['--load', 'distance', '--touch', 'worker,main,interleave,bind,replicate', '--node', '3'];
    const { result: run, seen } = await watchingUntil(
      lab,
      'numa-agent',
      (seconds) => measure(lab, 'bench', [...words, ...touches, '--duration', `${String(seconds)}s`]),
      ({ threads, mappings }) =>
        cpus.every((cpu) => bound(threads).some(({ allowed }) => allowed === String(cpu))) &&
        ['interleave:0-3', 'bind:0', 'bind:1', 'bind:2', 'bind:3'].every((policy) =>
          mappings.some((mapping) => mapping.policy === policy),
        ) &&
        mappings.some(({ policy, pages }) => policy === 'local' && Object.keys(pages).length === 4),
    );
    const pinned = bound(seen.threads);
    assert.deepEqual(
      [...new Set(pinned.map(({ allowed }) => Number(allowed)))].sort((a, b) => a - b),
      cpus,
    );
    for (const { allowed, cpu } of pinned) assert.equal(String(cpu), allowed);
    for (const { policy, pages } of seen.mappings.filter((one) => one.policy.startsWith('bind:')))
      assert.deepEqual(Object.keys(pages), [policy.slice('bind:'.length)]);
    assert.ok(seen.mappings.some(({ policy, pages }) => policy === 'local' && Object.keys(pages).length === 4));
    assert.deepEqual(
      run.results.map(({ placement, seen: said }) => [
        placement.kind === 'pool' && placement.touch,
        Object.keys(said.nodes).join(),
        Object.values(said.nodes).reduce((sum, pages) => sum + pages, 0) * (said.pageBytes ?? 0),
      ]),
      [
        ['worker', '0,1,2,3', 1 << 20],
        ['main', '0', 1 << 20],
        ['interleave', '0,1,2,3', 1 << 20],
        ['bind', '3', 1 << 20],
        ['replicate', '0,1,2,3', 4 << 20],
      ],
    );
    const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
    for (const { valid, why, emulated, workers = [], placement } of run.results) {
      assert.ok(valid && emulated, why ?? '');
      assert.deepEqual(
        workers.map(({ cpu, node }) => [cpu, node]),
        cpus.map((cpu, node) => [cpu, node]),
      );
      assert.ok(placement.kind === 'pool' && placement.classes.every((words) => words.startsWith('node at distance')));
      // A worker alone on its node has no other victims than those of other nodes: what it got, and that alone, ran remotely.
      for (const { polls, got, tried, local, remote } of workers) {
        assert.ok(Math.abs(local + remote - polls) <= 1 && Math.abs(sum(got) - remote) <= 1);
        assert.ok(got.every((count, of) => count <= (tried[of] ?? 0)));
      }
    }
    assert.match(run.verdict?.sentence ?? '', /on an emulated host/);
  });

  it('a CPU that is offline: named, with the command that brings it back', async () => {
    const online = '/sys/devices/system/cpu/cpu9/online';
    await lab.ask('root', `echo 0 >${online}`);
    try {
      const answer = await ask(lab, 'bench', ['bench', 'spsc', '--producer', '0', '--consumer', '9', ...short]);
      assert.equal(answer.code, 4, answer.stderr);
      assert.match(answer.stderr, /CPU 9 is offline/);
      assert.ok(answer.stderr.includes(`echo 1 | sudo tee ${online}`), answer.stderr);
    } finally {
      await lab.ask('root', `echo 1 >${online}`);
    }
  });

  for (const most of varied([], [10_000_000]))
    it(`of ${String(most)} jobs on four nodes none is lost, and none done twice`, async () => {
      const words = [
        '--load',
        'tiny',
        '--orders',
        'hierarchical',
        '--touch',
        'worker',
        '--repeat',
        '5',
        '--duration',
        '2s',
      ];
      for (let jobs = 0; jobs < most;) {
        const { results } = await measure(lab, 'bench', ['bench', 'pool', '--cpu', '0,4,8,12', ...words]);
        for (const { valid, why, workers = [] } of results) {
          // The agent holds every frame against what was put in.
          assert.ok(valid, why ?? '');
          jobs += workers.reduce((sum, { local, remote }) => sum + local + remote, 0);
        }
      }
    });

  describe('by a mask of the login', () => {
    /** Two CPUs of each node: sixteen that spin leave an emulator no time for those that work. */
    const mask = '0-1,4-5,8-9,12-13';
    const logins = (cpus: string): Promise<string> => lab.ask('root', `taskset -pc ${cpus} $(pgrep -o -x sshd)`);
    before(async () => {
      await logins(mask);
      await forget();
    });
    after(async () => {
      await forget();
      await logins('0-15');
    });

    it('threads that may not run there: the CPU is named, and what can be had', async () => {
      for (const user of users) {
        const answer = await ask(lab, user, ['bench', 'spsc', '--producer', '0', '--consumer', '10', ...short]);
        assert.equal(answer.code, PROBLEM_EXIT['cpu-forbidden'], answer.stderr);
        assert.match(answer.stderr, /CPU 10 /);
        assert.ok(answer.stderr.includes(`CPUs ${mask} can be used`), answer.stderr);
        assert.equal(answer.stdout, '');
      }
    });

    it('two pools and their store are where each layout says, seen from outside, and all they did is of these nodes', async () => {
      const custom = ['--walkers', '0', '--workers', '4', '--store', '2,3'];
      // Those that put walkers, workers and store on different nodes, or each on all of them.
      const wanted = varied<readonly (typeof LAYOUTS)[number][]>(['separated', 'replicated', 'custom'], LAYOUTS);
      const left = new Set<string>(wanted);
      const taken: PoolsPlaced[] = [];
      const notes: string[] = [];
      /** Of layouts not yet seen; 4 MB a node are two pages of 2 MB. */
      const layouts = async (seconds: number): Promise<PoolsPlaced[]> => {
        const presets = [...left].filter((layout) => layout !== 'custom');
        const words = ['bench', 'separation', '--scenarios', '100%', '--size', '12M', '--repeat', '1'];
        const which = ['--layouts', presets.join() || 'single', ...(left.has('custom') ? custom : [])];
        const run = await measure(lab, 'bench', [...words, ...which, '--duration', `${String(seconds)}s`]);
        notes.push(...(run.notes ?? []));
        assert.match(run.verdict?.sentence ?? '', /on an emulated host/);
        return run.results.flatMap(poolsPlaced);
      };
      const watch = (): Promise<unknown> =>
        watchingUntil(lab, 'numa-agent', layouts, ({ looks }, placed) => {
          for (const one of placed) {
            if (!left.has(one.layout) || one.starved || !looks.some((look) => shows(look, one))) continue;
            left.delete(one.layout);
            taken.push(one);
          }
          return left.size === 0;
        });
      const pool = (pages: number): Promise<string> =>
        lab.ask(
          'root',
          `for node in 1 2 3; do echo ${String(pages)} >/sys/devices/system/node/node$node/hugepages/hugepages-2048kB/nr_hugepages; done`,
        );
      try {
        await watch();
        assert.deepEqual([...left], [], 'layouts that were not seen from outside');
        const all = '0,1,2,3';
        const at = new Map(taken.map((one) => [one.layout, placesOf(one)]));
        const places: Readonly<Record<string, string[]>> = {
          mixed: [all, all, all],
          separated: ['0', '1,2,3', '1,2,3'],
          'huge-pages': ['0', '1,2,3', '1,2,3'],
          reversed: ['3', '0,1,2', '0,1,2'],
          single: ['0', '0', '0'],
          replicated: [all, all, all],
          custom: ['0', '1', '2,3'],
        };
        for (const layout of wanted) assert.deepEqual(at.get(layout), places[layout], layout);
        taken.forEach(assertCounts);
        assert.match(notes.join(' '), /walks have node 0 and distances nodes 1-3/);
        // None are reserved: transparent ones, with words.
        if (wanted.includes('huge-pages'))
          assert.match(notes.join(' '), /has transparent ones: not enough 2m pages are free/);
        notes.length = 0;
        left.add('huge-pages');
        await pool(2);
        await watch();
        assert.deepEqual([...left], [], 'a store in reserved pages was not seen from outside');
        assert.equal(taken.at(-1)?.pages, '2m');
        assert.equal(notes.join(' ').includes('transparent'), false);
      } finally {
        await pool(0);
      }
    });
  });

  it('a cpuset that leaves out memory but not CPUs: all is measured on the nodes that are left, and what is left out is named', async () => {
    await inGroup('mems', { cpus: '0,8,10', mems: '0' }, async () => {
      // Memory by first touch, of a producer whose own node is left out.
      const queue = ['bench', 'spsc', '--producer', '8', '--consumer', '10', ...short];
      const runs = [
        await measure(lab, 'bench', queue),
        // All pairs are measured well within it, but on a machine that has no time for the emulator.
        await measure(lab, 'bench', ['bench', 'matrix', '--budget', '60s']),
        await measure(lab, 'bench', ['bench', 'memory', '--cpu', '8', '--node', '0-1', '--size', '4M', ...short]),
        await measure(lab, 'bench', ['run', '--pin', 'sleep=8', '--', 'sleep', '1']),
      ];
      const lengthy = [
        ['bench', 'spsc', '--guide', '--budget', '12s'],
        ['bench', 'matrix', '--what', 'bandwidth', '--cpus', '0,8', '--budget', '20s'],
      ];
      for (const words of varied([], lengthy)) runs.push(await measure(lab, 'bench', words));
      for (const { topology, results, notes = [], repeat } of runs) {
        assert.deepEqual(
          topology.nodes.map(({ allowed }) => allowed),
          [true, false, false, false],
        );
        assert.ok(results.length > 0, repeat);
        for (const { benchmark, seen: said, valid, why } of results) {
          assert.ok(valid, `${repeat}: ${why ?? ''}`);
          // Of a program there are also pages of libraries, wherever who read them first had put them.
          const nodes = benchmark === 'run' ? [] : Object.keys(said.nodes);
          for (const node of nodes) assert.equal(node, '0', repeat);
        }
        assert.match(notes.join(' '), /nodes 1.3 left out: outside the cpuset/, repeat);
      }
      const ofMemory = runs.find(({ results }) => results[0]?.placement.kind === 'memory');
      assert.ok(ofMemory);
      await assertEmulated(ofMemory);
      for (const user of users) {
        const cpu = await ask(lab, user, ['bench', 'spsc', '--producer', '0', '--consumer', '4', ...short]);
        assert.equal(cpu.code, 4, cpu.stderr);
        assert.match(cpu.stderr, /CPU 4 .*\n.*CPUs 0,8,10 can be used/);
        const node = await ask(lab, user, [...spsc, '--memory', '3', ...short]);
        assert.equal(node.code, 4, node.stderr);
        assert.match(node.stderr, /NUMA node 3.*\n.*node 0 can be used.*cpuset\.mems/);
        const own = await ask(lab, user, ['run', '--pin', 'true=4', '--', 'true']);
        assert.equal(own.code, 4, own.stderr);
        assert.match(own.stderr, /CPU 4 /);
      }
    });
  });
});

// Huge pages on one node of four: reserved by the very command that the product's message names, seen there alone, used by a
// benchmark, and given back by the command that the message names for that; and by the product itself, whose plan is held against
// what the kernel then gives.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Sample } from '../../src/model/live/sample.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import { planUndo } from '../../src/model/hugepages/undo.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { changeHugePages, undoHugePages } from '../../src/remote/hugepages/change.ts';
import { PoolJournal } from '../../src/remote/hugepages/journal.ts';
import { readHugePages } from '../../src/remote/hugepages/read.ts';
import { planHugePages } from '../../src/model/hugepages/plan.ts';
import type { LabHost, LabUser } from '../support/lab.ts';
import { signal } from '../support/process-table.mjs';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { ask, measure, startAt, users } from './asking.ts';
import { watchingUntil, type MappingSeen } from './outside.ts';
import { AT_BOOT, atBootFile, sharedLab } from './shared.ts';

const node = 1;
const pageBytes = 2 * 1024 * 1024;
const spsc = [
  ...['bench', 'spsc', '--producer', '0', '--consumer', '8', '--memory', String(node), '--pages', '2m'],
  ...['--repeat', '2'],
];

describe('huge pages on one node of four', { timeout: 900_000 }, () => {
  const atBoot = AT_BOOT.pages;
  const none = [0, 0, 0, atBoot];
  const state = { XDG_STATE_HOME: temporaryFolder('state') };
  const shared = sharedLab('4s');
  const group = '/sys/fs/cgroup/limited';
  let lab: LabHost;
  /** What other files of the shared host do not have. */
  const onLastNode = (pages: number): Promise<string> =>
    lab.ask(
      'root',
      `echo ${String(pages)} >/sys/devices/system/node/node${String(AT_BOOT.node)}/hugepages/hugepages-2048kB/nr_hugepages`,
    );
  before(async () => {
    lab = await shared.open();
    await onLastNode(atBoot);
  });
  after(async () => {
    await onLastNode(0);
    await lab.ask('root', `rmdir ${group} || true; echo -hugetlb >/sys/fs/cgroup/cgroup.subtree_control`);
    await shared.leave();
  });

  const pool = (action: string, ...words: string[]): string[] => [
    ...['hugepages', action, '--node', String(node), '--pages', '2m', ...words],
  ];

  it('the kernel takes the command line: the pages are on that node from boot on', async () => {
    assert.deepEqual(countsOf(await lab.ask('root', `cat ${atBootFile}`)), none);
  });

  it('reserved as root, refused as bench; the plan is right, and undo puts back what was there', async () => {
    const refused = await ask(lab, 'bench', pool('reserve', '--count', '8', '--yes'), state);
    assert.equal(refused.code, 4, refused.stderr);
    assert.match(
      refused.stderr,
      /8 are missing[^]*echo 8 \| sudo tee \S+\/node1\/hugepages\/hugepages-2048kB\/nr_hugepages/,
    );
    assert.deepEqual(await reserved(), none);

    const host = connectHost(await lab.open('root'), { agentDir: '' });
    const journal = new PoolJournal(temporaryFolder('journal'));
    try {
      await lab.ask(
        'root',
        `echo +hugetlb >/sys/fs/cgroup/cgroup.subtree_control; mkdir ${group}; echo 4M >${group}/hugetlb.2MB.max`,
      );
      const { use } = await readHugePages(host);
      assert.deepEqual(use.mounts, [{ path: '/dev/hugepages', sizeBytes: pageBytes, limitBytes: null }]);
      assert.ok(!isUnavailable(use.limits));
      const limit = use.limits.find((one) => one.group === '/limited' && one.sizeBytes === pageBytes);
      assert.equal(limit?.limitBytes, 4 * 1024 ** 2);
      /** Has so many pages free, as `reserve` does. */
      const have = async (pages: (likely: number) => number): Promise<{ asked: number; short: number }> => {
        const { pools, boot } = await readHugePages(host);
        const { likely } = planHugePages(pools, { node, sizeBytes: pageBytes, pages: 1000 });
        const asked = pages(Number(likely));
        const { change } = planHugePages(pools, { node, sizeBytes: pageBytes, pages: asked });
        assert.ok(change);
        const { short } = await changeHugePages(host, change, { journal, boot });
        return { asked, short };
      };
      // So many are likely, and are had.
      const { asked, short } = await have((likely) => likely);
      assert.ok(asked > 8);
      assert.equal(short, 0);
      assert.deepEqual(await reserved(), [0, asked, 0, atBoot]);
      // More than the node's 512 MB: the kernel gives fewer and reports no error.
      const much = await have(() => 400);
      assert.equal(much.short, 400 - ((await reserved())[1] ?? 0));
      assert.ok(much.short > 0);

      for (const left of [asked, 0]) {
        const { pools, boot } = await readHugePages(host);
        const entry = (await journal.of({ transport: host.transport, boot })).open.at(-1);
        assert.ok(entry);
        const { change, differs } = planUndo(pools, entry);
        assert.ok(change && differs === null);
        await undoHugePages(host, entry, change, { journal, boot });
        assert.deepEqual(await reserved(), [0, left, 0, atBoot]);
      }
    } finally {
      await host.close();
    }
  });

  it('the unit to paste, its commands run by a shell of root: pages on that node alone, read back, and given back by its stop', async () => {
    const plan = await ask(lab, 'root', [...pool('plan', '--count', '6'), '--format', 'systemd'], state);
    assert.equal(plan.code, 0, plan.stderr);
    // systemd reads $ itself: $$ is the shell's.
    const command = (key: string): string =>
      new RegExp(`^${key}=/bin/sh -c '(.*)'$`, 'm').exec(plan.stdout)?.[1]?.replaceAll('$$', '$') ??
      assert.fail(plan.stdout);
    const started = await lab.sh('root', command('ExecStart'));
    assert.equal(started.code, 0, started.stderr);
    assert.deepEqual(await reserved(), [0, 6, 0, atBoot]);
    assert.equal((await lab.sh('root', command('ExecStop'))).code, 0);
    assert.deepEqual(await reserved(), none);
  });

  it('a client that is killed on the way leaves what undo needs', async () => {
    const client = await startAt(lab, 'root', pool('reserve', '--count', '32', '--yes'), state);
    const journal = join(state.XDG_STATE_HOME, 'numa-pinboard', 'hugepages');
    const entries = (): string[] =>
      existsSync(journal) ? readdirSync(journal).filter((name) => /^[^.].*json$/.test(name)) : [];
    await waitFor(() => entries().length > 0, {
      what: () => `an entry of the journal; ${client.output()}`,
      everyMs: 5,
    });
    signal(client.pid, 'SIGKILL');
    await client.ended;
    const list = await ask(lab, 'root', ['hugepages'], state);
    assert.equal(list.code, 0, list.stderr);
    assert.match(list.stdout, /1 change made from here and not undone[^]* on node 1: 32 /);
    const undo = await ask(lab, 'root', ['hugepages', 'undo'], state);
    assert.equal(undo.code, 0, undo.stderr);
    assert.deepEqual(await reserved(), none);
    assert.deepEqual(entries(), []);
  });

  const countsOf = (text: string): number[] => text.split('\n').map(Number);

  /** What the kernel says, node by node. */
  async function reserved(): Promise<number[]> {
    return countsOf(
      await lab.ask('root', 'cat /sys/devices/system/node/node?/hugepages/hugepages-2048kB/nr_hugepages'),
    );
  }

  /** The commands that the message names, with the host that it was asked about. */
  async function commands(user: LabUser): Promise<{ reserve: string[]; undo: string[] }> {
    const answer = await ask(lab, user, spsc);
    assert.equal(answer.code, 4, answer.stderr);
    assert.match(answer.stderr, /NUMA node 1 has 0 free huge pages of 2048 kB, and 1 are needed/);
    const named = [...answer.stderr.matchAll(/numa-pinboard (hugepages (?:reserve|undo)[^()]*?) --host (\S+?)\)?\s/g)];
    assert.deepEqual(
      named.map(([, , host]) => host),
      [lab.alias(user), lab.alias(user)],
      answer.stderr,
    );
    const [reserve = [], undo = []] = named.map(([, words = '']) => words.split(' '));
    return { reserve: [...reserve, '--yes'], undo };
  }

  async function sample(user: LabUser): Promise<Sample> {
    const answer = await ask(lab, user, ['watch', '--count', '1', '--interval', '200ms']);
    assert.equal(answer.code, 0, answer.stderr);
    return JSON.parse(answer.stdout) as Sample;
  }

  const totals = (nodes: readonly { hugepages: Topology['nodes'][number]['hugepages'] }[]): (number | undefined)[] =>
    nodes.map(({ hugepages }) => hugepages.find(({ sizeBytes }) => sizeBytes === pageBytes)?.total);

  for (const user of users) {
    it(`${user}: the message names the command; with it they are there alone, are used, and are given back`, async () => {
      const { reserve, undo } = await commands(user);
      const made = await ask(lab, 'root', reserve, state);
      assert.equal(made.code, 0, made.stderr);
      assert.deepEqual(await reserved(), [0, 1, 0, atBoot]);
      assert.deepEqual(totals((await sample(user)).nodes), [0, 1, 0, atBoot]);

      const huge = ({ pageKilobytes }: MappingSeen): boolean => pageKilobytes * 1024 === pageBytes;
      const { result: run, seen } = await watchingUntil(
        lab,
        'numa-agent',
        (seconds) => measure(lab, user, [...spsc, '--duration', `${String(seconds)}s`]),
        ({ mappings }) => mappings.some(huge),
      );
      assert.deepEqual(totals(run.topology.nodes), [0, 1, 0, atBoot]);
      assert.ok(run.results[0]?.valid, run.results[0]?.why ?? '');
      assert.deepEqual(run.results[0].seen.nodes, { [node]: 1 });
      assert.equal(run.results[0].seen.pageBytes, pageBytes);
      const rings = seen.mappings.filter(huge);
      assert.ok(rings.length > 0, 'the ring was seen from outside');
      for (const { policy, pages } of rings) {
        assert.equal(policy, `bind:${node}`);
        assert.deepEqual(pages, { [node]: 1 });
      }

      const chased = ['bench', 'memory', '--cpu', '0', '--node', String(node), '--size', '2M', '--what', 'latency'];
      const { results } = await measure(lab, user, [
        ...chased,
        '--pages',
        '2m',
        '--repeat',
        '1',
        '--duration',
        '300ms',
      ]);
      assert.ok(results[0]?.valid, results[0]?.why ?? '');
      assert.deepEqual([results[0].seen.nodes, results[0].seen.pageBytes], [{ [node]: 1 }, pageBytes]);

      const back = await ask(lab, 'root', undo, state);
      assert.equal(back.code, 0, back.stderr);
      assert.deepEqual(await reserved(), none);
    });
  }
});

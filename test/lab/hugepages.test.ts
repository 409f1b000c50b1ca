// Huge pages on one node of four: reserved by the very command that the product's message names, seen there alone, used by a
// benchmark, and given back by the command that the message names for that.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Sample } from '../../src/model/live/sample.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { bootLab, type LabHost, type LabUser } from '../support/lab.ts';
import { ask, measure, startAt, users } from './asking.ts';
import { watchingUntil, type MappingSeen } from './outside.ts';

const node = 1;
const pageBytes = 2 * 1024 * 1024;
const spsc = [
  ...['bench', 'spsc', '--producer', '0', '--consumer', '8', '--memory', String(node), '--pages', '2m'],
  ...['--repeat', '2'],
];

describe('huge pages on one node of four', { timeout: 900_000 }, () => {
  let lab: LabHost;
  before(async () => {
    lab = await bootLab('4s');
  });
  after(() => lab.stop());

  /** What the kernel says, node by node. */
  async function reserved(): Promise<number[]> {
    const counts = await lab.ask('root', 'cat /sys/devices/system/node/node?/hugepages/hugepages-2048kB/nr_hugepages');
    return counts.split('\n').map(Number);
  }

  /** The two commands of the message, which are meant for a person with sudo. */
  async function commands(user: LabUser): Promise<{ reserve: string; undo: string }> {
    const answer = await ask(lab, user, spsc);
    assert.equal(answer.code, 4, answer.stderr);
    assert.match(answer.stderr, /NUMA node 1 has 0 free huge pages of 2048 kB, and 1 are needed/);
    const [reserve, undo] = [...answer.stderr.matchAll(/echo \d+ \| sudo tee [\w./-]+/g)].map(([command]) => command);
    assert.ok(reserve && undo, answer.stderr);
    return { reserve, undo };
  }

  async function topology(user: LabUser): Promise<Topology> {
    const answer = await ask(lab, user, ['topology', '--format', 'json']);
    assert.equal(answer.code, 0, answer.stderr);
    return JSON.parse(answer.stdout) as Topology;
  }

  async function sample(user: LabUser): Promise<Sample> {
    const watch = await startAt(lab, user, ['watch', '--count', '1', '--interval', '200ms']);
    const answer = await watch.answer;
    assert.equal(answer.code, 0, answer.stderr);
    return JSON.parse(answer.stdout) as Sample;
  }

  const totals = (nodes: readonly { hugepages: Topology['nodes'][number]['hugepages'] }[]): (number | undefined)[] =>
    nodes.map(({ hugepages }) => hugepages.find(({ sizeBytes }) => sizeBytes === pageBytes)?.total);

  for (const user of users) {
    it(`${user}: the message names the command; with it they are there alone, are used, and are given back`, async () => {
      const { reserve, undo } = await commands(user);
      // Written down without sudo, this is not the unprivileged user's to do.
      const denied = await lab.sh('bench', reserve.replace('sudo ', ''));
      assert.notEqual(denied.code, 0);
      assert.deepEqual(await reserved(), [0, 0, 0, 0]);

      await lab.ask('root', reserve.replace('sudo ', ''));
      assert.deepEqual(await reserved(), [0, 1, 0, 0]);
      assert.deepEqual(totals((await topology(user)).nodes), [0, 1, 0, 0]);
      assert.deepEqual(totals((await sample(user)).nodes), [0, 1, 0, 0]);

      const huge = ({ pageKilobytes }: MappingSeen): boolean => pageKilobytes * 1024 === pageBytes;
      const { result: run, seen } = await watchingUntil(
        lab,
        'numa-agent',
        (seconds) => measure(lab, user, [...spsc, '--duration', `${String(seconds)}s`]),
        ({ mappings }) => mappings.some(huge),
      );
      assert.ok(run.results[0]?.valid, run.results[0]?.why ?? '');
      assert.deepEqual(run.results[0].seen.nodes, { [node]: 1 });
      assert.equal(run.results[0].seen.pageBytes, pageBytes);
      const rings = seen.mappings.filter(huge);
      assert.ok(rings.length > 0, 'the ring was seen from outside');
      for (const { policy, pages } of rings) {
        assert.equal(policy, `bind:${node}`);
        assert.deepEqual(pages, { [node]: 1 });
      }

      await lab.ask('root', undo.replace('sudo ', ''));
      assert.deepEqual(await reserved(), [0, 0, 0, 0]);
      assert.deepEqual(totals((await topology(user)).nodes), [0, 0, 0, 0]);
    });
  }
});

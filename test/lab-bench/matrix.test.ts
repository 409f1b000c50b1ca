// The matrix of a host of four sockets: which classes there are, where each line lay, and what an interrupt leaves. Its times are
// those of software and say nothing. A run of its own, by name: qemu 7.2 now and then hangs where the kernel patches its own code, and
// an agent that opens counters for every pair has it do so all the time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { formatCpuList } from '../../src/model/text/cpulist.ts';
import { parseRun } from '../../src/protocol/run.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { waitFor } from '../support/processes.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { ask, measure, startAt, users } from '../lab/asking.ts';

describe('the matrix of four sockets', { timeout: 900_000 }, () => {
  let lab: LabHost;
  let topology: Topology;
  before(async () => {
    lab = await bootLab('4s');
    topology = JSON.parse((await ask(lab, 'bench', ['topology', '--format', 'json'])).stdout) as Topology;
  });
  after(() => lab.stop());

  for (const user of users) {
    it(`${user}: every distance is a class of its own, and each line lay where it was asked to`, async () => {
      const { results, environment } = await measure(lab, user, ['bench', 'matrix', '--budget', '60s']);
      const [result] = results;
      assert.ok(result?.classes && result.placement.kind === 'matrix');
      assert.ok(result.emulated);
      const far = new Set(
        topology.nodes.flatMap((one) =>
          Object.entries(one.distances).map(([id, far]) => (id === String(one.id) ? 0 : far)),
        ),
      );
      for (const distance of far) {
        if (distance === 0) continue;
        const own = result.classes.filter(({ name }) => name.includes(`distance ${String(distance)}`));
        assert.ok(
          own.some(({ measuredPairs }) => measuredPairs > 0),
          `nothing measured at distance ${String(distance)}`,
        );
      }
      const nodeOf = new Map(topology.nodes.flatMap((node) => cpusOf(node.cpus).map((cpu) => [cpu, node.id])));
      const cpus = [...nodeOf.keys()];
      const apart = cpus.flatMap((a) => cpus.filter((b) => nodeOf.get(a) !== nodeOf.get(b)).map((b) => [a, b]));
      const pairs = result.classes.flatMap((own) => own.pairs);
      const key = (pair: readonly number[]): string => pair.join();
      const known = new Set(pairs.map(key));
      assert.equal(known.size, pairs.length, 'no pair is in two classes');
      assert.ok(
        apart.every((pair) => known.has(key(pair))),
        'pairs on two nodes are there both ways',
      );
      const measured = result.classes.flatMap((own) => own.measured.map((at) => own.pairs[at] ?? [-1, -1]));
      const homes = measured.map(([first]) => String(nodeOf.get(first)));
      for (const node of new Set(homes)) {
        assert.equal(result.seen.nodes[node], homes.filter((home) => home === node).length, `lines on node ${node}`);
      }
      assert.equal(result.seen.cpus['producer'], formatCpuList(measured.map(([first]) => first)));
      assert.equal(typeof environment['agentSha256'], 'string');
    });
  }

  it('an interrupt keeps what was measured, and ends with 5', async () => {
    const running = await startAt(lab, 'bench', ['bench', 'matrix', '--exhaustive', '--format', 'json']);
    const pids = (): Promise<string> => lab.ask('root', 'pgrep -c numa-agent || true');
    await waitFor(async () => Number(await pids()) > 0, { what: 'the agent on the host', timeoutMs: 120_000 });
    // A whole batch has to be over: the agent is started anew for the next.
    const first = await lab.ask('root', 'pgrep -o numa-agent || true');
    await waitFor(async () => ![first, ''].includes(await lab.ask('root', 'pgrep -o numa-agent || true')), {
      what: 'a second batch',
      timeoutMs: 120_000,
    });
    running.child.kill('SIGINT');
    const answer = await running.answer;
    assert.equal(answer.code, 5, answer.stderr);
    const run = parseRun(answer.stdout);
    assert.notEqual(run.partial, null);
    assert.ok((run.results[0]?.measuredPairs ?? 0) > 0);
    assert.equal(await pids(), '0', 'the agent is gone');
  });
});

function cpusOf(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [low = NaN, high = low] = part.split('-').map(Number);
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
}

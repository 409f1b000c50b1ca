// An arm64 host of two sockets: its topology against its own lstopo and numactl, and the arm64 agent at work on it. A run of its
// own, by name only (npm test -- lab-arm64): it needs a second emulator, a second image and a cross compiler.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Topology } from '../../src/model/topology/topology.ts';
import { ask, measure, users } from '../lab/asking.ts';
import { watchingUntil } from '../lab/outside.ts';
import { differences, factsOf } from '../support/facts.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { lstopoFacts } from '../support/lstopo.ts';
import { numactlFacts, numactlFactsOf } from '../support/numactl.ts';

describe('an arm64 host of two sockets', { timeout: 1_500_000 }, () => {
  let lab: LabHost;
  before(async () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build-agent.mjs', import.meta.url)), '--all']);
    lab = await bootLab('arm64');
  });
  after(() => lab.stop());

  for (const user of users) {
    it(`${user}: the topology is what lstopo and numactl say on the host`, async () => {
      const answer = await ask(lab, user, ['topology', '--format', 'json']);
      assert.equal(answer.code, 0, answer.stderr);
      const topology = JSON.parse(answer.stdout) as Topology;
      assert.equal(topology.machine.architecture, 'aarch64');
      assert.equal(topology.machine.emulated, true);
      assert.deepEqual([topology.packages.length, topology.nodes.length, topology.cpus.length], [2, 2, 8]);
      const xml = await lab.ask(user, 'lstopo --of xml --no-io --disallowed --filter icache:all');
      assert.deepEqual(differences('lstopo', lstopoFacts(xml), factsOf(topology)), []);
      const hardware = numactlFacts(await lab.ask(user, 'numactl --hardware'));
      assert.deepEqual(differences('numactl', hardware, numactlFactsOf(topology)), []);
    });

    it(`${user}: the arm64 agent runs threads and lays memory where it is told`, async () => {
      const words = ['bench', 'spsc', '--producer', '0', '--consumer', '4', '--memory', '1', '--repeat', '2'];
      const { result: run, seen } = await watchingUntil(
        lab,
        'numa-agent',
        (seconds) => measure(lab, user, [...words, '--duration', `${String(seconds)}s`]),
        ({ threads, mappings }) =>
          ['0', '4'].every((cpu) => threads.some(({ allowed }) => allowed === cpu)) &&
          mappings.some(({ policy }) => policy === 'bind:1'),
      );
      const [first] = run.results;
      assert.ok(first?.valid, first?.why ?? '');
      assert.ok(first.emulated);
      assert.deepEqual(first.seen.cpus, { producer: '0', consumer: '4' });
      assert.deepEqual(Object.keys(first.seen.nodes), ['1']);
      const pinned = seen.threads.filter(({ allowed }) => /^\d+$/.test(allowed)).map(({ allowed }) => allowed);
      assert.deepEqual([...new Set(pinned)].sort(), ['0', '4']);
      const rings = seen.mappings.filter(({ policy }) => policy === 'bind:1');
      assert.ok(rings.length > 0, 'the ring was seen from outside');
      for (const { pages } of rings) assert.deepEqual(Object.keys(pages), ['1']);
    });
  }

  it('memory on arm64: every kernel is right, non-temporal stores too, and a page size that it lacks is refused with those it has', async () => {
    const words = [
      'bench',
      'memory',
      '--cpu',
      '0,4',
      '--together',
      '--node',
      '1',
      '--size',
      '2M',
      '--what',
      'bandwidth',
    ];
    const kernels = ['read', 'copy', 'triad', 'write-nt', 'copy-nt', 'triad-nt'];
    const short = ['--repeat', '1', '--duration', '200ms'];
    const run = await measure(lab, 'bench', [...words, '--kernel', kernels.join(), ...short]);
    assert.equal(run.results.length, kernels.length);
    for (const { valid, why, seen } of run.results) {
      assert.ok(valid, why ?? '');
      assert.deepEqual(Object.keys(seen.nodes), ['1']);
    }
    const lacking = await ask(lab, 'bench', [...words, '--pages', '512m', ...short]);
    assert.equal(lacking.code, 4, lacking.stderr);
    assert.match(lacking.stderr, /no pages of 512m\.\n {2}Ask for one of those it has: 4k, thp, 64k, 2m, 32m, 1g/);
  });
});

describe('an arm64 host whose pages are 16 KiB', { timeout: 1_500_000 }, () => {
  let lab: LabHost;
  before(async () => {
    lab = await bootLab('arm64-16k');
  });
  after(() => lab.stop());

  it('memory is measured in the base page that the kernel has, seen as such; one of 4 KiB is refused with those it has', async () => {
    assert.equal((await lab.ask('bench', 'getconf PAGESIZE')).trim(), '16384');
    const words = ['bench', 'memory', '--cpu', '0,2', '--together', '--node', '1', '--size', '4M'];
    const short = ['--repeat', '1', '--duration', '200ms'];
    for (const pages of [[], ['--pages', '16k']]) {
      const run = await measure(lab, 'bench', [...words, ...pages, ...short]);
      for (const { placement, seen, valid, why } of run.results) {
        assert.ok(valid, why ?? '');
        assert.ok(placement.kind === 'memory' && placement.pages === '16k');
        assert.deepEqual([Object.keys(seen.nodes), seen.pageBytes], [['1'], 16_384]);
      }
    }
    const lacking = await ask(lab, 'bench', [...words, '--pages', '4k', ...short]);
    assert.equal(lacking.code, 4, lacking.stderr);
    assert.match(lacking.stderr, /no pages of 4k\.\n {2}Ask for one of those it has: 16k, thp, 2m, 32m, 1g/);
  });

  it('every pair of nodes is measured in it', async () => {
    const words = ['bench', 'nodes', '--pages', '16k', '--threads', '1', '--size', '4M', '--repeat', '1'];
    const run = await measure(lab, 'bench', [...words, '--duration', '100ms']);
    assert.equal(run.results.length, 8);
    for (const { valid, why, seen } of run.results)
      assert.deepEqual([valid, why, seen.pageBytes], [true, null, 16_384]);
  });
});

// The guided run where there is something to cross: every kind of pair of a four-socket host, each where it was asked to be, and no
// sentence that could be taken for one about hardware. A run of its own, by name: see matrix.test.ts.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { guideFindings } from '../../src/model/bench/guide/findings/findings.ts';
import { recommend, placedIn } from '../../src/model/recommend/recommend.ts';
import { relate } from '../../src/model/topology/relation.ts';
import type { Run } from '../../src/model/run/run.ts';
import { cli } from '../cli/cli.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { measure } from '../lab/asking.ts';

describe('a guided run of four sockets', { timeout: 900_000 }, () => {
  let lab: LabHost;
  let run: Run;
  const folder = temporaryFolder('guided');
  before(async () => {
    lab = await bootLab('4s');
    run = await measure(lab, 'bench', ['bench', 'spsc', '--guide', '--budget', '60s']);
  });
  after(async () => {
    await lab.stop();
    removeFolder(folder);
  });

  it('crosses the host in every way it has', () => {
    const pinned = run.results.map(({ placement }) => placement).filter((one) => one.kind === 'spsc' && one.pin);
    const crossed = new Set(
      pinned.map((one) => (one.kind === 'spsc' ? relate(run.topology, one.producer, one.consumer).words : '')),
    );
    for (const words of ['same core', 'same L3', ...[16, 22, 28].map((d) => `other socket, distance ${String(d)}`)]) {
      assert.ok(crossed.has(words), `${words}: ${[...crossed].join('; ')}`);
    }
    for (const { repetitions } of run.results) assert.ok(repetitions.length >= 1);
  });

  it('had threads and rings where they were asked to be', () => {
    for (const { placement, seen, valid, why } of run.results) {
      if (placement.kind !== 'spsc' || !valid) {
        // Software that plays sixteen CPUs on two may give a thread no turn; nothing else may have gone wrong.
        assert.match(why ?? '', /got nothing done/);
        continue;
      }
      if (placement.pin) {
        assert.deepEqual(seen.cpus, { producer: String(placement.producer), consumer: String(placement.consumer) });
      }
      assert.deepEqual(Object.keys(seen.nodes), [String(placement.memory)]);
    }
  });

  it('says emulated in every sentence about a time, and advises nothing from one', async () => {
    for (const { emulated } of run.results) assert.ok(emulated);
    for (const { topic, sentence, advice } of guideFindings(run.topology, run.results)) {
      if (topic === 'host' || topic === 'rounds') continue;
      assert.match(sentence, /, on an emulated host\.$/);
      assert.equal(advice, null);
    }
    assert.match(run.verdict?.sentence ?? '', /emulated host/);
    const file = join(folder, 'guided.numa.json');
    writeFileSync(file, JSON.stringify(run));
    const report = await cli(['report', file, '--to', folder]);
    assert.equal(report.code, 0, report.stderr);
  });

  it('writes down lines that the host’s own numactl runs, and that hold there', async () => {
    const placed = placedIn(run.topology, run);
    assert.ok(placed);
    const command = ['grep', '-E', '^(Cpus|Mems)_allowed_list', '/proc/self/status'];
    const [cpus, node] = [placed.threads.map(({ cpus: list }) => list), placed.memory];
    for (const { tool, text } of recommend(run.topology, { ...placed, command })) {
      if (tool !== 'numactl') continue;
      const told = await lab.ask('bench', text.split('\n')[0] ?? '');
      const [from, to] = cpus.map(Number).sort((a, b) => a - b);
      assert.match(told, new RegExp(`Cpus_allowed_list:\\s*${String(from)}[-,]${String(to)}$`, 'm'));
      assert.ok(node !== null);
    }
  });
});

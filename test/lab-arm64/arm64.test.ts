// An arm64 host of two sockets, and the arm64 agent on it: too long for every run, so only `npm test -- lab-arm64` does it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { measure, users, ask } from '../lab/asking.ts';
import { bootLab, type LabHost } from '../support/lab.ts';
import { startProcess } from '../support/processes.ts';

describe('an arm64 host of two sockets', { timeout: 900_000 }, () => {
  let lab: LabHost;
  before(async () => {
    const script = fileURLToPath(new URL('../../scripts/build-agent.mjs', import.meta.url));
    const agent = await startProcess(process.execPath, [script, '--all']);
    await agent.ended;
    assert.match(agent.output(), /aarch64/);
    lab = await bootLab('arm64');
  });
  after(() => lab.stop());

  for (const user of users) {
    it(`${user}: as many packages, nodes, cores and PUs as its own lstopo counts`, async () => {
      const answer = await ask(lab, user, ['topology', '--format', 'json']);
      assert.equal(answer.code, 0, answer.stderr);
      const seen = JSON.parse(answer.stdout) as Record<'packages' | 'nodes' | 'cores' | 'cpus', unknown[]>;
      const kinds = { package: seen.packages, numanode: seen.nodes, core: seen.cores, pu: seen.cpus };
      for (const [kind, objects] of Object.entries(kinds)) {
        const said = await lab.ask(user, `lstopo --only ${kind} | wc -l`);
        assert.equal(String(objects.length), said, kind);
      }
    });

    it(`${user}: the arm64 agent's threads and ring are where they were asked for`, async () => {
      const words = ['--producer', '0', '--consumer', '4', '--memory', '1', '--repeat', '1', '--duration', '300ms'];
      const [result] = (await measure(lab, user, ['bench', 'spsc', ...words])).results;
      assert.ok(result?.valid, result?.why ?? '');
      assert.deepEqual(result.seen.cpus, { producer: '0', consumer: '4' });
      assert.deepEqual(Object.keys(result.seen.nodes), ['1']);
    });
  }
});

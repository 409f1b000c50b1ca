// The doctor on a host of four sockets: a dozen faults of the fault lab, several of them at a time, and the host without any. All of
// them, one by one, on more shapes: `npm run bench:doctor`.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { faults } from '../../scripts/lab/faults/faults.ts';
import { judge } from '../../scripts/lab/faults/judge.ts';
import { bringWorker, seed, undo, type Place } from '../../scripts/lab/faults/seed.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { diagnose } from '../../src/remote/doctor/doctor.ts';
import type { Host } from '../../src/remote/host.ts';
import type { LabHost } from '../support/lab.ts';
import { sharedLab } from './shared.ts';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));

/** Kinds that do not hide each other, each with one look of the doctor. */
const TOGETHER: readonly (readonly string[])[] = [
  ['zone-reclaim-all', 'thp-defrag-always', 'cpu-offline', 'cpuset-cut', 'tmpfs-bound-far'],
  ['pages-far', 'membind-far', 'huge-pages-far', 'emulator-on-vcpus'],
  ['threads-straddle', 'service-across-nodes', 'program-text-far'],
];

describe('the doctor on four sockets', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  let host: Host;
  before(async () => {
    lab = await shared.open();
    await bringWorker(lab);
    host = connectHost(await lab.open('root'), { agentDir });
  });
  after(async () => {
    await host.close();
    await lab.ask('root', 'rm -rf /tmp/faults');
    await shared.leave();
  });

  TOGETHER.forEach((kinds, at) => {
    it(`finds ${kinds.join(', ')}, and nothing that is not so`, async () => {
      const place: Place = at % 2 === 0 ? { near: 0, far: 1 } : { near: 3, far: 2 };
      const seeded = faults.filter(({ kind }) => kinds.includes(kind));
      assert.equal(seeded.length, kinds.length);
      try {
        await seed(lab, seeded, place);
        const diagnosis = await diagnose(host);
        assert.equal(diagnosis.verdict, 'findings');
        const verdicts = seeded.map((fault) => judge(fault, diagnosis));
        const told = diagnosis.findings.map(({ id, sentence }) => `${id}: ${sentence}`).join('\n');
        const missed = seeded.filter((_, i) => verdicts[i]?.found !== true).map(({ kind }) => kind);
        assert.deepEqual(missed, [], told);
        const wrong = (verdicts[0]?.wrong ?? []).filter((id) => verdicts.every((one) => one.wrong.includes(id)));
        assert.deepEqual(wrong, [], told);
      } finally {
        await undo(lab, seeded, place);
      }
    });
  });

  it('finds nothing where all of it was taken away again', async () => {
    const { verdict, findings } = await diagnose(host);
    assert.deepEqual([verdict, findings.map(({ sentence }) => sentence)], ['no-problem', []]);
  });
});

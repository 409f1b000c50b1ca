// The doctor on a host of four sockets: faults of the fault lab, several of them at a time, and the host without any; and a plan
// beside a machine whose threads and pages are moved away. All faults, one by one, on more shapes: `npm run bench:doctor`.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { faults } from '../../scripts/lab/faults/faults.ts';
import { judge } from '../../scripts/lab/faults/judge.ts';
import { bringWorker, seed, undo, type Place } from '../../scripts/lab/faults/seed.ts';
import { driftLimits } from '../../src/model/plan/drift/base/check.ts';
import { besideOf } from '../../src/model/plan/drift/beside.ts';
import { driftsOf } from '../../src/model/plan/drift/drift.ts';
import type { Drifted } from '../../src/model/plan/drift/drift.ts';
import { planMachine } from '../../src/model/plan/machine.ts';
import { placePlan } from '../../src/model/plan/place.ts';
import { PROBLEM_EXIT } from '../../src/model/problem.ts';
import { readPlanOf } from '../../src/protocol/plan-text.ts';
import { topologySchema } from '../../src/protocol/topology.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { diagnose } from '../../src/remote/doctor/doctor.ts';
import type { Host } from '../../src/remote/host.ts';
import { lookForPlan } from '../../src/remote/plan/look.ts';
import type { LabHost } from '../support/lab.ts';
import { varied } from '../support/long.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { ask } from './asking.ts';
import { sharedLab } from './shared.ts';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));

/** Kinds that do not hide each other, each with one look of the doctor. */
const APART: readonly (readonly string[])[] = [
  ['zone-reclaim-all', 'thp-defrag-always', 'cpu-offline', 'cpuset-cut', 'tmpfs-bound-far'],
  ['pages-far', 'membind-far', 'huge-pages-far', 'emulator-on-vcpus'],
];
const TOGETHER = varied(APART, [...APART, ['threads-straddle', 'service-across-nodes', 'program-text-far']]);

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

  it('holds a plan beside a virtual machine and a service, and sees threads and pages moved away', async () => {
    const place: Place = { near: 1, far: 3 };
    const folder = temporaryFolder('plan');
    const file = join(folder, 'a.plan.yaml');
    // CPUs 4 to 7 are those of node 1.
    const text = `schema: numa-pinboard/plan/1
blocks:
  - { name: web, kind: vm, cpus: "4-5", memory: 80MB }
  - { name: hosts, kind: emulator, cpus: "6", serves: [web] }
  - { name: store, kind: process, cpus: "7", memory: 80MB }
`;
    const { plan } = readPlanOf(file, text);
    // By the connection that is asked last, so that it is there before anything works.
    const seen = await ask(lab, 'bench', ['topology', '--format', 'json']);
    const topology = v.parse(topologySchema, JSON.parse(seen.stdout));
    const placement = placePlan(plan, planMachine(topology));
    const look = async (): Promise<Drifted> =>
      driftsOf(placement, await lookForPlan(host, topology, { blocks: placement.blocks }), driftLimits({}));
    const told = ({ findings }: Drifted): string[] => findings.map(({ id, blocks }) => `${blocks.join()} ${id}`).sort();
    try {
      writeFileSync(file, text);
      // They work as little as shows: what they take of the emulator, the looks at them lack.
      const begin = `group store.service 7 $near
start_in store.service store "touch 80; duty 8; thread 7 work"
arguments="-name guest=web,debug-threads=on -m 80"
start qemu-system-x86_64 "on 6; touch 80; duty 8; thread 4 CPU 0/KVM; thread 5 CPU 1/KVM; thread 6 IO iothread1" numactl --membind=$near`;
      await seed(lab, [{ seed: begin, seen: '[ $(on $near $pid) -ge 78 ]' }], place);
      const kept = await look();
      assert.deepEqual(told(kept), [], JSON.stringify(kept.findings));
      assert.deepEqual(
        [kept.unread, kept.blocks.map(({ running }) => running[0]?.label)],
        [[], ['VM web', 'store.service']],
      );
      const away = `for task in /proc/$pid/task/*; do is $task/comm "CPU 1/KVM" && taskset -cp 12 \${task##*/}; done
migratepages $pid 1 3
echo 6-7 >$cgroups/store.service/cpuset.cpus
start backup "duty 15; thread 4 work"`;
      await seed(lab, [{ seed: away, seen: ':' }], place);
      // Without root: all but the pages of somebody else's process.
      const [drifted, { code, stdout }] = await Promise.all([
        look(),
        ask(lab, 'bench', ['plan', 'watch', file, '--once', '--format', 'json']),
      ]);
      const all = ['store plan-cpus-off', 'web plan-intruder', 'web plan-memory-off', 'web plan-vcpus-off'];
      assert.deepEqual(told(drifted), all, JSON.stringify(drifted.findings));
      // As a board is told: the thread where it is now, the pages where they lie, who else is there apart.
      const { blocks, diagnosis } = besideOf(drifted, '', 0);
      assert.deepEqual(
        blocks.map(({ name, standing }) => [name, standing]),
        [
          ['web', 'drifted'],
          ['store', 'drifted'],
        ],
      );
      const [web, store] = blocks;
      assert.deepEqual([web?.here, web?.away], ['4', '12']);
      // Which of the two CPUs that it may use its threads run on is the scheduler's choice.
      assert.match(`${store?.here ?? ''}/${store?.away ?? ''}`, /^(7\/6?|\/6)$/);
      const memory = web?.memory;
      assert.ok(memory && !('unavailable' in memory) && Number(memory['3']) >= 78 * 2 ** 20, JSON.stringify(memory));
      assert.equal(diagnosis.sentence, '0 of 2 blocks run as planned; 2 have drifted; others work on CPUs of 1.');
      assert.equal(code, PROBLEM_EXIT['check-failed']);
      const line = JSON.parse(stdout) as {
        findings: { id: string }[];
        unavailable: { block: string; title: string }[];
      };
      assert.deepEqual(line.findings.map(({ id }) => id).sort(), ['plan-cpus-off', 'plan-intruder', 'plan-vcpus-off']);
      assert.deepEqual(
        line.unavailable.map(({ block, title }) => `${block}: ${title}`),
        ['web: its memory'],
      );
    } finally {
      await undo(lab, [], place);
      removeFolder(folder);
    }
  });

  it('finds nothing where all of it was taken away again', async () => {
    const { verdict, findings } = await diagnose(host);
    assert.deepEqual([verdict, findings.map(({ sentence }) => sentence)], ['no-problem', []]);
  });
});

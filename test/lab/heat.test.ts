// What live state shows of a host of four sockets: allocations on the wrong node, a busy CPU, and a process's pages that move;
// in the samples, and in the figures that the board colours the nodes by.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missingWords } from '../../src/model/live/measures/measure.ts';
import { measureOf } from '../../src/model/live/measures/measures.ts';
import { isUnavailable } from '../../src/model/run/run.ts';
import type { Sample } from '../../src/model/live/sample.ts';
import { waitFor } from '../support/processes.ts';
import type { LabHost, LabUser } from '../support/lab.ts';
import { oneNode } from '../unit/topologies.ts';
import { startAt, users } from './asking.ts';
import { sharedLab } from './shared.ts';

const MIB = 1024 * 1024;

/** A watch that goes on, and the samples it printed so far. */
interface Watch {
  samples(): Sample[];
  /** The first sample from now on that is as wanted. */
  next(what: string, wanted: (sample: Sample) => boolean): Promise<Sample>;
  stop(): Promise<void>;
}

describe('live heat on four sockets', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  before(async () => {
    lab = await shared.open();
  });
  after(() => shared.leave());

  async function watch(user: LabUser, words: readonly string[] = []): Promise<Watch> {
    const running = await startAt(lab, user, ['watch', '--interval', '500ms', ...words]);
    const samples = (): Sample[] =>
      running
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Sample);
    return {
      samples,
      next(what, wanted) {
        const from = samples().length;
        return waitFor(() => samples().slice(from).find(wanted), {
          what: () => `${what}; ${JSON.stringify(samples().at(-1)?.nodes)} ${running.stderr()}`,
          timeoutMs: 120_000,
        });
      },
      stop: () => running.stop(),
    };
  }

  /** Something that stays on the host; returns its process id. */
  const begin = (user: LabUser, command: string): Promise<string> =>
    lab.ask(user, `${command} >/dev/null 2>&1 </dev/null & echo $!`);

  const other = (sample: Sample): number[] => sample.nodes.map(({ otherPerSecond }) => otherPerSecond ?? NaN);

  describe('of the whole host', () => {
    /** Of the unprivileged user. */
    let usual: Watch;
    before(async () => {
      usual = await watch('bench');
    });
    after(() => usual.stop());

    for (const user of users) {
      it(`${user}: a CPU of node 0 that allocates on node 1 shows there, as allocations by CPUs elsewhere`, async () => {
        const live = user === 'bench' ? usual : await watch(user);
        const pid = await begin(user, 'numactl --physcpubind=0 --membind=1 sh -c "while :; do memhog 16m; done"');
        try {
          // Each memhog takes 4,096 pages and gives them back by ending.
          const sample = await live.next('allocations on node 1', (one) => (other(one)[1] ?? 0) > 500);
          for (const node of [0, 2, 3]) {
            const elsewhere = other(sample)[node] ?? NaN;
            assert.ok(elsewhere < (other(sample)[1] ?? 0) / 4, `node ${String(node)}: ${String(elsewhere)} a second`);
          }
          const heat = sample.nodes.map(({ id }) => measureOf('allocations').value(sample, id));
          assert.equal(heat.indexOf(Math.max(...heat.map(Number))), 1);
          const busy = await live.next(
            'a busy CPU 0',
            ({ cpus }) => (cpus.find(({ id }) => id === 0)?.busy ?? 0) > 0.5,
          );
          assert.ok((measureOf('busy').value(busy, 0) ?? 0) > 50);
        } finally {
          await lab.ask(user, `kill ${pid}`);
          if (live !== usual) await live.stop();
        }
      });
    }

    it('a CPU that is switched off leaves the samples and returns, and no other one has its figure', async () => {
      const live = usual;
      const online = (state: 0 | 1): Promise<string> =>
        lab.ask('root', `echo ${String(state)} >/sys/devices/system/cpu/cpu5/online`);
      // The next one works all the time: its figure would be seen at once on another CPU.
      const pid = await begin('bench', 'taskset -c 6 sh -c "while :; do :; done"');
      const busyOf = ({ cpus }: Sample, id: number): number | undefined => cpus.find((cpu) => cpu.id === id)?.busy;
      const works = (sample: Sample): boolean => (busyOf(sample, 6) ?? 0) > 0.5;
      try {
        const before = await live.next('CPU 6 at work', (one) => works(one) && busyOf(one, 5) !== undefined);
        await online(0);
        const without = await live.next('a sample without CPU 5', (one) => works(one) && busyOf(one, 5) === undefined);
        assert.equal(without.cpus.length, before.cpus.length - 1);
        assert.ok((busyOf(without, 7) ?? 0) < 0.5, JSON.stringify(without.cpus));
        await online(1);
        const back = await live.next('CPU 5 again', (one) => works(one) && busyOf(one, 5) !== undefined);
        assert.equal(back.cpus.length, before.cpus.length);
        assert.ok((busyOf(back, 7) ?? 0) < 0.5, JSON.stringify(back.cpus));
      } finally {
        await online(1);
        await lab.ask('root', `kill ${pid}`);
      }
    });
  });

  for (const user of users) {
    it(`${user}: a process's pages move from node to node in the heat as migratepages moves them`, async () => {
      // It touches the same pages again and again, and is stopped before it lets go of them.
      const pid = await begin(user, 'numactl --physcpubind=8 --membind=0 memhog -r1000000 24m');
      const live = await watch(user, ['--pid', pid]);
      const share = (sample: Sample, node: number): number => measureOf('process').value(sample, node) ?? NaN;
      const resident = (sample: Sample, node: number): number => {
        const bytes = sample.processes[0]?.residentBytes;
        return bytes === undefined || isUnavailable(bytes) ? NaN : (bytes[node] ?? 0);
      };
      try {
        await live.next('its pages on node 0', (one) => resident(one, 0) > 20 * MIB && share(one, 0) > 80);
        await lab.ask(user, `kill -STOP ${pid}`);
        for (const [from, to] of [
          [0, 2],
          [2, 3],
        ] as const) {
          await lab.ask(user, `migratepages ${pid} ${String(from)} ${String(to)}`);
          const sample = await live.next(
            `its pages on node ${String(to)}`,
            (one) => resident(one, to) > 20 * MIB && share(one, to) > 80,
          );
          assert.ok(resident(sample, from) < 4 * MIB, JSON.stringify(sample.processes[0]?.residentBytes));
          assert.ok(share(sample, from) < 20);
        }
      } finally {
        await lab.ask(user, `kill -KILL ${pid}`);
        await live.stop();
      }
    });
  }

  it('what /proc counts of moving pages, their use, interrupts and devices is what the measures tell', async () => {
    const words = (key: string, sample: Sample): string => missingWords(measureOf(key), sample);
    const live = await watch('root');
    // Its pages lie on node 0, where it runs; then they are moved away, and NUMA balancing may bring them back.
    const balancing = (await lab.ask('root', 'cat /proc/sys/kernel/numa_balancing')).trim();
    const pid = await begin('root', 'numactl --physcpubind=0 memhog -r1000000 48m');
    try {
      const held = await live.next('its memory on node 0', ({ nodes }) => (nodes[0]?.anonBytes ?? 0) > 40 * MIB);
      assert.ok((measureOf('anon').value(held, 0) ?? 0) > (measureOf('anon').value(held, 3) ?? 100));
      // It works again when balancing is to see it: until then it would only take the emulator's time from the samples.
      await lab.ask('root', `kill -STOP ${pid}`);
      await lab.ask('root', 'echo 0 > /proc/sys/kernel/numa_balancing');
      const off = await live.next('that balancing is off', (one) => words('balancing', one).includes('switched off'));
      assert.equal(measureOf('balancing').value(off, 0), null);
      const before = Number(await lab.ask('root', `awk '/^pgmigrate_success/ { print $2 }' /proc/vmstat`));
      const from = live.samples().length;
      await lab.ask('root', `migratepages ${pid} 0 1`);
      const after = Number(await lab.ask('root', `awk '/^pgmigrate_success/ { print $2 }' /proc/vmstat`));
      assert.ok((after - before) * 4096 > 40 * MIB);
      /** The highest rate since then: the move may lie in several samples, and figures stand in those after them. */
      const fastest = (): number =>
        Math.max(
          0,
          ...live
            .samples()
            .slice(from)
            .map((one) => measureOf('migrations').value(one, 0) ?? 0),
        );
      await waitFor(() => fastest() > (after - before) / 60, {
        what: () =>
          `${String(after - before)} pages moved within a minute; the samples have ${String(fastest())} a second`,
        timeoutMs: 120_000,
      });

      await lab.ask('root', `echo 1 > /proc/sys/kernel/numa_balancing; kill -CONT ${pid}`);
      const faults = await live.next('faults of balancing', (one) => (measureOf('balancing').value(one, 0) ?? 0) > 0);
      assert.match(measureOf('balancing').sentence(oneNode(), faults), /^NUMA balancing caus/);
      await lab.ask('root', `kill -STOP ${pid}`);

      // The connection itself is what the interface carries, and what raises its interrupts.
      const carrying = await live.next('the interface at work', ({ devices = [] }) =>
        ['network', 'interrupts'].every((kind) => devices.some((one) => one.kind === kind && one.name === 'eth0')),
      );
      const node = (await lab.ask('root', 'cat /sys/class/net/eth0/device/../numa_node')).trim();
      for (const device of carrying.devices ?? [])
        if (device.name === 'eth0') assert.equal(device.node, Number(node) < 0 ? null : Number(node));
      await live.next('bytes in and out', ({ devices = [] }) =>
        devices.some((one) => (one.receivedBytesPerSecond ?? 0) > 0 || (one.sentBytesPerSecond ?? 0) > 0),
      );
      await live.next('interrupts of it', ({ devices = [] }) =>
        devices.some((one) => one.name === 'eth0' && (one.interruptsPerSecond ?? 0) > 0),
      );
      // What an emulated host has not is said with its reason.
      for (const key of ['frequency', 'bandwidth', 'loads', 'links'])
        assert.notEqual(carrying.unavailable?.[key], undefined, `${key}: ${words(key, carrying)}`);
    } finally {
      await lab.ask('root', `kill -KILL ${pid}; echo ${balancing} > /proc/sys/kernel/numa_balancing`);
      await live.stop();
    }
  });
});

// A host that works, made up: what its kernel would count second by second, the same in every run, and the samples that follow from it.
// Each CPU is now busy, now idle, for a while; memory comes and goes by pages; a process's threads wander.
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { HostTexts } from '../../src/model/live/host-texts.ts';
import { Rates } from '../../src/model/live/rates.ts';
import type { RawReading } from '../../src/model/live/rates.ts';
import type { RecordingHead } from '../../src/model/live/recording.ts';
import type { Sample } from '../../src/model/live/sample.ts';
import { randomOf } from '../fuzz/random.ts';
import type { Random } from '../fuzz/random.ts';
import { syntheticProbe } from '../unit/machines.ts';
import type { MachineShape } from '../unit/machines.ts';

const START = Date.UTC(2026, 0, 1, 10);
const TICKS = 100;
const PAGES = 64 << 18;

export const timeAt = (second: number): string => new Date(START + second * 1000).toISOString();

export function headOf(shape: MachineShape = { name: 'big-box', packages: 2, coresPerNode: 4 }): RecordingHead {
  const topology = readTopology(syntheticProbe(shape), { name: shape.name ?? 'big-box' });
  return { host: topology.machine.name, topology, environment: { numa_balancing: '0' }, intervalMs: 1000 };
}

interface Cpu {
  load: number;
  user: number;
  system: number;
  iowait: number;
  idle: number;
}

function work(cpu: Cpu, random: Random): void {
  // Some change what they do, about every half minute.
  if (random.below(30) === 0) cpu.load = random.pick([0, 1, 5, 20, 50, 80, 100]);
  const busy = Math.max(0, Math.min(TICKS, cpu.load + (cpu.load % TICKS === 0 ? 0 : random.below(9) - 4)));
  const system = Math.round(busy * (random.below(20) / 100));
  const iowait = random.below(40) === 0 ? Math.min(TICKS - busy, 3) : 0;
  cpu.user += busy - system;
  cpu.system += system;
  cpu.iowait += iowait;
  cpu.idle += TICKS - busy - iowait;
}

interface Node {
  readonly cpus: string;
  freePages: number;
  readonly counters: Record<string, number>;
}

function allocate(node: Node, random: Random): void {
  node.freePages = Math.max(1000, Math.min(PAGES, node.freePages + random.below(20_001) - 10_000));
  for (const name of Object.keys(node.counters))
    node.counters[name] = (node.counters[name] ?? 0) + random.below(name === 'numa_hit' ? 300_000 : 2000);
}

const kib = (pages: number): number => pages * 4;

function filesOf(cpus: ReadonlyMap<number, Cpu>, nodes: ReadonlyMap<number, Node>): Map<string, string> {
  const files = new Map<string, string>();
  const lines = [...cpus].map(
    ([id, { user, system, iowait, idle }]) => `cpu${id} ${user} 0 ${system} ${idle} ${iowait} 0 0 0 0 0`,
  );
  files.set('proc/stat', `cpu  0 0 0 0 0 0 0 0 0 0\n${lines.join('\n')}\n`);
  for (const [id, { cpus: own, freePages, counters }] of nodes) {
    const folder = `sys/devices/system/node/node${id}`;
    const fields = {
      MemTotal: PAGES,
      MemFree: freePages,
      MemUsed: PAGES - freePages,
      FilePages: (PAGES - freePages) >> 1,
    };
    const memory = Object.entries(fields).map(([name, pages]) => `Node ${id} ${name}: ${kib(pages)} kB`);
    files.set(`${folder}/meminfo`, memory.join('\n'));
    files.set(
      `${folder}/numastat`,
      Object.entries(counters)
        .map(([name, count]) => `${name} ${count}`)
        .join('\n'),
    );
    files.set(`${folder}/cpulist`, own);
    files.set(`${folder}/hugepages/hugepages-2048kB/nr_hugepages`, '512\n');
    files.set(`${folder}/hugepages/hugepages-2048kB/free_hugepages`, '200\n');
  }
  return files;
}

/** @param threads of a process that is followed; 0: none is. */
export function* samplesOf(
  { topology }: Pick<RecordingHead, 'topology'>,
  seconds: number,
  threads = 0,
): Generator<Sample> {
  const random = randomOf(7, seconds);
  const ids = topology.cpus.map(({ id }) => id);
  const cpus = new Map(
    ids.map((id) => [id, { load: random.pick([0, 20, 100]), user: 0, system: 0, iowait: 0, idle: 0 }]),
  );
  const names = ['numa_hit', 'numa_miss', 'numa_foreign', 'interleave_hit', 'local_node', 'other_node'];
  const nodes = new Map(
    topology.nodes.map(({ id, cpus }) => [
      id,
      { cpus, freePages: PAGES >> 1, counters: Object.fromEntries(names.map((name) => [name, 1])) },
    ]),
  );
  const wandering = Array.from({ length: threads }, (_, at) => ({
    tid: 4242 + at,
    name: `worker-${at}`,
    cpu: random.pick(ids),
    migrations: 0,
  }));
  const [texts, rates] = [new HostTexts(), new Rates()];
  for (let second = 0; second <= seconds; second++) {
    for (const cpu of cpus.values()) work(cpu, random);
    for (const node of nodes.values()) allocate(node, random);
    for (const thread of wandering)
      if (random.below(10) === 0) [thread.cpu, thread.migrations] = [random.pick(ids), thread.migrations + 1];
    const residentBytes = Object.fromEntries([...nodes].map(([id, { freePages }]) => [id, kib(freePages) * 256]));
    const processes =
      threads === 0 ? [] : [{ pid: 4242, name: 'queue', residentBytes, threads: wandering.map((own) => ({ ...own })) }];
    const raw: RawReading = { monotonicMs: second * 1000 + random.below(3), files: filesOf(cpus, nodes), processes };
    const sample = rates.take(texts.take(raw), timeAt(second));
    if (sample) yield sample;
  }
}

// Owns an invented machine of any size as files, for samplers that are given a root: counters that grow in place as those of a machine
// at work do. Numbers keep their width, so that who reads while they are written sees old or new lines, and no others.
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatCpuList } from '../../src/model/text/cpulist.ts';
import { randomFrom } from '../../src/model/run/statistics.ts';

export type Work = 'idle' | 'half' | 'random';

interface Size {
  readonly cpus: number;
  readonly nodes: number;
}

const NODE = 'sys/devices/system/node';
/** user nice system idle iowait irq softirq steal guest guest_nice (proc(5)) */
const [USER, SYSTEM, IDLE, FIELDS] = [0, 2, 3, 10];
/** Wide enough for all that is added to them. */
const START = 100_000_000;
const COUNTERS = ['numa_hit', 'numa_miss', 'numa_foreign', 'interleave_hit', 'local_node', 'other_node'];
/** Of a node's meminfo, those that move, and how many lines there are. */
const MEMORY = ['MemFree', 'MemUsed', 'Active', 'Inactive', 'FilePages', 'AnonPages', 'Slab', 'SReclaimable'];

export class MachineTree {
  readonly #size: Size;
  readonly root: string;
  readonly #files = new Map<string, number>();
  readonly #ticks: Uint32Array;
  readonly #offline = new Set<number>();
  readonly #counters: Float64Array;
  readonly #memory: Float64Array;
  readonly #random = randomFrom(1);
  #nodes: number;

  constructor(root: string, size: Size) {
    this.root = root;
    this.#size = size;
    this.#nodes = size.nodes;
    this.#ticks = new Uint32Array(size.cpus * FIELDS).fill(START);
    this.#counters = new Float64Array((size.nodes + 1) * COUNTERS.length).fill(START * 10);
    this.#memory = new Float64Array((size.nodes + 1) * MEMORY.length).fill(START);
    for (let node = 0; node < size.nodes; node++) this.#makeNode(node);
    this.#write(`${NODE}/online`, `${formatCpuList(Array.from({ length: size.nodes }, (_, id) => id))}\n`);
    this.#write('proc/uptime', '1000000.00 1000000.00\n');
    this.#writeAll();
  }

  #cpusOf(node: number): number[] {
    const each = this.#size.cpus / this.#size.nodes;
    const all = Array.from({ length: this.#size.cpus }, (_, cpu) => cpu);
    return all.filter((cpu) => Math.floor(cpu / each) === node && !this.#offline.has(cpu));
  }

  #makeNode(node: number): void {
    this.#write(`${NODE}/node${node}/cpulist`, `${formatCpuList(this.#cpusOf(node))}\n`);
    for (const kB of [2048, 1_048_576])
      for (const file of ['nr_hugepages', 'free_hugepages', 'surplus_hugepages'])
        this.#write(`${NODE}/node${node}/hugepages/hugepages-${kB}kB/${file}`, '0\n');
  }

  #write(path: string, text: string): void {
    let fd = this.#files.get(path);
    if (fd === undefined) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      fd = openSync(join(this.root, path), 'w+');
      this.#files.set(path, fd);
    }
    const length = writeSync(fd, text, 0);
    ftruncateSync(fd, length);
  }

  #statText(): string {
    const lines = [`cpu  ${Array.from({ length: FIELDS }, () => START).join(' ')}`];
    for (let cpu = 0; cpu < this.#size.cpus; cpu++)
      if (!this.#offline.has(cpu))
        lines.push(`cpu${cpu} ${this.#ticks.subarray(cpu * FIELDS, (cpu + 1) * FIELDS).join(' ')}`);
    // Of a machine with so many CPUs this line alone is tens of kilobytes.
    lines.push(`intr ${START}${' 0'.repeat(this.#size.cpus * 16)}`, `ctxt ${START}`, 'btime 1760000000', '');
    return lines.join('\n');
  }

  #writeAll(): void {
    this.#write('proc/stat', this.#statText());
    for (let node = 0; node < this.#nodes; node++) {
      const counter = (i: number): number => this.#counters[node * COUNTERS.length + i] ?? 0;
      this.#write(`${NODE}/node${node}/numastat`, COUNTERS.map((name, i) => `${name} ${counter(i)}\n`).join(''));
      const memory = ['MemTotal', ...MEMORY, ...Array.from({ length: 24 }, (_, i) => `Other${i}`)];
      const line = (name: string, i: number): string =>
        `Node ${node} ${`${name}:`.padEnd(16)} ${String(i === 0 ? START * 4 : (this.#memory[node * MEMORY.length + i - 1] ?? 0)).padStart(10)} kB\n`;
      this.#write(`${NODE}/node${node}/meminfo`, memory.map(line).join(''));
    }
  }

  /** Lets time pass: so many ticks (10 ms) of each CPU, and what work does to the memory of nodes meanwhile. */
  pass(ticks: number, work: Work): void {
    const random = this.#random;
    for (let cpu = 0; cpu < this.#size.cpus; cpu++) {
      if (this.#offline.has(cpu)) continue;
      let busy = 0;
      if (work === 'random') busy = Math.round(random() * ticks);
      else if (work === 'half' && cpu % 2 === 0) busy = random() < 0.1 ? ticks - 1 : ticks;
      else if (random() < 0.02) busy = 1;
      const system = Math.round(busy / 4);
      const at = cpu * FIELDS;
      for (const [field, spent] of [
        [USER, busy - system],
        [SYSTEM, system],
        [IDLE, ticks - busy],
      ] as const)
        this.#ticks[at + field] = (this.#ticks[at + field] ?? 0) + spent;
    }
    const most = { idle: 20, half: 5000, random: 20_000 }[work];
    for (let node = 0; node < this.#nodes; node++) {
      const [hit, miss] = [Math.round(random() * most), Math.round(random() * most * 0.1)];
      const spent = [hit, miss, miss, 0, hit - miss, miss * 2];
      for (const [i, pages] of spent.entries()) this.#counters[node * COUNTERS.length + i]! += Math.max(0, pages);
      for (let i = 0; i < MEMORY.length; i++)
        this.#memory[node * MEMORY.length + i]! += Math.round((random() - 0.5) * most * 4);
    }
    this.#writeAll();
  }

  /** Takes a CPU away, or gives it back; /proc/stat tells of it together with the next ticks, so that no sample falls between. */
  setOnline(cpu: number, online: boolean): void {
    if (online) this.#offline.delete(cpu);
    else this.#offline.add(cpu);
    for (let node = 0; node < this.#size.nodes; node++)
      this.#write(`${NODE}/node${node}/cpulist`, `${formatCpuList(this.#cpusOf(node))}\n`);
  }

  /** Memory without CPUs that is plugged in. */
  addNode(): void {
    this.#makeNode(this.#nodes);
    this.#nodes++;
    this.#writeAll();
    this.#write(`${NODE}/online`, `0-${this.#nodes - 1}\n`);
  }

  /** Shares of time since boot are none that can be told from here: what each CPU's ticks are now. */
  ticksOf(cpu: number): { busy: number; idle: number } {
    const field = (i: number): number => (this.#ticks[cpu * FIELDS + i] ?? 0) - START;
    return { busy: field(USER) + field(SYSTEM), idle: field(IDLE) };
  }

  remove(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Schema of placement plans: from what a person writes (`*.plan.yaml`) to the plan as data. Its input side is published as JSON Schema. */

import * as v from 'valibot';
import { BLOCK_KINDS, FLOW_BOUNDS, FLOW_RATES, MEMORY_POLICIES, PLAN_SCHEMA } from '../model/plan/plan.ts';
import type { Block, Flow, Plan } from '../model/plan/plan.ts';
import { formatCpuList, MAX_ID, parseCpuList } from '../model/text/cpulist.ts';
import { UNSAFE } from '../model/text/clean.ts';
import { capital } from '../model/text/format.ts';
import { named } from './primitives.ts';

/** Above any plan that a person would keep in one file. */
const MOST_BLOCKS = 1000;
const MOST_FLOWS = 10_000;
const MOST_LISTED = 1000;

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** "118GB", "45 MiB", "2m": by powers of 1024, as the kernel and lstopo print memory. */
function bytesOf(written: string): number {
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?$/i.exec(written) ?? [];
  return Math.round(Number(figure) * (UNITS[unit.toLowerCase()] ?? 1));
}

const SIZE = 'give a size with its unit, by powers of 1024, such as 118GB or 512MB';
const size = v.pipe(
  v.union(
    [v.pipe(v.string(), v.regex(/^\d{1,16}(\.\d{1,6})? ?([kmgtKMGT][iI]?[bB]?|[bB])$/, SIZE)), v.literal(0)],
    SIZE,
  ),
  v.transform((written) => (written === 0 ? 0 : bytesOf(written))),
  v.safeInteger(SIZE),
);

const WHOLE = 'give a whole number';
/** As a plan's sizes are written; or what is wrong with it. */
export function parseSize(written: string): { readonly bytes: number } | { readonly wrong: string } {
  const read = v.safeParse(size, written === '0' ? 0 : written);
  return read.success ? { bytes: read.output } : { wrong: `${capital(SIZE)}.` };
}

const whole = (low: number, high: number) =>
  v.pipe(
    v.number(WHOLE),
    v.safeInteger(WHOLE),
    v.minValue(low, `is at least ${low}`),
    v.maxValue(high, `is at most ${high}`),
  );
const node = v.pipe(whole(0, MAX_ID), v.description('A NUMA node, by the number that the kernel gives it.'));

function isList(written: string | number): boolean {
  try {
    const { length } = parseCpuList(String(written));
    return length > 0 && length <= MOST_IDS;
  } catch {
    return false;
  }
}
/** More than any machine that is planned for has. */
const MOST_IDS = 8192;
const LIST = 'give a list as the kernel prints it, such as "0-3,8" (in quotes inside { })';
/** One number needs no quotes. */
const idList = v.pipe(
  v.union([v.pipe(v.string(), v.maxLength(10_000, LIST)), v.pipe(v.number(), v.safeInteger(LIST))], LIST),
  v.check(isList, LIST),
  v.transform((written) => parseCpuList(String(written))),
);
const cpus = v.pipe(
  idList,
  v.transform((ids) => formatCpuList(ids)),
);

const NAME = 'give a name of 1 to 100 visible characters (in quotes if it could be read as a number)';
const hidden = new RegExp(UNSAFE.source, 'u');
const name = v.pipe(
  v.string(NAME),
  v.minLength(1, NAME),
  v.maxLength(100, NAME),
  v.check((text) => !hidden.test(text) && text.trim() === text, NAME),
);
/** A path of a control group is one, too. */
const RUNNING = 'give a name of 1 to 1000 visible characters (in quotes if it could be read as a number)';
const running = v.pipe(
  v.string(RUNNING),
  v.minLength(1, RUNNING),
  v.maxLength(1000, RUNNING),
  v.check((text) => !hidden.test(text) && text.trim() === text, RUNNING),
);
const TAINT = 'give a taint as KEY=VALUE:NoSchedule (or PreferNoSchedule, NoExecute)';
const taint = v.pipe(
  v.string(TAINT),
  v.maxLength(400, TAINT),
  v.regex(/^[\w./-]+(=[\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/, TAINT),
);
/** What is wrong with what is typed for it; empty: nothing. */
const wrongIn =
  (schema: v.GenericSchema) =>
  (typed: string): string => {
    const read = v.safeParse(schema, typed);
    // In a field nothing needs quotes.
    return read.success ? '' : `${capital(read.issues[0].message.replace(/ \(in quotes .*\)/, ''))}.`;
  };
export const wrongName = wrongIn(name);
export const wrongRunsAs = wrongIn(running);
export const wrongTaint = wrongIn(taint);
const PLACE = 'give 1 to 20,000 characters';
const place = v.pipe(v.string(PLACE), v.minLength(1, PLACE), v.maxLength(20_000, PLACE));
const oneOf = <const T extends readonly string[]>(words: T) => v.picklist(words, `give one of ${words.join(', ')}`);

const listOf = <S extends v.GenericSchema>(item: S, most = MOST_LISTED) =>
  v.pipe(
    v.array(item, 'give a list: each item behind "- ", or all within [ ]'),
    v.maxLength(most, `has at most ${most} items`),
  );
/** A key with nothing behind it is one that is not there yet. */
const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);
const described = <S extends v.GenericSchema>(schema: S, words: string) => v.pipe(schema, v.description(words));

const host = v.pipe(
  v.strictObject({
    topology: maybe(described(place, 'A file or folder that --from reads, relative to this plan.')),
    synthetic: maybe(described(place, 'hwloc\u2019s notation of a machine: pack:2 l3:1 core:18 pu:2.')),
    ssh: maybe(described(place, 'A host by SSH: an alias of your SSH config, or user@host.')),
    distances: maybe(
      described(
        listOf(listOf(whole(1, 255))),
        'Distances between its nodes, a row a node, as numactl --hardware prints them; for a description that has none.',
      ),
    ),
  }),
  v.check(
    ({ topology, synthetic, ssh }) => [topology, synthetic, ssh].filter((one) => one !== null).length === 1,
    'give exactly one of topology, synthetic and ssh',
  ),
  v.check(
    ({ distances }) => distances === null || distances.every((row) => row.length === distances.length),
    'distances need as many rows as columns',
  ),
);

const reserve = v.pipe(
  v.strictObject({
    node,
    cores: v.optional(described(whole(0, MAX_ID), 'Whole cores that no block gets.'), 0),
    memory: v.optional(described(size, 'Memory that no block gets, such as 8GB.'), 0),
  }),
  v.transform(({ node: id, cores, memory }) => ({ node: id, cores, memoryBytes: memory })),
);

const hugepages = v.pipe(
  v.strictObject({
    size: described(size, 'Of one page: 2m, 1g.'),
    memory: described(size, 'How much of the block\u2019s memory is in such pages.'),
  }),
  v.check((pages) => pages.size >= 4096 && Number.isInteger(Math.log2(pages.size)), 'size is that of one page: 2m, 1g'),
  v.transform((pages) => ({ sizeBytes: pages.size, memoryBytes: pages.memory })),
);

const guest = v.strictObject({
  sockets: whole(1, 1024),
  cores: whole(1, MAX_ID),
  threads: whole(1, 64),
  nodes: v.optional(described(whole(1, 1024), 'NUMA nodes that it is told of (libvirt\u2019s cells).'), 1),
});

const device = v.union(
  [
    v.pipe(
      name,
      v.transform((text) => ({ name: text, node: null })),
    ),
    v.strictObject({ name, node: maybe(node) }),
  ],
  'give a device\u2019s name, or { name: eth0, node: 1 }',
);

const block = v.pipe(
  v.strictObject({
    name,
    kind: oneOf(BLOCK_KINDS),
    runsAs: maybe(
      described(
        running,
        'What it is called where it runs, if not as the block: a VM, container, pod, unit, control group or process.',
      ),
    ),
    node: maybe(node),
    nodes: maybe(described(idList, 'Several nodes: "0-1".')),
    cores: maybe(described(whole(1, MAX_ID), 'Whole cores, with all their hardware threads.')),
    threads: maybe(described(whole(1, MAX_ID), 'Hardware threads; of a VM, its vCPUs.')),
    cpus: maybe(described(cpus, 'Exactly these CPUs: "0-15,36-51".')),
    memory: maybe(described(size, 'By powers of 1024: 118GB.')),
    memoryNodes: maybe(described(idList, 'Nodes that its memory is of; left out: those of its CPUs.')),
    memoryPolicy: v.optional(
      described(oneOf(MEMORY_POLICIES), 'strict: from these nodes or not at all (left out: strict).'),
      'strict',
    ),
    hugepages: maybe(hugepages),
    l3: maybe(
      described(v.union([size, v.literal('own')], `${SIZE}; or own`), 'What it wants of the L3 cache: 20MB, or own.'),
    ),
    guest: maybe(described(guest, 'The vCPU topology that the guest is told.')),
    emulatorCpus: maybe(
      described(cpus, 'Where the VM\u2019s emulator threads run, if no block of kind emulator serves it.'),
    ),
    iothreads: maybe(described(whole(0, 1000), 'How many I/O threads the VM has.')),
    iothreadCpus: maybe(described(cpus, 'Where its I/O threads run.')),
    serves: v.optional(
      described(listOf(name), 'Of kind emulator: the VMs whose emulator and I/O threads run here.'),
      [],
    ),
    devices: v.optional(described(listOf(device), 'Devices it needs near: [eth0, nvme0n1].'), []),
    storage: v.optional(
      v.pipe(
        listOf(v.strictObject({ on: name, size })),
        v.transform((parts) => parts.map((part) => ({ on: part.on, bytes: part.size }))),
      ),
      [],
    ),
    taints: v.optional(listOf(taint), []),
  }),
  v.check((one) => one.node === null || one.nodes === null, 'give node or nodes, not both'),
  v.check(
    ({ cores, threads, cpus: exact }) => cores !== null || threads !== null || exact !== null,
    'say how much it gets: cores, threads or cpus',
  ),
  v.transform(({ node: one, nodes, memory, ...rest }): Block => ({
    ...rest,
    nodes: one === null ? nodes : [one],
    memoryBytes: memory,
  })),
);

const storage = v.pipe(
  v.strictObject({
    name,
    size,
    uses: v.optional(
      v.pipe(
        named(name, size),
        v.check((uses) => Object.keys(uses).length <= MOST_LISTED, `has at most ${MOST_LISTED} entries`),
      ),
      {},
    ),
  }),
  v.transform(({ name: text, size: bytes, uses }) => ({ name: text, bytes, uses })),
);

const flow = v.pipe(
  v.strictObject({
    from: name,
    to: name,
    bytes: described(
      v.union([size, v.tuple([size, size])], `${SIZE}; or two, [140MB, 700MB], for a range`),
      '700MB, or [140MB, 700MB] for a range.',
    ),
    per: v.optional(oneOf(FLOW_RATES), 'batch'),
    bound: v.optional(oneOf(FLOW_BOUNDS), 'bandwidth'),
    phase: maybe(name),
  }),
  v.check(({ bytes }) => typeof bytes === 'number' || bytes[0] <= bytes[1], 'the first of two sizes is the smaller'),
  v.transform(({ bytes, ...rest }): Flow => ({ ...rest, bytes: typeof bytes === 'number' ? [bytes, bytes] : bytes })),
);

export const planSchema = v.strictObject({
  schema: v.literal(PLAN_SCHEMA, `is ${PLAN_SCHEMA}`),
  host: maybe(described(host, 'The machine; left out: the one that the command looks at.')),
  reserve: v.optional(described(listOf(reserve), 'What stays for the host itself, by node.'), []),
  blocks: listOf(block, MOST_BLOCKS),
  storage: v.optional(listOf(storage), []),
  flows: v.optional(
    described(listOf(flow, MOST_FLOWS), 'Bytes that pass from the memory of one block to another.'),
    [],
  ),
  phases: v.optional(
    listOf(
      v.strictObject({
        name,
        asynchronous: v.optional(described(v.boolean('give true or false'), 'A batch does not wait for it.'), false),
      }),
    ),
    [],
  ),
}) satisfies v.GenericSchema<unknown, Plan>;

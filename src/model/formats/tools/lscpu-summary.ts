/**
 * What plain `lscpu` and `lscpu -J` print: counts, and the CPUs of each NUMA node. Which CPUs share a core, a package or a
 * cache follows from counts only where there is one of them, or as many as CPUs.
 */

import { formatCpuList, MAX_ID, parseCpuList } from '../../text/cpulist.ts';
import { PinboardError } from '../../problem.ts';
import { tidy } from '../../text/clean.ts';
import { hypervisorIn } from '../sysfs/hypervisor.ts';
import { parseCpuMask } from '../sysfs/mask.ts';
import { TOPOLOGY_SCHEMA } from '../../topology/topology.ts';
import type { Cache, NumaNode, Topology } from '../../topology/topology.ts';
import { emptyNode, MAX_ROWS } from './rows.ts';

const MAX_FIELDS = 10_000;
const MAX_NODES = 1024;
const ENGLISH = 'Run it again as `LC_ALL=C lscpu`.';

/** The first line of any lscpu, in any language: only the value stays untranslated. */
const ARCHITECTURE =
  /^\s*(?:[$#>] .*\n\s*)?[^\s:：][^:：\n]{0,60}[:：][ \t]*(?:x86_64|i[3-6]86|aarch64|arm\w*|ppc\w*|s390x?|riscv\d+|loongarch\d+|mips\w*|sparc\w*|ia64)\s*$/m;

/** Whether a text, or a JSON document, begins as what lscpu prints of the machine as a whole. */
export const looksLikeLscpuSummary = (text: string): boolean =>
  /^\s*\{\s*"lscpu"\s*:\s*\[/.test(text) ||
  (/^[ \t]*CPU\(s\):[ \t]*\d/m.test(text) &&
    /^[ \t]*(?:Architecture|On-line CPU\(s\) list|NUMA node\d+ CPU\(s\)):[ \t]*\S/m.test(text)) ||
  (ARCHITECTURE.exec(text)?.index === 0 && text.split('\n').filter((line) => /[:：]/.test(line)).length > 2);

/** Values by field; a field that stands twice (models of a hybrid machine) keeps its first. */
type Fields = ReadonlyMap<string, string>;

function fieldsOfText(text: string): Fields {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/, MAX_FIELDS)) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    if (at > 0 && !fields.has(name)) fields.set(name, line.slice(at + 1).trim());
  }
  return fields;
}

/** Flat before util-linux 2.37, nested since. */
function fieldsOfJson(text: string): Fields {
  const fields = new Map<string, string>();
  const open: unknown[] = [JSON.parse(text)];
  // What is found is put at the end of what is looked at.
  for (let at = 0; at < open.length && at < MAX_FIELDS; at++) {
    const one = open[at];
    if (Array.isArray(one)) open.push(...(one as unknown[]).slice(0, MAX_FIELDS));
    if (typeof one !== 'object' || one === null) continue;
    if ('lscpu' in one) open.push(one.lscpu);
    if ('children' in one) open.push(one.children);
    if (!('field' in one) || typeof one.field !== 'string' || !('data' in one)) continue;
    const name = one.field.replace(/:\s*$/, '').trim();
    if (!fields.has(name) && typeof one.data === 'string') fields.set(name, one.data.trim());
  }
  return fields;
}

function fieldsOf(text: string): Fields {
  if (!/^\s*\{/.test(text)) return fieldsOfText(text);
  try {
    return fieldsOfJson(text);
  } catch (error) {
    throw new PinboardError('bad-file', 'This JSON of lscpu breaks off.', 'Write it again with `lscpu -J`.', {
      cause: error,
    });
  }
}

/** With `-x` lists are masks, in older versions written with 0x, and long ones with or without commas. */
const hasMasks = (fields: Fields): boolean => fields.has('On-line CPU(s) mask');

/** A field's list of CPUs, or its mask; null where it is not there or neither. */
function cpusIn(fields: Fields, name: string): number[] | null {
  const value = fields.get(name)?.replace(/^-$/, '');
  if (value === undefined) return null;
  if (hasMasks(fields) || /^0x/i.test(value)) {
    const digits = value.replaceAll(/0x/gi, '').split(',');
    if (digits.length > 1 || value === '') return value === '' ? [] : parseCpuMask(digits.join());
    return parseCpuMask((digits[0] ?? '').replace(/\B(?=(?:[0-9a-f]{8})+$)/gi, ','));
  }
  try {
    return parseCpuList(value);
  } catch {
    return null;
  }
}

function count(fields: Fields, ...names: string[]): number | null {
  const value = names.map((name) => fields.get(name)).find((each) => each !== undefined);
  return value !== undefined && /^\d{1,6}$/.test(value) && Number(value) > 0 ? Number(value) : null;
}

/** Null where one factor is not told; those that a machine need not have count as 1. */
const product = (...factors: (number | null)[]): number | null =>
  factors.reduce<number | null>((all, one) => (all === null || one === null ? null : all * one), 1);

const has = (fields: Fields, ...names: string[]): boolean => names.some((name) => fields.has(name));

function socketsOf(fields: Fields): number | null {
  return product(
    count(fields, 'Socket(s)', 'CPU socket(s)', 'Socket(s) per book'),
    has(fields, 'Book(s)', 'Book(s) per drawer') ? count(fields, 'Book(s)', 'Book(s) per drawer') : 1,
    has(fields, 'Drawer(s)') ? count(fields, 'Drawer(s)') : 1,
  );
}

function coresOf(fields: Fields): number | null {
  return has(fields, 'Core(s) per cluster')
    ? product(count(fields, 'Core(s) per cluster'), count(fields, 'Cluster(s)'))
    : product(count(fields, 'Core(s) per socket'), socketsOf(fields));
}

/** Parts of which there is one, or one a CPU; null where it does not follow from their number which CPUs are in which. */
function implied(parts: number | null, online: readonly number[], areSingle: boolean): string[] | null {
  if (parts === 1) return [formatCpuList(online)];
  return parts === online.length && areSingle ? online.map(String) : null;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Caches that each CPU has one of its own of. One instance proves nothing: on hybrid machines some cores are not behind it. */
function cachesOf(fields: Fields, online: readonly number[]): Cache[] {
  return [...fields].flatMap(([name, value]): Cache[] => {
    const [, level, kind] = /^L([1-9])([di]?)(?: cache)?$/.exec(name) ?? [];
    const [, amount, unit, instances] =
      /^(\d{1,9}(?:\.\d{1,3})?)\s*([BKMG])(?:iB)?\s*\((\d{1,6}) instances?\)$/.exec(value) ?? [];
    if (level === undefined || amount === undefined || Number(instances) !== online.length) return [];
    const each = (Number(amount) * (UNITS[unit ?? ''] ?? 0)) / online.length;
    return online.map((cpu) => ({
      level: Number(level),
      type: kind === 'd' ? 'data' : kind === 'i' ? 'instruction' : 'unified',
      // A sum that was rounded does not divide.
      sizeBytes: Number.isInteger(each) && each > 0 ? each : null,
      lineBytes: null,
      cpus: String(cpu),
    }));
  });
}

function nodesOf(fields: Fields, online: readonly number[], warn: (words: string) => void): NumaNode[] {
  const taken = new Set<number>();
  const there = new Set(online);
  const nodes = new Map<number, NumaNode>();
  for (const name of fields.keys()) {
    const id = Number(/^NUMA node(\d{1,5}) CPU\(s\)$/.exec(name)?.[1] ?? Number.NaN);
    if (!(id <= MAX_ID) || nodes.size >= MAX_NODES) continue;
    const listed = cpusIn(fields, name);
    if (listed === null) warn(`The CPUs of node ${id} are no list.`);
    const own = (listed ?? []).filter((cpu) => there.has(cpu) && !taken.has(cpu));
    for (const cpu of own) taken.add(cpu);
    nodes.set(id, emptyNode(id, formatCpuList(own)));
  }
  const told = count(fields, 'NUMA node(s)');
  if (told !== null && nodes.size > 0 && told !== nodes.size)
    warn(`lscpu counts ${told} NUMA nodes, but the CPUs of ${nodes.size} stand here.`);
  const sorted = [...nodes.values()].sort((a, b) => a.id - b.id);
  return sorted.length > 0 ? sorted : [emptyNode(0, formatCpuList(online), true)];
}

function hypervisorOf(fields: Fields): string | null {
  const vendor = fields.get('Hypervisor vendor') ?? fields.get('Hypervisor') ?? '';
  if (vendor === '' || /^(?:none|-)$/i.test(vendor)) return null;
  const known = /Microsoft/i.test(vendor) ? 'hyperv' : /Oracle/i.test(vendor) ? 'virtualbox' : hypervisorIn(vendor);
  return known ?? tidy(vendor).toLowerCase();
}

/** CPUs that are online: by their list, else those of all nodes, else as many as are counted. */
function onlineOf(fields: Fields, warn: (words: string) => void): number[] {
  const listed = cpusIn(fields, 'On-line CPU(s) list') ?? cpusIn(fields, 'On-line CPU(s) mask');
  if (listed !== null) return listed;
  const ofNodes = [...fields.keys()].flatMap((name) =>
    /^NUMA node\d+ CPU\(s\)$/.test(name) ? (cpusIn(fields, name) ?? []) : [],
  );
  if (ofNodes.length > 0) return [...new Set(ofNodes)].sort((a, b) => a - b);
  const counted = Math.min(count(fields, 'CPU(s)') ?? 0, MAX_ROWS + 1);
  if (counted > 0) warn('This lscpu lists no CPUs: they were numbered from 0.');
  return Array.from({ length: counted }, (_, i) => i);
}

/** @throws PinboardError `bad-file`. */
export function readLscpuSummary(text: string, name: string): Topology {
  const fields = fieldsOf(text);
  if (!fields.has('CPU(s)')) {
    throw new PinboardError(
      'bad-file',
      'This looks like lscpu in another language, or without its first lines: CPU(s) is missing.',
      ENGLISH,
    );
  }
  const said: string[] = [];
  const warn = (words: string): void => {
    said.push(words);
  };
  const online = onlineOf(fields, warn);
  if (online.length === 0 || online.length > MAX_ROWS) {
    throw new PinboardError(
      'bad-file',
      online.length === 0
        ? 'This output of lscpu lists no online CPU.'
        : `This output of lscpu lists more than ${MAX_ROWS} CPUs, the most that is read.`,
    );
  }
  const up = new Set(online);
  const offline = (cpusIn(fields, 'Off-line CPU(s) list') ?? cpusIn(fields, 'Off-line CPU(s) mask') ?? []).filter(
    (cpu) => !up.has(cpu),
  );
  // Before 2.37 lscpu divided all CPUs, offline ones too, by what it saw: as many parts as CPUs alone is no proof.
  const isOneThread = count(fields, 'Thread(s) per core') === 1;
  const isOneCore = isOneThread && count(fields, 'Core(s) per socket') === 1;
  const packages = implied(socketsOf(fields), online, isOneCore);
  const cores = implied(coresOf(fields), online, isOneThread);
  const caches = cachesOf(fields, online);
  const unknown = [...(packages ? [] : ['package']), ...(cores ? [] : ['core']), 'shared caches'];
  const homes = new Map((packages ?? []).flatMap((cpus, id) => parseCpuList(cpus).map((cpu) => [cpu, id] as const)));
  return {
    schema: TOPOLOGY_SCHEMA,
    machine: {
      name: tidy(name),
      architecture: tidy(fields.get('Architecture') ?? '') || 'unknown',
      kernel: 'unknown',
      cpuModel: tidy((fields.get('Model name') ?? '').replace(/^-$/, '')) || null,
      hypervisor: hypervisorOf(fields),
      emulated: /\bTCG\b/.test(fields.get('Model name') ?? ''),
    },
    packages: (packages ?? []).map((cpus, id) => ({ id, cpus, inferred: true })),
    dies: [],
    clusters: [],
    nodes: nodesOf(fields, online, warn),
    caches,
    cores: (cores ?? []).map((cpus) => ({
      ...{ id: null, package: homes.get(parseCpuList(cpus)[0] ?? 0) ?? 0, cpus, inferred: true },
    })),
    cpus: [...online, ...offline]
      .sort((a, b) => a - b)
      .map((id) => ({ id, online: up.has(id), allowed: true, isolated: false, kind: null })),
    devices: [],
    warnings: [
      `Read from the output of lscpu, which counts and does not tell each CPU's ${unknown.join(', ')}, nor memory sizes and distances. \`lscpu -p\` or a recording of /sys tells more.`,
      ...said,
    ],
  };
}

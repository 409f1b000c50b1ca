/** Services, scopes and slices of systemd as blocks: CPUs and nodes that they are fenced in. */

import { listed } from '../../text/format.ts';
import type { MemoryPolicy } from '../plan.ts';
import { badFile, blockOf, calledOrNull, HOST_BLOCK, idsOf, listOrNull, quoted, sizeOrNull } from './imported.ts';
import type { Imported, ImportedBlock, Note } from './imported.ts';
import type { Setting, Unit } from './units.ts';

/** The host's own work is here. */
const HOST_UNITS = new Set(['system.slice', 'user.slice', 'init.scope']);

/** Null: as the kernel does by itself. */
const POLICIES: ReadonlyMap<string, MemoryPolicy | null> = new Map([
  ['bind', 'strict'],
  ['preferred', 'preferred'],
  ['interleave', 'interleave'],
  ['local', null],
  ['default', null],
  ['', null],
]);

/** What is read of a unit. */
const READ = new Set([
  'AllowedCPUs',
  'AllowedMemoryNodes',
  'CPUAffinity',
  'NUMAPolicy',
  'NUMAMask',
  'MemoryMax',
  'Slice',
]);
/** What else of it is about CPUs or memory. */
const NEAR = /^(?:Startup)?(?:CPU|Allowed|NUMA|Memory)/;

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Lists add up; an empty one begins anew. */
function listOf(unit: Unit, key: string): number[] | null {
  let ids: number[] | null = null;
  for (const one of unit.settings) {
    if (one.key !== key) continue;
    const list = one.value
      .trim()
      .split(/[\s,]+/)
      .join(',');
    const before: readonly number[] = ids ?? [];
    ids = list === '' ? null : [...before, ...idsOf(one.path, one.line, key, list)];
  }
  return ids && [...new Set(ids)].toSorted((a, b) => a - b);
}

const lastOf = ({ settings }: Unit, key: string): Setting | undefined => settings.findLast((one) => one.key === key);

function memoryMax(unit: Unit, notes: Note[]): number | null {
  const set = lastOf(unit, 'MemoryMax');
  if (!set || set.value === '' || set.value === 'infinity') return null;
  if (/^\d{1,3}(?:\.\d+)?%$/.test(set.value)) {
    notes.push({ key: 'memory', text: `${set.value} of the host's memory, whatever that is.` });
    return null;
  }
  const [, figure, unitOf = ''] = /^(\d{1,16}(?:\.\d{1,6})?)([KMGT]?)$/.exec(set.value) ?? [];
  const bytes = sizeOrNull(Math.round(Number(figure) * (UNITS[unitOf] ?? 1)));
  if (figure === undefined || bytes === null)
    throw badFile(set.path, set.line, `MemoryMax=${quoted(set.value)} is no size.`);
  return bytes;
}

/** Files of one unit, in the order in which they were given. */
function together(all: readonly Unit[]): Unit[] {
  const units = new Map<string, Unit>();
  for (const { name, settings } of all)
    units.set(name, { name, settings: [...(units.get(name)?.settings ?? []), ...settings] });
  return [...units.values()];
}

/** "a-b.slice" is within "a.slice". */
function parentSlice(name: string): string | null {
  const inner = /^(.+)-[^-]+\.slice$/.exec(name)?.[1];
  return inner === undefined ? null : `${inner}.slice`;
}

function around(unit: Unit, units: ReadonlyMap<string, Unit>): Unit[] {
  const found: Unit[] = [];
  let name = unit.name.endsWith('.slice') ? parentSlice(unit.name) : (lastOf(unit, 'Slice')?.value ?? null);
  while (name !== null && found.length < 16) {
    const slice = units.get(name);
    if (slice) found.push(slice);
    name = parentSlice(name);
  }
  return found;
}

/** What all of these let through; null: none of them says. */
const within = (sets: readonly (number[] | null)[]): number[] | null =>
  sets.reduce<number[] | null>(
    (all, set) => (all === null ? set : set === null ? all : all.filter((id) => set.includes(id))),
    null,
  );

/** CPUs that it sets itself, not by its slice. */
function ownCpus(unit: Unit): number[] | null {
  const affinity = lastOf(unit, 'CPUAffinity')?.value === 'numa' ? null : listOf(unit, 'CPUAffinity');
  return within([listOf(unit, 'AllowedCPUs'), affinity]);
}

function policyOf(unit: Unit, fenced: boolean, notes: Note[]): MemoryPolicy {
  const set = lastOf(unit, 'NUMAPolicy');
  const policy = POLICIES.get(set?.value ?? '');
  if (policy === undefined)
    throw badFile(
      set?.path ?? '',
      set?.line ?? null,
      `NUMAPolicy=${quoted(set?.value ?? '')} is none of ${[...POLICIES.keys()].filter((name) => name !== '').join(', ')}.`,
    );
  if (policy === null && !fenced) {
    notes.push({
      key: 'memoryPolicy',
      text: 'nothing binds its memory: the kernel prefers the node that a thread runs on.',
    });
    return 'preferred';
  }
  return policy ?? 'strict';
}

/** @param slices that it lies in, the nearest first. */
function blockFrom(unit: Unit, slices: readonly Unit[]): ImportedBlock | null {
  const chain = [unit, ...slices];
  const cpus = within(chain.map(ownCpus));
  if (cpus === null) return null;
  const notes: Note[] = [];
  const fenced = within(chain.map((one) => listOf(one, 'AllowedMemoryNodes')));
  const mask = lastOf(unit, 'NUMAMask')?.value === 'all' ? null : listOf(unit, 'NUMAMask');
  const memoryNodes = within([fenced, mask]);
  const limits = chain.flatMap((one) => memoryMax(one, notes) ?? []);
  if (limits.length === 0 && notes.length === 0) notes.push({ key: 'memory', text: 'unknown, MemoryMax= is not set.' });
  const list = listOrNull(cpus);
  if (list === null)
    notes.push({ key: 'cpus', text: 'none: those of the unit and those of its slice have none in common.' });
  leftOut(chain, notes);
  return {
    block: blockOf({
      name: unit.name.replace(/\.(?:service|slice|scope)$/, ''),
      kind: unit.name.endsWith('.slice') ? 'pool' : 'process',
      runsAs: calledOrNull(unit.name),
      ...(list === null ? { threads: 1 } : { cpus: list }),
      memoryBytes: limits.length === 0 ? null : Math.min(...limits),
      memoryNodes: memoryNodes?.length ? memoryNodes : null,
      memoryPolicy: policyOf(unit, fenced !== null, notes),
    }),
    notes,
  };
}

/** What the units say about CPUs and memory beyond that. */
function leftOut(units: readonly Unit[], notes: Note[]): void {
  const keys = new Set(
    units.flatMap(({ settings }) => settings.map(({ key }) => key)).filter((key) => NEAR.test(key) && !READ.has(key)),
  );
  if (units.some((unit) => lastOf(unit, 'CPUAffinity')?.value === 'numa')) keys.add('CPUAffinity=numa');
  if (keys.size > 0)
    notes.push({ key: null, text: `Also sets ${listed([...keys].slice(0, 20))}, of which a plan says nothing.` });
}

/** @throws PinboardError `bad-file` with the line of what cannot be read. */
export function blocksOfUnits(all: readonly Unit[]): Imported {
  const units = together(all);
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const slicesOf = new Map(units.map((unit) => [unit, around(unit, byName)]));
  const membersOf = (slice: Unit): Unit[] => units.filter((unit) => slicesOf.get(unit)?.includes(slice));
  // Members of one slice that set no CPUs share it: then the slice is the block.
  const shared = (unit: Unit): Unit | undefined =>
    ownCpus(unit) === null
      ? slicesOf.get(unit)?.find((slice) => ownCpus(slice) !== null && membersOf(slice).length > 1)
      : undefined;
  const blocks: ImportedBlock[] = [];
  const notes: string[] = [];
  const host = units.filter(({ name }) => HOST_UNITS.has(name)).flatMap((unit) => ownCpus(unit) ?? []);
  for (const unit of units) {
    if (HOST_UNITS.has(unit.name)) continue;
    const members = membersOf(unit);
    const slice = shared(unit);
    if (slice) {
      notes.push(`${quoted(unit.name)} shares the CPUs of ${quoted(slice.name)}.`);
      continue;
    }
    if (members.length > 0 && !members.some((member) => shared(member) === unit)) {
      if (ownCpus(unit))
        notes.push(`${quoted(unit.name)} fences ${listed(members.slice(0, 10).map(({ name }) => quoted(name)))}.`);
      continue;
    }
    const found = blockFrom(unit, slicesOf.get(unit) ?? []);
    if (found) blocks.push(found);
    else notes.push(`${quoted(unit.name)} sets no CPUs (AllowedCPUs=, CPUAffinity=): it runs on any, and is no block.`);
  }
  const cpus = listOrNull(host);
  if (cpus !== null) blocks.push({ block: blockOf({ name: HOST_BLOCK, kind: 'emulator', cpus }), notes: [] });
  return { blocks, reserve: [], notes };
}

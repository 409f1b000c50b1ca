/** What was found in all files as one plan: names that are names, each once, emulator threads as blocks, comments where they belong. */

import { clean } from '../../text/clean.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import type { PlanComment } from '../comment.ts';
import { PLAN_SCHEMA } from '../plan.ts';
import type { Block, Plan, PlanHost, Reserve } from '../plan.ts';
import { blockOf, calledOrNull } from './imported.ts';
import type { Imported, ImportedBlock, NoteKey } from './imported.ts';

const MOST_NAME = 100;

/** As a plan takes it: those that meet get a number. */
function freeName(wanted: string, used: ReadonlySet<string>): string {
  const base = calledOrNull(wanted) ?? 'block';
  let name = base;
  for (let count = 2; used.has(name); count++) {
    const end = ` (${count})`;
    name = clean(base, MOST_NAME - end.length) + end;
  }
  return name;
}

/** What had to be renamed runs under the name that it has in its file. */
function named(blocks: readonly ImportedBlock[]): ImportedBlock[] {
  const used = new Set<string>();
  return blocks.map(({ block, notes }) => {
    const name = freeName(block.name, used);
    used.add(name);
    const own = calledOrNull(block.name);
    return { block: { ...block, name, runsAs: block.runsAs ?? (own === name ? null : own) }, notes };
  });
}

/**
 * Emulator threads that have CPUs beside those of all vCPUs become blocks, one for each set of CPUs: what several VMs share is counted once.
 * Those on CPUs of a block stay where they are, for `plan check` to find.
 */
export function withEmulators(blocks: readonly ImportedBlock[]): ImportedBlock[] {
  const taken = new Set(blocks.flatMap(({ block }) => (block.cpus === null ? [] : parseCpuList(block.cpus))));
  const apart = (list: string | null): list is string =>
    list !== null && parseCpuList(list).every((cpu) => !taken.has(cpu));
  const sets = [...new Set(blocks.map(({ block }) => block.emulatorCpus).filter(apart))];
  if (sets.length === 0) return [...blocks];
  const used = new Set(blocks.map(({ block }) => block.name));
  const added = sets
    .toSorted((a, b) => (parseCpuList(a)[0] ?? 0) - (parseCpuList(b)[0] ?? 0))
    .map((cpus, at): ImportedBlock => {
      const serves = blocks.flatMap(({ block }) => (block.emulatorCpus === cpus ? [block.name] : []));
      const name = freeName(`emulators-${at}`, used);
      used.add(name);
      return { block: blockOf({ name, kind: 'emulator', cpus, serves }), notes: [] };
    });
  const rest = blocks.map(({ block, notes }): ImportedBlock => {
    const { emulatorCpus, iothreadCpus } = block;
    if (!apart(emulatorCpus)) return { block, notes };
    return {
      block: { ...block, emulatorCpus: null, iothreadCpus: iothreadCpus === emulatorCpus ? null : iothreadCpus },
      notes,
    };
  });
  return [...rest, ...added];
}

/** The larger of two for a node. */
function merged(all: readonly Reserve[]): Reserve[] {
  const byNode = new Map<number, Reserve>();
  for (const one of all) {
    const before = byNode.get(one.node);
    byNode.set(one.node, {
      node: one.node,
      cores: Math.max(one.cores, before?.cores ?? 0),
      memoryBytes: Math.max(one.memoryBytes, before?.memoryBytes ?? 0),
    });
  }
  return [...byNode.values()].toSorted((a, b) => a.node - b.node);
}

/** Whether the file has the key, before which the note then stands. */
function isSaid(block: Block, key: NoteKey): boolean {
  if (key === 'memoryPolicy') return block.memoryPolicy !== 'strict';
  const value = block[key === 'memory' ? 'memoryBytes' : key];
  return Array.isArray(value) ? value.length > 0 : value !== null;
}

const UNKNOWN_HOST = 'host: unknown; name it with --from or --host, or add `virsh capabilities` or lstopo XML.';

/**
 * @param host null: none of the files, and nobody else, named the machine. @param notes that come before those of the files.
 * @param unnamed what is said of a machine that is not named.
 */
export function planFromImported(
  parts: readonly Imported[],
  host: PlanHost | null,
  notes: readonly string[],
  unnamed: string = UNKNOWN_HOST,
): { readonly plan: Plan; readonly comments: readonly PlanComment[] } {
  const counted = parts.find((part) => part.machine)?.machine;
  const blocks = withEmulators(named(parts.flatMap((part) => part.blocks)));
  const plan: Plan = {
    schema: PLAN_SCHEMA,
    host: host ?? (counted ? { topology: null, ssh: null, ...counted } : null),
    reserve: merged(parts.flatMap((part) => part.reserve)),
    blocks: blocks.map(({ block }): Block => block),
    storage: [],
    flows: [],
    phases: [],
  };
  const comments = [
    ...[...notes, ...parts.flatMap((part) => part.notes)].map((text): PlanComment => ({ path: [], text })),
    ...(plan.host === null ? [{ path: [], text: unnamed }] : []),
    ...blocks.flatMap(({ block, notes: own }, at) =>
      own.map(({ key, text }): PlanComment => {
        if (key === null) return { path: ['blocks', at], text };
        return { path: ['blocks', at, key], text: isSaid(block, key) ? text : `${key}: ${text}` };
      }),
    ),
  ];
  return { plan, comments };
}

/** Owns asking the real lstopo about a machine of paper, and asking ourselves: as a recording and as a live host shows it. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { readDump } from '../../src/remote/recorded/dump.ts';
import { differences, factsOf, type Facts } from '../support/facts.ts';
import { lstopoFacts } from '../support/lstopo.ts';
import { paperFiles } from './paper.ts';
import type { PaperMachine } from './paper.ts';

/** lstopo's XML of the recording below `dir`; null where it finds no machine there. */
export function askLstopo(dir: string): string | null {
  const env = {
    ...process.env,
    HWLOC_FSROOT: dir,
    HWLOC_THISSYSTEM: '0',
    HWLOC_COMPONENTS: 'linux,stop',
    HWLOC_HIDE_ERRORS: '2',
  };
  const args = ['--of', 'xml', '--disallowed', '--no-io', '--filter', 'all:all'];
  const run = spawnSync('lstopo-no-graphics', args, { env, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 });
  return run.status === 0 && run.stdout.includes('<object') ? run.stdout : null;
}

/** Ids that the host itself gives twice or not at all: lstopo repeats them, a topology here numbers such packages apart. */
function isUnnumbered(machine: PaperMachine, topology: Topology, key: string): boolean {
  const repeated = topology.warnings.some((words) => words.includes('it is numbered'));
  if (key.startsWith('package ')) return repeated || ['same', 'minus one', 'none'].includes(machine.packageIds);
  if (key.startsWith('core ')) return ['none', 'minus one'].includes(machine.coreIds);
  return key.startsWith('die ');
}

/** "core of PUs 0-1" → its kind and its PUs; null for another fact. */
function sharing(key: string): { kind: string; cpus: ReadonlySet<number> } | null {
  const [, kind = '', cpus = ''] = /^(core|package|die|L.* cache) of PUs (.*)$/.exec(key) ?? [];
  return kind === '' ? null : { kind, cpus: new Set(parseCpuList(cpus)) };
}

/**
 * On a host that contradicts itself lstopo leaves CPUs without core or package, and puts a core into a core; a topology here
 * gives every CPU one of each. Both are taken out of the comparison, and nothing else.
 */
function settle(their: Map<string, string>, our: Map<string, string>, topology: Topology): void {
  const theirThings = [...their.keys()].flatMap((key) => ({ key, thing: sharing(key) }));
  for (const { key, thing } of theirThings) {
    const around = theirThings.some(
      ({ key: other, thing: outer }) =>
        key !== other && outer?.kind === thing?.kind && [...(thing?.cpus ?? [])].every((cpu) => outer?.cpus.has(cpu)),
    );
    if (thing && around) their.delete(key);
  }
  // Of nodes that list the same CPUs (numa=fake) it takes the first and leaves out the others, and their memory with them.
  const shared = topology.nodes.filter(({ nearCpus }) => nearCpus !== undefined).map(({ id }) => id);
  for (const facts of [their, our])
    for (const key of facts.keys())
      if (shared.some((id) => new RegExp(`\\bnode ${id}\\b`).test(key))) facts.delete(key);
  if (topology.nodes.length - shared.length < 2)
    for (const key of our.keys()) if (key.startsWith('distance ')) our.delete(key);
  // It nests packages whose lists contradict each other, or loses one; here the number that each CPU gives decides.
  const told = topology.warnings.map((words) => /^CPUs (\S+) contradict each other about which/.exec(words)?.[1]);
  const disputed = new Set(told.flatMap((cpus) => parseCpuList(cpus ?? '')));
  for (const facts of [their, our])
    for (const key of facts.keys()) {
      const thing = sharing(key);
      if (!thing || ![...thing.cpus].some((cpu) => disputed.has(cpu))) continue;
      // What crosses such a package it leaves out as well.
      if (thing.kind === 'package' || (facts === our && !their.has(key))) facts.delete(key);
    }
  // What is a package here need not be a die as well.
  for (const { cpus } of topology.packages) their.delete(`die of PUs ${cpus}`);
  const housed = (kind: string): Set<number> =>
    new Set(theirThings.filter(({ thing }) => thing?.kind === kind).flatMap(({ thing }) => [...(thing?.cpus ?? [])]));
  for (const key of our.keys()) {
    const thing = sharing(key);
    if (thing?.kind !== 'core' && thing?.kind !== 'package') continue;
    const home = housed(thing.kind);
    if (![...thing.cpus].some((cpu) => home.has(cpu))) our.delete(key);
  }
  // And where CPUs say nothing of a core or a package it makes one up; here that is unknown.
  const ourHomes = (kind: 'cores' | 'packages'): Set<number> =>
    new Set(topology[kind].flatMap(({ cpus }) => parseCpuList(cpus)));
  const known = new Map([
    ['core', ourHomes('cores')],
    ['package', ourHomes('packages')],
  ]);
  for (const { key, thing } of theirThings) {
    const homes = known.get(thing?.kind ?? '');
    if (homes && [...(thing?.cpus ?? [])].every((cpu) => !homes.has(cpu))) their.delete(key);
  }
  // lstopo may also put a package into a core or a die; here those are taken apart.
  const packages = topology.packages.map(({ cpus }) => parseCpuList(cpus));
  for (const { key, thing } of theirThings) {
    if (thing?.kind !== 'core' && thing?.kind !== 'die') continue;
    if (packages.filter((cpus) => cpus.some((cpu) => thing.cpus.has(cpu))).length < 2) continue;
    their.delete(key);
    for (const ours of our.keys()) {
      const part = sharing(ours);
      if (part?.kind === thing.kind && [...part.cpus].every((cpu) => thing.cpus.has(cpu))) our.delete(ours);
    }
  }
  for (const { id } of topology.nodes) for (const facts of [their, our]) facts.delete(`PUs of node ${id}`);
}

function compare(machine: PaperMachine, theirs: Facts, topology: Topology): string[] {
  const [their, our] = [new Map(theirs), new Map(factsOf(topology))];
  for (const key of [...their.keys(), ...our.keys()]) {
    if (!isUnnumbered(machine, topology, key)) continue;
    if (their.has(key)) their.set(key, 'there');
    if (our.has(key)) our.set(key, 'there');
  }
  // A table of one node is none for lstopo.
  if (topology.nodes.length === 1) for (const key of our.keys()) if (key.startsWith('distance ')) our.delete(key);
  // It places a node without CPUs by distance, or beside everything; here such a node has no CPUs.
  for (const { id, cpus } of topology.nodes) {
    if (cpus === '') for (const facts of [their, our]) facts.delete(`PUs of node ${id}`);
  }
  // What is rated from initiators that have no CPU at work has no place to be rated from there.
  const working = new Set(topology.nodes.filter(({ cpus }) => cpus !== '').map(({ id }) => id));
  for (const { id, rated } of topology.nodes) {
    if (rated?.initiators.some((from) => working.has(from)) === true) continue;
    for (const facts of [their, our])
      for (const key of facts.keys())
        if (key.startsWith('rated ') && key.includes(` of node ${id} `)) facts.delete(key);
  }
  if (machine.lies.length > 0) settle(their, our, topology);
  return differences('lstopo', their, our);
}

export interface Answer {
  readonly topology: Topology;
  readonly differences: readonly string[];
}

export function compareMachine(machine: PaperMachine): Answer | null {
  const dir = mkdtempSync(join(tmpdir(), 'pinboard-paper-'));
  try {
    for (const [path, content] of paperFiles(machine)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), `${content}\n`);
    }
    const xml = askLstopo(dir);
    if (xml === null) return null;
    const topology = readTopology(readDump(dir));
    return { topology, differences: compare(machine, lstopoFacts(xml), topology) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

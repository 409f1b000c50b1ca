/** A plan beside what runs: block by block, and who is there that is in no block. */

import { TOPICS } from '../../doctor/base/finding.ts';
import type { DoctorFinding, Severity, Told } from '../../doctor/base/finding.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Reading } from '../../run/run.ts';
import type { Placed, Placement } from '../place.ts';
import { quoted } from './base/check.ts';
import type { DriftCheck, DriftLimits, DriftSubject } from './base/check.ts';
import { emulatorOff, iothreadsOff } from './checks/emulators.ts';
import { fenceOff } from './checks/fence.ts';
import { INTRUDER, intruders } from './checks/intruders.ts';
import { memoryOff } from './checks/memory.ts';
import { isVm, vcpuCount, vcpusOff } from './checks/vcpus.ts';
import { matching, namesOf } from '../reality/match.ts';
import { cpusOf, memoryOf } from '../reality/reality.ts';
import type { Reality, Running, SeenMemory } from '../reality/reality.ts';

/** Of what runs under a block's name. */
const CHECKS: readonly DriftCheck[] = [vcpusOff, vcpuCount, emulatorOff, iothreadsOff, fenceOff, memoryOff];
export const ABSENT = 'plan-not-running';

export interface Drift extends DoctorFinding {
  /** Names of the blocks that it is about. */
  readonly blocks: readonly string[];
}

export interface SeenBlock {
  readonly placed: Placed;
  /** Empty: it does not run, or nobody can tell. */
  readonly running: readonly Running[];
  /** CPUs that it may use; of a VM, its vCPUs. */
  readonly cpus: Reading<readonly number[]>;
  readonly memory: Reading<SeenMemory>;
}

export interface Drifted {
  readonly placement: Placement;
  /** Without blocks of kind `emulator`, whose threads are their VMs'. */
  readonly blocks: readonly SeenBlock[];
  /** The worst first. */
  readonly findings: readonly Drift[];
  readonly notes: readonly Drift[];
  /** What the plan says, and could not be read. */
  readonly unread: readonly { readonly block: string; readonly title: string; readonly why: string }[];
}

const WEIGHT: Readonly<Record<Severity, number>> = { high: 2, medium: 1, low: 0 };

function driftOf(id: string, blocks: readonly string[], told: Told): Drift {
  const { remedy = [], undo = [], where = {}, ...rest } = told;
  return {
    ...{ id, topic: 'processes', heading: TOPICS.processes, kind: told.severity === 'low' ? 'note' : 'fault' },
    ...{ ...rest, remedy, undo, gain: null, blocks },
    where: { nodes: [], cpus: [], pids: [], ...where },
  };
}

/** Why nothing can be said of a block that was not found, where the tools that know names keep silent. */
const silentOn = ({ block }: Placed, { names: { silent } }: Reality): string | null => {
  const words = [...silent].filter(([tool]) => tool !== 'virsh').map(([tool, why]) => `${tool} ${why}`);
  return block.kind === 'container' && words.length > 0 ? `names of containers: ${words.join('; ')}` : null;
};

function absent({ block, nodes }: Placed, called: readonly string[], { names }: Reality): Told {
  const domain = called.find((name) => names.domains?.get(name) === false);
  const base = { severity: 'high' as const, confidence: 1, where: { nodes } };
  if (domain !== undefined)
    return {
      ...base,
      sentence: `${block.name} does not run: its domain is shut off.`,
      evidence: [`virsh list --all: ${domain}`],
      cause: 'It was not started, or ended.',
      advice: null,
      remedy: [`sudo virsh start ${quoted(domain)}`],
      undo: [`sudo virsh shutdown ${quoted(domain)}`],
    };
  return {
    ...base,
    sentence: `${block.name} does not run here.`,
    evidence: [`there is no ${block.kind === 'vm' ? 'VM' : block.kind} called ${called.join(' or ')}`],
    cause: 'It was not started, ended, or has another name.',
    advice: `Start it; or say what it is called where it runs: runsAs, in the plan.`,
  };
}

const NO_NAMES =
  'its threads have no names, so that nobody can tell vCPUs from the rest: start QEMU with -name …,debug-threads=on';

function seenBlock(placed: Placed, running: readonly Running[], missing: string): SeenBlock {
  const [first] = running;
  if (!first) return { placed, running, cpus: { unavailable: missing }, memory: { unavailable: missing } };
  const unnamed = running.some((one) => isVm(one) && one.vcpus.length === 0);
  const cpus = running.flatMap((one) => (isVm(one) ? one.vcpus.flatMap(({ allowed }) => allowed) : cpusOf(one)));
  const parts = running.map(memoryOf);
  const bytes = new Map<number, number>();
  for (const part of parts)
    if (!isUnavailable(part)) for (const [node, own] of part.bytes) bytes.set(node, (bytes.get(node) ?? 0) + own);
  const origin = [...new Set(parts.flatMap((part) => (isUnavailable(part) ? [] : [part.origin])))].join(', ');
  return {
    placed,
    running,
    cpus: unnamed ? { unavailable: NO_NAMES } : [...new Set(cpus)].toSorted((a, b) => a - b),
    memory: parts.find(isUnavailable) ?? { bytes, origin },
  };
}

export function driftsOf(placement: Placement, reality: Reality, limits: DriftLimits): Drifted {
  const own = placement.blocks.filter(({ block }) => block.kind !== 'emulator');
  const called = namesOf(own);
  const all: readonly Running[] = [...reality.vms, ...reality.others];
  const drifts: Drift[] = [];
  const unread: { block: string; title: string; why: string }[] = [];
  const blocks = own.map((placed): SeenBlock => {
    const { name } = placed.block;
    const names = called.get(placed) ?? [];
    const running = matching(placed, names, all);
    const why = running.length > 0 ? null : silentOn(placed, reality);
    const seen = seenBlock(placed, running, why ?? 'it does not run');
    if (why !== null) unread.push({ block: name, title: 'whether it runs', why });
    else if (running.length === 0) drifts.push(driftOf(ABSENT, [name], absent(placed, names, reality)));
    else {
      const subject: DriftSubject = { placement, placed, running, reality, limits };
      for (const { id, look } of CHECKS) drifts.push(...look(subject).map((told) => driftOf(id, [name], told)));
      if (isUnavailable(seen.cpus)) unread.push({ block: name, title: 'its vCPUs', why: seen.cpus.unavailable });
      if (isUnavailable(seen.memory)) unread.push({ block: name, title: 'its memory', why: seen.memory.unavailable });
    }
    return seen;
  });
  const known = new Set(blocks.flatMap(({ running }) => running.flatMap(({ pids }) => pids)));
  for (const { blocks: of, ...told } of intruders(placement, reality, known, limits))
    drifts.push(driftOf(INTRUDER, of, told));
  const sorted = drifts.toSorted((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity]);
  return {
    placement,
    blocks,
    findings: sorted.filter(({ severity }) => severity !== 'low'),
    notes: sorted.filter(({ severity }) => severity === 'low'),
    unread,
  };
}

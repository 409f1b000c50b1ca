/** A plan beside reality as a board is told: plain data, block by block, with the CPUs on which its threads were seen. */

import type { Diagnosis } from '../../doctor/examine.ts';
import type { LiveThread } from '../../doctor/facts/live.ts';
import type { Problem } from '../../problem.ts';
import { isUnavailable } from '../../run/run.ts';
import type { Reading } from '../../run/run.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import { hypervisorCpus } from '../export/exported.ts';
import { ownersOf } from '../owners.ts';
import type { Placement } from '../place.ts';
import { isOff } from './base/check.ts';
import { hypervisorOff } from './checks/emulators.ts';
import { INTRUDER } from './checks/intruders.ts';
import { isVm } from './checks/vcpus.ts';
import type { Drift, Drifted, SeenBlock } from './drift.ts';

/** How it is with a block itself, whoever else is on its CPUs. */
export type BlockStanding = 'kept' | 'drifted' | 'absent' | 'unread';

export interface BlockBeside {
  readonly name: string;
  readonly standing: BlockStanding;
  /** As what it runs; empty: it does not, or nobody can tell. */
  readonly runs: readonly string[];
  /** CPU lists: where its threads last ran, of those that the plan gives it, and off them. */
  readonly here: string;
  readonly away: string;
  /** The same of its hypervisor's own threads. */
  readonly emulatorAway: string;
  /** By node. */
  readonly memory: Reading<Readonly<Record<string, number>>>;
  /** Which of the findings are about it, those of others on its CPUs last. */
  readonly drifts: readonly number[];
  /** What could not be read of it, with the reason. */
  readonly unread: readonly string[];
}

export interface SeenBeside {
  /** When it was seen, ISO. */
  readonly time: string;
  /** The plan was changed since. */
  readonly outdated: boolean;
  readonly diagnosis: Diagnosis;
  readonly blocks: readonly BlockBeside[];
}

/** A plan that is held against its host while somebody looks. */
export interface Beside {
  /** Why it is not looked for the time being; null: it is. */
  readonly waits: string | null;
  /** Why the last look failed; null: it did not. */
  readonly problem: Problem | null;
  /** What the last one saw; null: none has ended yet. */
  readonly seen: SeenBeside | null;
}

function standingOf({ placed, running }: SeenBlock, { findings, unread }: Drifted): BlockStanding {
  const { name } = placed.block;
  const isUnread = unread.some(({ block }) => block === name);
  if (running.length === 0) return isUnread ? 'unread' : 'absent';
  if (findings.some(({ id, blocks }) => id !== INTRUDER && blocks.includes(name))) return 'drifted';
  return isUnread ? 'unread' : 'kept';
}

/** How many blocks run as planned, and how it is with the others. */
export function besideSentence(blocks: readonly BlockBeside[], findings: readonly Drift[]): string {
  const count = (standing: BlockStanding): number => blocks.filter((one) => one.standing === standing).length;
  const [kept, drifted, absent, unread] = [count('kept'), count('drifted'), count('absent'), count('unread')];
  const shared = new Set(findings.flatMap(({ id, blocks: of }) => (id === INTRUDER ? of : []))).size;
  if (blocks.length === 0) return 'The plan has no blocks.';
  const parts = [
    `${kept} of ${plural(blocks.length, 'block')} ${kept === 1 || blocks.length === 1 ? 'runs' : 'run'} as planned`,
    ...(drifted > 0 ? [`${drifted} ${drifted === 1 ? 'has' : 'have'} drifted`] : []),
    ...(absent > 0 ? [`${absent} ${absent === 1 ? 'does' : 'do'} not run here`] : []),
    ...(unread > 0 ? [`of ${unread} not all could be read`] : []),
    ...(shared > 0 ? [`others work on CPUs of ${shared}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

const lastOn = (threads: readonly LiveThread[]): number[] =>
  [...new Set(threads.map(({ cpus }) => cpus[1]))].filter((cpu) => cpu >= 0).toSorted((a, b) => a - b);

/** A thread that may run where it is planned only, and last ran elsewhere, comes back with its next step: it is off nothing. */
function blockBeside(
  { placed, running, memory }: SeenBlock,
  placement: Placement,
  findings: readonly Drift[],
): Omit<BlockBeside, 'unread' | 'standing'> {
  const { block, cpus: planned } = placed;
  const threads = running.flatMap((one) =>
    isVm(one) ? one.vcpus : one.processes.flatMap((process) => [...process.threads]),
  );
  const away = planned.length === 0 ? [] : threads.filter((thread) => isOff(thread, planned));
  const owners = ownersOf(placement.blocks.filter((one) => one.block.kind === 'vm'));
  const emulator = running.filter(isVm).flatMap((vm) =>
    (['emulatorCpus', 'iothreadCpus'] as const).flatMap((key) => {
      const kept = hypervisorCpus(placement, placed, key);
      return lastOn(hypervisorOff(placement, placed, vm, key)).filter((cpu) =>
        kept.length > 0 ? !kept.includes(cpu) : owners.has(cpu),
      );
    }),
  );
  return {
    name: block.name,
    runs: running.map(({ label }) => label),
    here: formatCpuList(lastOn(threads).filter((cpu) => planned.includes(cpu))),
    away: formatCpuList(lastOn(away).filter((cpu) => !planned.includes(cpu))),
    emulatorAway: formatCpuList([...new Set(emulator)].toSorted((a, b) => a - b)),
    memory: isUnavailable(memory)
      ? memory
      : Object.fromEntries([...memory.bytes].map(([node, bytes]) => [node, Math.round(bytes)])),
    drifts: findings
      .flatMap(({ id, blocks }, at) => (blocks.includes(block.name) ? [{ at, other: id === INTRUDER }] : []))
      .toSorted((a, b) => Number(a.other) - Number(b.other))
      .map(({ at }) => at),
  };
}

/** @param time when it was seen, ISO. */
export function besideOf(drifted: Drifted, time: string, seconds: number): SeenBeside {
  const { placement, findings, notes, unread } = drifted;
  const blocks = drifted.blocks.map((seen) => ({
    ...blockBeside(seen, placement, findings),
    standing: standingOf(seen, drifted),
    unread: unread.filter(({ block }) => block === seen.placed.block.name).map(({ title, why }) => `${title}: ${why}`),
  }));
  return {
    time,
    outdated: false,
    diagnosis: {
      host: placement.machine.topology.machine.name,
      verdict: findings.length > 0 ? 'findings' : unread.length > 0 ? 'undecided' : 'no-problem',
      sentence: besideSentence(blocks, findings),
      seconds,
      findings,
      notes,
      notChecked: unread.map(({ block, title, why }) => ({ id: block, title: `${block}: ${title}`, why })),
    },
    blocks,
  };
}

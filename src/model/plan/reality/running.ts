/** What runs on a host, from looks at it: virtual machines by their threads, everything else by control group and name. */

import type { LiveProcess } from '../../doctor/facts/live.ts';
import type { Table } from '../../doctor/facts/table.ts';
import { isUnavailable } from '../../run/run.ts';
import { catalogue } from './catalogue.ts';
import { guestMemory, guestName, isIothread, isVcpu } from './reality.ts';
import type { Reality, RunningVm, ToolNames } from './reality.ts';

/** A group counts anonymous memory alone: where that is less than this part of what a process holds, the rest is in huge pages. */
const COUNTED = 0.5;

/** Without what its control group says of others as well. */
function alone(process: LiveProcess, { rows }: Table): LiveProcess {
  const { group, pid, residentBytes } = process;
  if (!group || isUnavailable(group.anon)) return process;
  const own = rows.find((row) => row.pid === pid)?.group ?? null;
  const shared = rows.some((row) => row.pid !== pid && row.group === own);
  const counted = Object.values(group.anon).reduce((sum, one) => sum + one, 0);
  const why = shared
    ? 'others share its control group'
    : counted < residentBytes * COUNTED
      ? 'its control group does not count huge pages by node'
      : null;
  return why === null ? process : { ...process, group: { ...group, anon: { unavailable: why } } };
}

/** The shell that looks with all it started, and who started it: what they do is done for the look. */
function onlookers({ rows, onlooker }: Table): Set<number> {
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const found = new Set<number>();
  // A chain is no longer than there are processes, and may be a circle where numbers were given anew.
  for (let at = onlooker; at !== null && at > 1 && !found.has(at); at = parents.get(at) ?? null) found.add(at);
  for (const { pid } of rows)
    for (let at: number | undefined = pid, steps = 0; at !== undefined && steps < 64; at = parents.get(at), steps++)
      if (at === onlooker) found.add(pid);
  return found;
}

function machineOf(process: LiveProcess, names: ToolNames): RunningVm {
  const { command, threads, pid, group } = process;
  const name = guestName(command);
  const managed = name !== null && (names.domains?.has(name) === true || (group?.path ?? '').includes('/machine-qemu'));
  return {
    kind: 'vm',
    label: `VM ${name ?? `of process ${pid}`}`,
    names: name === null ? [] : [name],
    pids: [pid],
    processes: [process],
    whole: true,
    by: managed ? { tool: 'libvirt', name } : null,
    process,
    vcpus: threads.filter(isVcpu),
    iothreads: threads.filter(isIothread),
    emulator: threads.filter((thread) => !isVcpu(thread) && !isIothread(thread)),
    memoryBytes: guestMemory(command),
  };
}

export function realityOf(table: Table, closely: readonly LiveProcess[], names: ToolNames): Reality {
  const { machines, others } = catalogue(table, names);
  const ofMachines = new Set(machines.map(({ pid }) => pid));
  const looking = onlookers(table);
  const processes = closely.map((process) => alone(process, table));
  const seen = new Map(closely.map((process) => [process.pid, process]));
  const single = new Map(processes.map((process) => [process.pid, process]));
  return {
    vms: processes
      .filter(({ pid, threads }) => ofMachines.has(pid) || threads.some(isVcpu))
      .map((one) => machineOf(one, names)),
    others: others.flatMap(({ rows, ...one }) => {
      const from = one.kind === 'program' ? single : seen;
      const own = rows.flatMap(({ pid }) => from.get(pid) ?? []);
      const groups = new Set(own.map(({ group }) => group?.path));
      const all = one.kind === 'program' ? rows.length : new Set(rows.map(({ group }) => group)).size;
      const whole = (one.kind === 'program' ? own.length : groups.size) >= all;
      return own.length === 0 ? [] : [{ ...one, processes: own, whole }];
    }),
    processes: processes.filter(({ pid }) => !looking.has(pid)),
    names,
  };
}

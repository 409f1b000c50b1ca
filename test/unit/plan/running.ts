// Owns hosts on which something runs, as the shell prints them: lines of /proc and of control groups, through the parsers of the real ones.
import assert from 'node:assert/strict';
import { parseProcesses } from '../../../src/model/doctor/facts/processes.ts';
import { parseTable } from '../../../src/model/doctor/facts/table.ts';
import { choose } from '../../../src/model/plan/reality/choose.ts';
import { driftLimits } from '../../../src/model/plan/drift/base/check.ts';
import { driftsOf } from '../../../src/model/plan/drift/drift.ts';
import type { Drifted } from '../../../src/model/plan/drift/drift.ts';
import { parseNames } from '../../../src/model/plan/reality/names.ts';
import type { Reality } from '../../../src/model/plan/reality/reality.ts';
import { realityOf } from '../../../src/model/plan/reality/running.ts';
import { planMachine } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import type { Placed } from '../../../src/model/plan/place.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';

export interface Thread {
  readonly name: string;
  readonly allowed: string;
  readonly ran?: number;
  /** Ticks of 10 ms in the second. */
  readonly ticks?: number;
}

export interface Program {
  readonly pid: number;
  readonly name: string;
  readonly command?: string;
  readonly threads: readonly Thread[];
  readonly group?: string;
  /** MiB by node of its own pages; null: they may not be read. */
  readonly pages?: Readonly<Record<number, number>> | null;
  /** Of its group. */
  readonly cpuset?: string;
  readonly groupMiB?: Readonly<Record<number, number>>;
}

export interface Host {
  readonly programs: readonly Program[];
  /** Folders of /var/log/pods. */
  readonly pods?: readonly string[];
  readonly tools?: readonly string[];
}

function stat(id: number, name: string, ticks: number, cpu: number, threads: number): string {
  const fields = Array.from({ length: 52 }, () => '0');
  [fields[4], fields[14], fields[20], fields[22], fields[24], fields[39]] = [
    '1',
    String(ticks),
    String(threads),
    '77',
    '100',
    String(cpu),
  ];
  return `${String(id)} (${name}) S ${fields.slice(4).join(' ')}`;
}

const first = (list: string): number => Number.parseInt(list, 10);

function threadLines({ pid, threads }: Program, after: boolean): string[] {
  return threads.map(
    ({ name, allowed, ran, ticks = 0 }, at) =>
      `/proc/${String(pid)}/task/${String(pid + at)}/stat:${stat(pid + at, name, after ? ticks : 0, ran ?? first(allowed), threads.length)}`,
  );
}

/** What the first look prints. */
export function tableLines({ programs, pods = [] }: Host): string[] {
  const look = (after: boolean): string[] =>
    programs.map((program) => {
      const ticks = program.threads.reduce((sum, one) => sum + (one.ticks ?? 0), 0);
      return `/proc/${String(program.pid)}/stat:${stat(program.pid, program.name, after ? ticks : 0, 0, program.threads.length)}`;
    });
  return [
    ...['#before', '/proc/uptime:100.00 1', ...look(false), '#after', '/proc/uptime:101.00 1', ...look(true)],
    ...programs.map(({ pid, group = '/init.scope' }) => `/proc/${String(pid)}/cgroup:0::${group}`),
    ...pods.map((folder) => `/var/log/pods:${folder}`),
  ];
}

/** What the second look prints of these. */
export function closeLines({ programs }: Host, pids: readonly number[]): string[] {
  const chosen = programs.filter(({ pid }) => pids.includes(pid));
  const still = chosen.flatMap(
    ({ pid, name, command = name, threads, group = '/init.scope', pages = {}, cpuset, groupMiB }) => {
      const own = `/proc/${String(pid)}`;
      const counts = Object.entries(pages ?? {}).map(([node, mib]) => `N${node}=${String(mib * 256)}`);
      return [
        `${own}/status:Name:\t${name}`,
        `${own}/status:VmRSS:\t  102400 kB`,
        `${own}/status:Cpus_allowed_list:\t${threads[0]?.allowed ?? ''}`,
        ...threads.map(({ allowed }, at) => `${own}/task/${String(pid + at)}/status:Cpus_allowed_list:\t${allowed}`),
        `${own}/cmdline:${command} `,
        pages === null
          ? `${own}/maps_denied:`
          : `${own}/numa_maps:7f0000000000 default anon=1 ${counts.join(' ')} kernelpagesize_kB=4`,
        `${own}/group:/sys/fs/cgroup${group}`,
        ...(cpuset === undefined ? [] : [`/sys/fs/cgroup${group}/cpuset.cpus.effective:${cpuset}`]),
        ...(groupMiB
          ? [
              `/sys/fs/cgroup${group}/memory.numa_stat:anon ${Object.entries(groupMiB)
                .map(([node, mib]) => `N${node}=${String(mib * 2 ** 20)}`)
                .join(' ')}`,
            ]
          : []),
      ];
    },
  );
  return [
    ...['#before', ...still, '/proc/uptime:100.00 1', ...chosen.flatMap((one) => threadLines(one, false))],
    ...['#after', '/proc/uptime:101.00 1', ...chosen.flatMap((one) => threadLines(one, true))],
  ];
}

export function seenOn(host: Host, topology: Topology, blocks: readonly Placed[] | null): Reality {
  const names = parseNames(host.tools ?? []);
  const table = parseTable(tableLines(host));
  assert.ok(table);
  const { pids } = choose(table, names, blocks);
  const closely = parseProcesses(closeLines(host, pids), topology, []);
  assert.ok(closely);
  return realityOf(table, closely, names);
}

export function beside(plan: Plan, topology: Topology, host: Host): Drifted {
  const placement = placePlan(plan, planMachine(topology));
  return driftsOf(placement, seenOn(host, topology, placement.blocks), driftLimits({}));
}

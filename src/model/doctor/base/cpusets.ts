/** Commands that give a control group other CPUs or other nodes, and back what it was set to before. */

import { quoteWord } from '../../text/command-line.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import type { LiveGroup } from '../facts/live.ts';
import type { Told } from './finding.ts';

export interface Wanted {
  readonly cpus?: readonly number[];
  readonly nodes?: readonly number[];
}

/** systemd writes the files of a unit's own group itself; by version 1 of control groups it leaves these alone. */
const UNIT = /([^/]+\.(?:service|scope|slice))$/;

/** @param wider what is wanted is more than the group has: no use where a group above it is what keeps it. */
export function setCpusets(
  { path, cpusets }: LiveGroup,
  wanted: Wanted,
  wider: boolean,
): Required<Pick<Told, 'remedy' | 'undo'>> {
  if (cpusets === null)
    return {
      remedy: [`# ${path} has no cpuset of its own: give it one first (cgroup.subtree_control of the group above it)`],
      undo: [],
    };
  const rows = [
    ...(wanted.cpus ? [{ file: 'cpuset.cpus', property: 'AllowedCPUs', to: wanted.cpus, was: cpusets.cpus }] : []),
    ...(wanted.nodes
      ? [{ file: 'cpuset.mems', property: 'AllowedMemoryNodes', to: wanted.nodes, was: cpusets.nodes }]
      : []),
  ];
  const [kept] = rows.filter(({ was }) => wider && was === '');
  if (kept)
    return { remedy: [`# ${kept.file} of ${path} is empty: set it in the group above that narrows it`], undo: [] };
  const unit = cpusets.folder.startsWith('/sys/fs/cgroup/cpuset/') ? undefined : UNIT.exec(path)?.[1];
  if (unit !== undefined) {
    const set = (values: readonly string[]): string =>
      `sudo systemctl set-property --runtime ${quoteWord(unit)} ${values.join(' ')}`;
    return {
      remedy: [set(rows.map(({ property, to }) => `${property}=${formatCpuList(to)}`))],
      undo: [set(rows.map(({ property, was }) => `${property}=${was}`))],
    };
  }
  const write = (file: string, value: string): string =>
    `echo ${value} | sudo tee ${quoteWord(`${cpusets.folder}/${file}`)}`;
  return {
    remedy: rows.map(({ file, to }) => write(file, formatCpuList(to))),
    undo: rows.map(({ file, was }) => write(file, was)),
  };
}

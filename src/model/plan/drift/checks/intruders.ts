/** Who works on the CPUs of a block without being planned there. */

import { cpuWords } from '../../../doctor/base/check.ts';
import type { Told } from '../../../doctor/base/finding.ts';
import { processWords, threadsBack } from '../../../doctor/base/process.ts';
import { formatCpuList } from '../../../text/cpulist.ts';
import { formatFigure, listed } from '../../../text/format.ts';
import { hostCpus } from '../../export/exported.ts';
import { ownersAmong, ownersOf } from '../../owners.ts';
import type { Placement } from '../../place.ts';
import { quoted, threadLines } from '../base/check.ts';
import type { DriftLimits } from '../base/check.ts';
import type { Reality } from '../../reality/reality.ts';

export const INTRUDER = 'plan-intruder';

/** @param known processes of blocks: those that are off their own CPUs are told by their block. */
export function intruders(
  placement: Placement,
  { processes }: Reality,
  known: ReadonlySet<number>,
  limits: DriftLimits,
): (Told & { readonly blocks: readonly string[] })[] {
  const owners = ownersOf(placement.blocks);
  const host = hostCpus(placement);
  const to = host.length > 0 ? host : placement.free;
  return processes
    .filter(({ pid }) => !known.has(pid))
    .flatMap((process) => {
      const on = process.threads.filter(
        (thread) => thread.busy >= limits['intruder-busy'] && owners.has(thread.cpus[1]),
      );
      if (on.length === 0) return [];
      const { names, cpus } = ownersAmong(owners, [...new Set(on.map((thread) => thread.cpus[1]))]);
      const busy = on.reduce((sum, thread) => sum + thread.busy, 0);
      const unit = /([^/]+\.(?:service|slice))$/.exec(process.group?.path ?? '')?.[1];
      const list = formatCpuList(to);
      const byUnit = (cpuList: string): string =>
        `sudo systemctl set-property --runtime ${quoted(unit ?? '')} AllowedCPUs=${cpuList}`;
      const remedy =
        to.length === 0 ? [] : unit === undefined ? [`sudo taskset -acp ${list} ${process.pid}`] : [byUnit(list)];
      return [
        {
          blocks: names,
          severity: 'medium' as const,
          confidence: 1,
          sentence: `${processWords(process)} works on ${cpuWords(cpus)}, which the plan gives to ${listed(names.slice(0, 4))}.`,
          evidence: [`${formatFigure(busy)} CPUs’ worth there in the second of the look`, ...threadLines(on)],
          cause: 'It is in no block of the plan, and nothing keeps it off these CPUs.',
          advice:
            to.length === 0
              ? 'The plan leaves the host no CPUs: reserve some, or plan it as a block.'
              : 'Keep it on the CPUs of the host, or plan it as a block.',
          remedy,
          undo: remedy.length === 0 ? [] : unit === undefined ? threadsBack(process) : [byUnit('')],
          where: { cpus, nodes: [], pids: [process.pid] },
        },
      ];
    });
}

/** A plan beside reality as people read it in a terminal, and as `plan watch --format json` prints it, a line a look. */

import { notCheckedLines, findingBlock, findingJson } from '../../doctor/text.ts';
import { bytesWords, sumOf } from '../../doctor/base/process.ts';
import { isUnavailable } from '../../run/run.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { formatRange, plural } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import type { Drift, Drifted, SeenBlock } from './drift.ts';

const PLAN_WATCH_SCHEMA = 'numa-pinboard/plan-watch/1';

const cpusText = (cpus: readonly number[]): string => (cpus.length === 0 ? 'open' : formatRange(formatCpuList(cpus)));

function rowOf({ placed, running, cpus, memory }: SeenBlock, drifts: readonly Drift[]): string[] {
  const { block } = placed;
  const own = drifts.filter(({ blocks }) => blocks.includes(block.name)).length;
  const gone = running.length === 0;
  return [
    block.name,
    running.map(({ label }) => label).join(', ') || '(not found)',
    cpusText(placed.cpus),
    gone ? '' : isUnavailable(cpus) ? 'unavailable' : cpusText(cpus),
    gone ? '' : isUnavailable(memory) ? 'unavailable' : sumOf(memory.bytes) === 0 ? '0 B' : bytesWords(memory.bytes),
    own > 0 ? plural(own, 'drift') : gone ? 'unavailable' : 'as planned',
  ];
}

export const driftSentence = ({ findings, unread }: Drifted): string =>
  findings.length > 0
    ? plural(findings.length, 'drift')
    : unread.length > 0
      ? 'no drift seen, but not all could be read'
      : 'as planned';

/** @param file as the person named it. */
export function driftText(file: string, drifted: Drifted): string {
  const { placement, blocks, findings, notes, unread } = drifted;
  const head = ['block', 'runs as', 'CPUs planned', 'CPUs seen', 'memory seen', ''];
  const lines = notCheckedLines(
    unread.map(({ block, title, why }) => ({ id: block, title: `${block}: ${title}`, why })),
  );
  return [
    `${file} beside ${placement.machine.topology.machine.name}: ${driftSentence(drifted)}`,
    '',
    ...table([head, ...blocks.map((block) => rowOf(block, findings))]).map((line) => `  ${line}`),
    '',
    ...findings.flatMap((finding) => findingBlock(finding)),
    ...notes.flatMap((note) => findingBlock(note, 'i')),
    ...(lines.length === 0 ? [] : ['Unavailable', ...lines.map((line) => `  ${line}`)]),
  ]
    .join('\n')
    .trimEnd();
}

const driftJson = (drift: Drift): unknown => ({ blocks: drift.blocks, ...(findingJson(drift) as object) });

/** @param time of the look, ISO 8601. */
export function driftedJson(file: string, drifted: Drifted, time: string): unknown {
  const { placement, blocks, findings, notes, unread } = drifted;
  return {
    schema: PLAN_WATCH_SCHEMA,
    time,
    file,
    host: placement.machine.topology.machine.name,
    ok: findings.length === 0,
    blocks: blocks.map(({ placed, running, cpus, memory }) => ({
      name: placed.block.name,
      runs: running.map(({ kind, label, pids }) => ({ kind, label, pids })),
      planned: { cpus: formatCpuList(placed.cpus), nodes: placed.nodes },
      cpus: isUnavailable(cpus) ? cpus : formatCpuList(cpus),
      memoryBytes: isUnavailable(memory) ? memory : Object.fromEntries(memory.bytes),
    })),
    findings: [...findings, ...notes].map(driftJson),
    unavailable: unread,
  };
}

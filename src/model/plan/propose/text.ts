/** A proposal as people read it in a terminal, and as `plan propose --format json` prints it. */

import { formatBytes, plural } from '../../text/format.ts';
import { countWords, placementLines } from '../check/text.ts';
import type { Cost } from './state.ts';
import type { Proposal } from './propose.ts';

const PLAN_PROPOSAL_SCHEMA = 'numa-pinboard/plan-proposal/1';

const costWords = ({ errors, unease, crossing }: Cost): string =>
  `${errors > 0 ? `${plural(errors, 'pool')} of huge pages too small, ` : ''}${plural(unease, 'warning')} of place, ${formatBytes(Math.round(crossing))} crossing by distance`;

export function proposalText(file: string, proposal: Proposal): string {
  const { moved, stay, searched, why, checked } = proposal;
  if (!checked) return `${file}: ${why}`;
  const { best, firstFit } = searched;
  const width = Math.max(...moved.map(({ name }) => name.length), 0);
  return [
    moved.length === 0
      ? `${file}: every block has its place already; --free NAME looks for another.`
      : `${file}: ${why}`,
    '',
    ...placementLines(checked),
    '',
    ...moved.map(({ name, node, why: reason }) => `  ${name.padEnd(width)}  node ${node}. ${reason}`),
    ...(stay.length > 0 ? [`  Stay where the plan has them: ${stay.join(', ')}.`] : []),
    '',
    ...(best ? [`  Costs        ${costWords(best.cost)}`] : []),
    `  First fit    ${firstFit ? costWords(firstFit) : 'finds no room for all'}`,
    `  At least     ${costWords(searched.bound)}`,
    `  plan check   ${countWords(checked.problems)}`,
  ].join('\n');
}

export function proposalJson(file: string, { moved, stay, searched, why, conflict, checked }: Proposal): unknown {
  const { best, firstFit, bound, complete, steps } = searched;
  return {
    schema: PLAN_PROPOSAL_SCHEMA,
    file,
    found: best !== null,
    proven: complete,
    sentence: why,
    cost: best?.cost ?? null,
    firstFit,
    bound,
    steps,
    blocks: moved.map(({ name, node, cpus, why: reason }) => ({ name, node, cpus, why: reason })),
    stay,
    conflict,
    problems: checked?.problems.map(({ id, severity, blocks, sentence }) => ({ id, severity, blocks, sentence })) ?? [],
  };
}

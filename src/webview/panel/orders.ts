/** Owns what the panel shows of worker pools: what each order and first touch is worth, and what each of them got done. */

import { evidenceTable } from '../../model/bench/pool/evidence-words.ts';
import type { EvidenceTable } from '../../model/bench/pool/evidence-words.ts';
import { poolEvidence } from '../../model/bench/pool/evidence.ts';
import { poolsMeasured, poolsWrong, poolTables } from '../../model/bench/pool/tables.ts';
import type { PoolTable } from '../../model/bench/pool/tables.ts';
import type { RunSummary } from '../../model/run/run.ts';
import { capital } from '../../model/text/format.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { note, section, table } from './elements.ts';

function worth({ title, rows }: EvidenceTable): HTMLElement {
  return table(
    capital(title),
    [{ name: title }, { name: 'change, 95 %', num: true }, { name: 'says' }],
    rows.map(({ load, against, change, interval, says, standing }): Child[] => [
      [capital(load), el('div.dim.sm', {}, against)],
      [change !== '' && el('b.strong', {}, change), interval !== '' && el('div.dim.sm', {}, interval)],
      el('b.says', { 'data-standing': standing }, says),
    ]),
  );
}

const measured = ({ title, orders, rows, did }: PoolTable): Child => [
  table(
    title,
    [{ name: title }, ...orders.map((order) => ({ name: order, num: true }))],
    rows.map(({ touch, cells }) => [touch, ...cells]),
  ),
  did.map((words) => el('div.dim.sm.did', {}, words)),
];

/** Null for a run of no pools, or of one case, which stands for itself. */
export function orders(topology: Topology, { results }: RunSummary): HTMLElement[] | null {
  const tables = poolTables(topology, results);
  if (!tables) return null;
  const found = poolEvidence(topology, results);
  const held = (['order', 'touch'] as const).flatMap((aspect) => evidenceTable(found, aspect) ?? []);
  return [
    ...(held.length > 0 ? [section('What it is worth', el('div.in.signs', {}, held.map(worth)))] : []),
    section(
      'Pools',
      el('div.in.layouts', {}, tables.map(measured)),
      el('div.in.dim.sm', {}, poolsMeasured(topology, results)),
      poolsWrong(topology, results).map((why) => note('warn', `Does not count: ${why}`)),
    ),
  ];
}

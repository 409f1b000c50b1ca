/** Owns the lists of a plan as fields: what the host keeps of each node, storage, phases, and what flows between blocks. */

import { changeOf } from '../../model/plan/edit/change.ts';
import { FLOW_BOUNDS, FLOW_RATES } from '../../model/plan/plan.ts';
import type { Flow, Phase, Plan, Storage } from '../../model/plan/plan.ts';
import { MAX_ID } from '../../model/text/cpulist.ts';
import { formatBytes, plural } from '../../model/text/format.ts';
import { parseSize, wrongName } from '../../protocol/plan.ts';
import { el, say } from '../ui/dom.ts';
import { parseWhole } from '../ui/parse.ts';
import { typedField } from '../ui/typed-field.ts';
import type { Desk } from './desk.ts';
import { createItems } from './items.ts';
import type { ItemKind, ItemList } from './items.ts';
import type { Reading } from './reading.ts';
import { blank, rangeTyped, rangeWritten, usesTyped, usesWritten } from './typed.ts';

const rangeWords = ([low, high]: readonly [number, number]): string =>
  low === high ? formatBytes(low) : `${formatBytes(low)} to ${formatBytes(high)}`;

/** @param others names that are taken. */
function nameTyped(words: string, others: readonly string[], noun: string): { wrong: string } | { name: string } {
  const name = words.trim();
  if (others.includes(name)) return { wrong: `Another ${noun} has that name.` };
  const wrong = wrongName(name);
  return wrong === '' ? { name } : { wrong };
}

const STORAGE: ItemKind<Storage> = {
  ...{ key: 'storage', title: 'Storage', noun: 'storage', add: 'Add storage' },
  words: ({ name, bytes }) => `${name}, ${formatBytes(bytes)}`,
  complete: ({ name, bytes, uses = {} }) => (name !== undefined && bytes !== undefined ? { name, bytes, uses } : null),
  fields: [
    {
      ...{ label: 'Name', key: 'name', placeholder: 'ssd' },
      shown: ({ name }) => name ?? '',
      read: (words, { others }) =>
        nameTyped(
          words,
          others.map(({ name }) => name),
          'storage',
        ),
    },
    {
      ...{ label: 'Size', key: 'size', placeholder: '350GB' },
      shown: ({ bytes }) => (bytes === undefined ? '' : formatBytes(bytes)),
      read: (words) => parseSize(words.trim()),
    },
    {
      ...{ label: 'Taken by no block', key: 'uses', placeholder: 'host 100GB, spare 10GB' },
      shown: ({ uses }) => usesWritten(uses ?? {}),
      read: usesTyped,
    },
  ],
  /** What blocks take of it is of its new name. */
  also(plan, was, to) {
    const changes = plan.blocks.flatMap((block) => {
      const storage = block.storage.map((share) => (share.on === was.name ? { ...share, on: to.name } : share));
      const change = changeOf(block, { storage });
      return change ? [change] : [];
    });
    return { changes };
  },
  held(plan, { name }) {
    const block = plan.blocks.find(({ storage }) => storage.some(({ on }) => on === name));
    return block ? `${block.name} takes some of it: take that from the block first.` : '';
  },
};

const PHASES: ItemKind<Phase> = {
  ...{ key: 'phases', title: 'Phases', noun: 'phase', add: 'Add a phase' },
  words: ({ name, asynchronous }) => `${name}${asynchronous ? ', beside the others' : ''}`,
  complete: ({ name, asynchronous = false }) => (name === undefined ? null : { name, asynchronous }),
  fields: [
    {
      ...{ label: 'Name', key: 'name', placeholder: 'inference' },
      shown: ({ name }) => name ?? '',
      read: (words, { others }) =>
        nameTyped(
          words,
          others.map(({ name }) => name),
          'phase',
        ),
    },
    {
      ...{ label: 'A batch', key: 'asynchronous' },
      choices: () => [
        { value: 'false', label: 'waits for it' },
        { value: 'true', label: 'does not wait' },
      ],
      chosen: ({ asynchronous }) => String(asynchronous ?? false),
      to: (value) => ({ asynchronous: value === 'true' }),
    },
  ],
  /** Its flows stay in it under its new name. */
  also: ({ flows }, was, to) => ({
    lists: { flows: flows.map((flow) => (flow.phase === was.name ? { ...flow, phase: to.name } : flow)) },
  }),
  held(plan, { name }) {
    const flows = plan.flows.filter(({ phase }) => phase === name).length;
    return flows === 0 ? '' : `${plural(flows, 'flow')} in it: give them another phase first.`;
  },
};

const NO_PHASE = '';
const blocksOf = (plan: Plan): { value: string; label: string }[] =>
  plan.blocks.map(({ name }) => ({ value: name, label: name }));
const firstOf = ({ blocks: [first] }: Plan): string => first?.name ?? '';

const FLOWS: ItemKind<Flow> = {
  ...{ key: 'flows', title: 'Flows', noun: 'flow', add: 'Add a flow' },
  words: ({ from, to, bytes, per, phase }) =>
    [
      from === to ? `${from} of its own memory` : `${from} \u2192 ${to}`,
      `${rangeWords(bytes)}${per === 'second' ? ' a second' : ''}`,
      ...(phase === null ? [] : [phase]),
    ].join(', '),
  complete({ from, to, bytes, per = 'batch', bound = 'bandwidth', phase = null }, plan) {
    const first = firstOf(plan);
    return bytes === undefined || first === ''
      ? null
      : { from: from ?? first, to: to ?? first, bytes, per, bound, phase };
  },
  fields: [
    {
      ...{ label: 'Out of the memory of', key: 'from' },
      choices: blocksOf,
      chosen: ({ from }, plan) => from ?? firstOf(plan),
      to: (from) => ({ from }),
    },
    {
      ...{ label: 'To', key: 'to' },
      choices: blocksOf,
      chosen: ({ to }, plan) => to ?? firstOf(plan),
      to: (to) => ({ to }),
    },
    {
      ...{ label: 'Time goes by', key: 'bound' },
      choices: () => FLOW_BOUNDS.map((value) => ({ value, label: value })),
      chosen: ({ bound }) => bound ?? 'bandwidth',
      to: (value) => ({ bound: FLOW_BOUNDS.find((one) => one === value) ?? 'bandwidth' }),
    },
    {
      ...{ label: 'Phase', key: 'phase' },
      choices: ({ phases }) => [
        { value: NO_PHASE, label: 'none' },
        ...phases.map(({ name }) => ({ value: name, label: name })),
      ],
      chosen: ({ phase }) => phase ?? NO_PHASE,
      to: (value) => ({ phase: value === NO_PHASE ? null : value }),
    },
    {
      ...{ label: 'For each', key: 'per' },
      choices: () => FLOW_RATES.map((value) => ({ value, label: value })),
      chosen: ({ per }) => per ?? 'batch',
      to: (value) => ({ per: FLOW_RATES.find((one) => one === value) ?? 'batch' }),
    },
    {
      ...{ label: 'Bytes', key: 'bytes', placeholder: '700MB, or 140MB-700MB' },
      shown: ({ bytes }) => (bytes ? rangeWritten(bytes) : ''),
      read: rangeTyped,
    },
  ],
  also: () => ({}),
  held: () => '',
};

/** Of each node cores and memory; without both it is not in the plan. */
function createReserve(desk: Desk): ItemList {
  const body = el('div');
  const count = el('span');
  const element = el(
    'details.plan-list',
    { 'data-key': 'plan-list-reserve', 'data-list': 'reserve' },
    el('summary', {}, el('h2', {}, 'The host keeps', count)),
    body,
  );
  let shown = '';
  let rows: readonly { node: number; show: (reading: Reading) => void }[] = [];
  const row = (node: number): { node: number; element: HTMLElement; show: (reading: Reading) => void } => {
    const kept = (plan: Plan): Plan['reserve'][number] =>
      plan.reserve.find((one) => one.node === node) ?? { node, cores: 0, memoryBytes: 0 };
    const set = (to: Partial<Plan['reserve'][number]>, words: string): string => {
      const plan = desk.reading()?.plan;
      if (!plan) return '';
      const next = { ...kept(plan), ...to };
      const there = plan.reserve.some((one) => one.node === node);
      const others = there ? plan.reserve.map((one) => (one.node === node ? next : one)) : [...plan.reserve, next];
      const reserve = others.filter(({ cores, memoryBytes }) => cores > 0 || memoryBytes > 0);
      desk.list({ reserve }, `Node ${node}: the host keeps ${words}`);
      return '';
    };
    const cores = typedField(
      `plan-reserve-${node}-cores`,
      { 'aria-label': `Cores that the host keeps on node ${node}`, placeholder: 'no cores' },
      (words) => {
        if (blank(words)) return set({ cores: 0 }, 'no cores');
        const read = parseWhole(words.replace(/\s*cores?\s*$/i, ''), 0, MAX_ID);
        return 'wrong' in read ? read.wrong : set({ cores: read.value }, plural(read.value, 'core'));
      },
    );
    const memory = typedField(
      `plan-reserve-${node}-memory`,
      { 'aria-label': `Memory that the host keeps on node ${node}`, placeholder: 'no memory' },
      (words) => {
        if (blank(words)) return set({ memoryBytes: 0 }, 'no memory');
        const read = parseSize(words.trim());
        return 'wrong' in read ? read.wrong : set({ memoryBytes: read.bytes }, formatBytes(read.bytes));
      },
    );
    return {
      node,
      element: el(
        'div',
        {},
        el('div.field.reserve', {}, el('span.label', {}, `Node ${node}`), cores.input, memory.input),
        cores.wrong,
        memory.wrong,
      ),
      show({ plan }) {
        const now = kept(plan);
        cores.show(now.cores === 0 ? '' : plural(now.cores, 'core'));
        memory.show(now.memoryBytes === 0 ? '' : formatBytes(now.memoryBytes));
      },
    };
  };
  return {
    element,
    update(reading) {
      const { plan, topology } = reading;
      say(count, plan.reserve.length === 0 ? 'nothing' : plural(plan.reserve.length, 'node'));
      if (!element.open) return;
      // Also of a node that the machine does not have: there it is taken out again.
      const nodes = [...new Set([...topology.nodes.map(({ id }) => id), ...plan.reserve.map(({ node }) => node)])];
      if (nodes.join() !== shown) {
        shown = nodes.join();
        const made = nodes.map(row);
        rows = made;
        body.replaceChildren(...made.map((one) => one.element));
      }
      for (const { show } of rows) show(reading);
    },
  };
}

/** @param redraw for what was unfolded. */
export function createLists(desk: Desk, redraw: () => void): ItemList {
  const lists = [createReserve(desk), createItems(desk, STORAGE), createItems(desk, PHASES), createItems(desk, FLOWS)];
  const element = el(
    'div.plan-lists',
    {},
    lists.map((list) => list.element),
  );
  // Of what is folded nothing is made.
  element.addEventListener('toggle', redraw, { capture: true });
  return {
    element,
    update(reading) {
      for (const list of lists) list.update(reading);
    },
  };
}

/** Owns the fields of the chosen block: all that drag and keys do, and what they cannot. */

import type { BlockValues } from '../../model/plan/edit/change.ts';
import { BLOCK_KINDS, MEMORY_POLICIES } from '../../model/plan/plan.ts';
import type { Block } from '../../model/plan/plan.ts';
import { formatCpuList, MAX_ID, parseCpuList } from '../../model/text/cpulist.ts';
import { formatBytes } from '../../model/text/format.ts';
import { parseSize, wrongName } from '../../protocol/plan.ts';
import { el, say } from '../ui/dom.ts';
import { button, select, setValue } from '../ui/elements.ts';
import { parseWhole } from '../ui/parse.ts';
import { typedField } from '../ui/typed-field.ts';
import type { Desk } from './desk.ts';
import { moreTyped } from './more.ts';
import { blank, ids } from './typed.ts';
import type { Taken } from './typed.ts';

interface Field {
  readonly element: HTMLElement;
  show(block: Block): void;
}

/** "node 1", "nodes 0-1", "cpus 18-25,54-61", "18-25,54-61"; nothing: without a place. */
export function placeTyped(typed: string, block: Block): Taken {
  const counted = block.cores === null && block.threads === null && block.cpus !== null;
  const keep: BlockValues = counted ? { threads: parseCpuList(block.cpus).length } : {};
  if (blank(typed)) return { to: { ...keep, nodes: null, cpus: null }, words: `${block.name} without a place` };
  const [, kind = '', rest = ''] = /^\s*(nodes?|cpus?|P#)?\s*:?\s*(.*)$/i.exec(typed) ?? [];
  const list = ids(rest.replaceAll('\u2013', '-').replaceAll(' ', ''));
  if (!list) return { wrong: 'Type node 1, nodes 0-1 or cpus 18-25,54-61; nothing leaves its place open.' };
  if (/^node/i.test(kind)) return { to: { ...keep, nodes: list, cpus: null }, words: `${block.name}: ${typed.trim()}` };
  const cpus = formatCpuList(list);
  return { to: { cpus, nodes: null }, words: `${block.name}: cpus ${cpus}` };
}

const placeWritten = ({ nodes, cpus }: Block): string =>
  cpus !== null
    ? `cpus ${cpus}`
    : nodes === null
      ? ''
      : `${nodes.length === 1 ? 'node' : 'nodes'} ${formatCpuList(nodes)}`;

const size = (bytes: number | null): string => (bytes === null ? '' : formatBytes(bytes));

export interface BlockForm {
  readonly element: HTMLElement;
  update(block: Block): void;
}

export function createForm(desk: Desk, first: string): BlockForm {
  let name = first;
  const current = (): Block | null => desk.reading()?.plan.blocks.find((block) => block.name === name) ?? null;
  const take = (taken: Taken): string => {
    if ('wrong' in taken) return taken.wrong;
    desk.set(name, taken.to, taken.words);
    return '';
  };
  const typed = (
    label: string,
    key: string,
    placeholder: string,
    shown: (block: Block) => string,
    read: (words: string, block: Block) => Taken,
  ): Field => {
    const field = typedField(`plan-${key}`, { id: `plan-field-${key}`, placeholder }, (words) => {
      const block = current();
      return block ? take(read(words, block)) : '';
    });
    const labelled = el('label', { for: field.input.id }, label);
    return {
      element: el('div', {}, el('div.field', {}, labelled, field.input), field.wrong),
      show: (block) => field.show(shown(block)),
    };
  };
  const sized = (
    label: string,
    key: string,
    shown: (block: Block) => number | null,
    to: (bytes: number | null, block: Block) => BlockValues,
  ): Field =>
    typed(
      label,
      key,
      'none',
      (block) => size(shown(block)),
      (words, block) => {
        if (blank(words)) return { to: to(null, block), words: `${name}: no ${label.toLowerCase()}` };
        const read = parseSize(words.trim());
        if ('wrong' in read) return read;
        return { to: to(read.bytes, block), words: `${name}: ${label.toLowerCase()} ${formatBytes(read.bytes)}` };
      },
    );
  const counted = (label: string, key: 'cores' | 'threads'): Field =>
    typed(
      label,
      key,
      'by its CPUs',
      (block) => (block[key] === null ? '' : String(block[key])),
      (words, block) => {
        const other = key === 'cores' ? block.threads : block.cores;
        if (blank(words))
          return other === null && block.cpus === null
            ? { wrong: 'Say how much it gets: cores, threads or CPUs.' }
            : { to: { [key]: null }, words: `${name}: no ${key}` };
        const read = parseWhole(words, 1, MAX_ID);
        return 'wrong' in read ? read : { to: { [key]: read.value }, words: `${name}: ${read.value} ${key}` };
      },
    );
  const policy = select(
    'plan-policy',
    'Memory policy',
    MEMORY_POLICIES.map((value) => ({ value, label: value })),
    (value) => {
      const memoryPolicy = MEMORY_POLICIES.find((one) => one === value);
      if (memoryPolicy) desk.set(name, { memoryPolicy }, `${name}: memory ${memoryPolicy}`);
    },
  );
  const pages = select(
    'plan-pages',
    'Huge pages',
    [
      { value: '0', label: 'none' },
      { value: String(2 ** 21), label: '2 MB' },
      { value: String(2 ** 30), label: '1 GB' },
    ],
    (value) => {
      const block = current();
      const sizeBytes = Number(value);
      const memoryBytes = block?.hugepages?.memoryBytes ?? block?.memoryBytes ?? 0;
      if (block)
        desk.set(
          name,
          { hugepages: sizeBytes === 0 ? null : { sizeBytes, memoryBytes } },
          sizeBytes === 0 ? `${name}: no huge pages` : `${name}: pages of ${formatBytes(sizeBytes)}`,
        );
    },
  );
  const inPages = sized(
    'Memory in them',
    'paged',
    ({ hugepages }) => hugepages?.memoryBytes ?? null,
    (memoryBytes, { hugepages }) => ({
      hugepages: hugepages && memoryBytes !== null ? { ...hugepages, memoryBytes } : null,
    }),
  );
  const chosen = (label: string, control: ReturnType<typeof select>, value: (block: Block) => string): Field => ({
    element: el('div.field', {}, el('span.label', { 'aria-hidden': 'true' }, label), control),
    show: (block) => setValue(control, value(block)),
  });
  const emulator = typed(
    'Emulator CPUs',
    'emulator',
    'not said',
    ({ emulatorCpus }) => emulatorCpus ?? '',
    (words) => {
      if (blank(words)) return { to: { emulatorCpus: null }, words: `${name}: no emulator CPUs` };
      const list = ids(words);
      if (!list) return { wrong: 'Type a list of CPUs such as 16,52.' };
      const emulatorCpus = formatCpuList(list);
      return { to: { emulatorCpus }, words: `${name}: emulator threads on ${emulatorCpus}` };
    },
  );
  const kind = select(
    'plan-kind',
    'Kind',
    BLOCK_KINDS.map((value) => ({ value, label: value })),
    (value) => {
      const to = BLOCK_KINDS.find((one) => one === value);
      if (to) desk.set(name, { kind: to }, `${name}: ${to}`);
    },
  );
  const named = typedField('plan-name', { id: 'plan-field-name' }, (words) => {
    const to = words.trim();
    const { blocks = [] } = desk.reading()?.plan ?? {};
    if (to !== name && blocks.some((block) => block.name === to)) return 'Another block has that name.';
    const wrong = wrongName(to);
    if (wrong === '') desk.rename(name, to);
    return wrong;
  });
  const fields: readonly (Field & { readonly only?: (block: Block) => boolean })[] = [
    {
      element: el(
        'div',
        {},
        el('div.field', {}, el('label', { for: named.input.id }, 'Name'), named.input),
        named.wrong,
      ),
      show: () => named.show(name),
    },
    chosen('Kind', kind, (block) => block.kind),
    typed('Place', 'place', 'open', placeWritten, placeTyped),
    counted('Cores', 'cores'),
    counted('Threads', 'threads'),
    sized(
      'Memory',
      'memory',
      ({ memoryBytes }) => memoryBytes,
      (memoryBytes) => ({ memoryBytes }),
    ),
    typed(
      'Memory of nodes',
      'memory-nodes',
      'as its CPUs',
      ({ memoryNodes }) => (memoryNodes === null ? '' : formatCpuList(memoryNodes)),
      (words) => {
        if (blank(words)) return { to: { memoryNodes: null }, words: `${name}: memory beside its CPUs` };
        const list = ids(words);
        return list
          ? { to: { memoryNodes: list }, words: `${name}: memory of ${formatCpuList(list)}` }
          : { wrong: 'Type nodes such as 0 or 0-1; nothing is those of its CPUs.' };
      },
    ),
    chosen('Memory policy', policy, ({ memoryPolicy }) => memoryPolicy),
    chosen('Huge pages', pages, ({ hugepages }) => String(hugepages?.sizeBytes ?? 0)),
    { ...inPages, only: ({ hugepages }) => hugepages !== null },
    typed(
      'Share of L3',
      'l3',
      'not said',
      ({ l3 }) => (l3 === 'own' ? 'own' : size(l3)),
      (words) => {
        if (blank(words)) return { to: { l3: null }, words: `${name}: no share of L3` };
        if (/^\s*own\s*$/i.test(words)) return { to: { l3: 'own' }, words: `${name}: an L3 of its own` };
        const read = parseSize(words.trim());
        return 'wrong' in read
          ? { wrong: `${read.wrong.replace(/\.$/, '')}, or own.` }
          : { to: { l3: read.bytes }, words: `${name}: ${formatBytes(read.bytes)} of L3` };
      },
    ),
    { ...emulator, only: ({ kind }) => kind === 'vm' },
  ];
  const more = moreTyped(() => desk.reading()?.plan ?? null).map(({ label, key, placeholder, shown, read, only }) => ({
    ...typed(label, key, placeholder, shown, read),
    only,
  }));
  const act = (action: string, work: () => void, label: string, words: string): HTMLElement =>
    button(action, 'secondary', work, label, { title: words });
  const remove = (): void => {
    // The focus does not go with the fields.
    const rows = [...document.querySelectorAll<HTMLElement>('[data-block-row]')];
    const next = rows.find((row) => row.dataset['blockRow'] !== name);
    desk.remove(name);
    (next ?? document.querySelector<HTMLElement>('[data-action="add-block"]'))?.focus();
  };
  const acts = el(
    'div.in.acts.plan-acts',
    {},
    act('core-less', () => desk.stretch(name, -1), '\u2212 core', 'A core less, key minus'),
    act('core-more', () => desk.stretch(name, 1), '+ core', 'A core more, key plus'),
    act('node-before', () => desk.nextNode(name, -1), '\u2190 node', 'To the node before, key Shift+N'),
    act('node-next', () => desk.nextNode(name, 1), 'node \u2192', 'To the next node, key N'),
    act('unplace', () => desk.unplace(name), 'To the tray', 'Back into the tray, key Delete'),
    act('remove-block', remove, 'Remove block', 'Out of the plan, and its flows with it'),
  );
  const title = el('h2', {}, name);
  const element = el(
    'section.block-form',
    { 'aria-label': `Block ${name}` },
    title,
    fields.map(({ element }) => element),
    el(
      'details.plan-more',
      { 'data-key': 'plan-more' },
      el('summary', {}, 'Devices, storage and more'),
      more.map(({ element }) => element),
    ),
    acts,
  );
  return {
    element,
    update(block) {
      if (name !== block.name) {
        name = block.name;
        say(title, name);
        element.setAttribute('aria-label', `Block ${name}`);
      }
      for (const { element, show, only } of [...fields, ...more]) {
        element.hidden = only ? !only(block) : false;
        show(block);
      }
    },
  };
}

/** Owns the line below the board: what its shapes are, as far as this machine has them, and which numbers CPUs go by. */

import { cacheLevel } from '../../model/svg/names.ts';
import { isolatedPath, ISOLATED_WORDS, stateOf } from '../../model/svg/cells.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { originOf } from '../../model/bench/nodes/costs.ts';
import { lineEnds } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { baselineEnds } from '../state/machine-view.ts';
import { measuredNodes, slotsOf } from '../state/select.ts';
import type { Actions } from '../state/actions.ts';
import { el, kbd, say, slot, svg } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { liveGroup } from '../state/followed.ts';
import type * as Later from './legend-later.ts';
import type { Part } from '../state/part.ts';
import type { State } from '../state/store.ts';

const NUMBERS = { P: ['P#', 'the kernel\u2019s numbers'], L: ['L#', 'lstopo\u2019s numbers'] } as const;

/** A shape as the board draws it. @param classes of its rectangle. */
function entry(classes: string, words: string): HTMLElement {
  const box = { x: 0.5, y: 0.5, width: 15, height: 10 };
  const shape = svg('svg', { width: 16, height: 11, 'aria-hidden': 'true' }, svg(`rect.${classes}`, box));
  return el('li', {}, shape, words);
}

function isolatedEntry(): HTMLElement {
  const box = { x: 0.5, y: 0.5, w: 15, h: 10 };
  const corner = svg('path.iso', { d: isolatedPath({ ...box, h: 18 }) });
  const shape = svg(
    'svg',
    { width: 16, height: 11, 'aria-hidden': 'true' },
    svg('rect', { x: 0.5, y: 0.5, width: 15, height: 10 }),
    corner,
  );
  return el('li', {}, shape, ISOLATED_WORDS);
}

function levels({ caches }: Topology): string[] {
  const outer = [...caches].filter(({ type }) => type !== 'instruction').sort((a, b) => b.level - a.level);
  return [...new Set(outer.map(cacheLevel))];
}

/** A piece of the bar of memory: as flat as that is, the ticks of huge pages included. */
function memoryEntry(kind: 'used' | 'file' | 'huge' | 'free', words: string): HTMLElement {
  const ticks = kind === 'huge' ? [4, 8, 12] : [];
  const shape = svg(
    'svg',
    { width: 16, height: 11, 'aria-hidden': 'true' },
    svg(`rect.${kind}`, { x: 0.5, y: 2.5, width: 15, height: 6 }),
    ticks.map((x) => svg('line.tick', { x1: x, x2: x, y1: 3, y2: 8 })),
  );
  return el('li', {}, shape, words);
}

/** What of memory the bars of nodes can show here. */
function memory({ nodes }: Topology, { sample }: State): HTMLElement[] {
  const known = (sample?.nodes ?? nodes).some(({ freeBytes }) => freeBytes !== null);
  const file = sample?.nodes.some(({ fileBytes }) => fileBytes !== null) ?? false;
  const huge = nodes.some(({ hugepages }) => hugepages.some(({ total }) => total > 0));
  if (!known) return [];
  return [
    memoryEntry('used', 'memory in use'),
    ...(file ? [memoryEntry('file', 'page cache')] : []),
    ...(huge ? [memoryEntry('huge', 'reserved huge pages')] : []),
    memoryEntry('free', 'free'),
  ];
}

/** A narrow bar has no room for whose figures these are, and how they came about. */
function measured(topology: Topology, state: State): HTMLElement[] {
  const own = measuredNodes(state, topology).find(({ from, to }) => from === to);
  if (!own) return [];
  const units = [...(own.ns === null ? [] : ['ns']), ...(own.bytesPerSecond === null ? [] : ['B/s'])];
  return [el('li', {}, el('b', {}, units.join(', ')), `of a node\u2019s own memory, ${originOf(own.emulated)}`)];
}

function entries(topology: Topology, state: State, far: Slot | null, later: typeof Later | null): HTMLElement[] {
  const states = new Set(topology.cpus.map(stateOf));
  const own = levels(topology);
  const barred = states.has('forbidden') || topology.nodes.some((node) => !node.allowed);
  const made = [...topology.nodes, ...topology.packages].some(({ inferred }) => inferred);
  return [
    ...(liveGroup(state) && later ? later.threadEntries(state) : []),
    ...(far && later ? [later.baselineEntry(far)] : []),
    ...(topology.cpus.some((cpu) => cpu.isolated) ? [isolatedEntry()] : []),
    ...(barred ? [entry('forbidden', 'disallowed: outside the cpuset')] : []),
    ...(states.has('offline') ? [entry('offline', 'offline')] : []),
    ...(made ? [entry('made', 'not reported by this host')] : []),
    ...memory(topology, state),
    ...(state.view.devices && topology.devices.length > 0 ? [entry('dev', 'I/O device at its node')] : []),
    ...measured(topology, state),
    ...(own.length > 0 ? [entry('cache', `${own.join(', ')} cache`)] : []),
  ];
}

export interface Legend extends Part {
  /** What explains tokens and threads, which are drawn with the same load. */
  bring(later: typeof Later): void;
}

export function createLegend(actions: Actions): Legend {
  let later: typeof Later | null = null;
  const shapes = el('ul', { 'aria-label': 'Legend of the board' });
  const content = slot(shapes);
  const [kind, words] = [el('b'), el('span')];
  const numbers = button('numbers', 'bare', () => actions.renumber(), [kind, words, kbd('L')], {
    title: 'Numbers of CPUs: the kernel\u2019s (P#), or lstopo\u2019s, consecutive for neighbours (L#)',
  });
  const element = el('div.legend-line', {}, shapes, numbers);
  return {
    element,
    bring: (loaded) => (later = loaded),
    update(state) {
      const topology = state.board?.topology ?? null;
      element.hidden = state.view.table || !topology;
      if (!topology) return;
      // Which entries there are changes with the first sample, not with each, and with what is drawn.
      const far = baselineEnds(state) && !state.carried ? (lineEnds(slotsOf(state))?.[1] ?? null) : null;
      const drawn = [state.view.devices, !liveGroup(state), !state.board?.program, measuredNodes(state, topology), far];
      content.update([topology, state.sample === null, later, ...drawn], () => entries(topology, state, far, later));
      const [short, long] = NUMBERS[state.view.numbers];
      say(kind, short);
      say(words, long);
    },
  };
}

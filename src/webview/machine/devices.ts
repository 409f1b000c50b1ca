/** Owns the chips of I/O devices on the board: one tab stop of their own, arrows within, and the frames of who is near one. */

import { select } from 'd3-selection';
import { nearWords, nodeWords } from '../../model/topology/devices.ts';
import { chipsIn } from '../../model/layout/devices.ts';
import type { DeviceChip } from '../../model/layout/devices.ts';
import type { Layout } from '../../model/layout/types.ts';
import { chipMarks, chipWords, nearMarks, roomWord } from '../../model/svg/devices.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { paintMarks, svgElement } from './paint.ts';
import type { PopText } from './popover.ts';

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowUp: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** More devices on one chip than this are told in the table. */
const MOST_LINES = 8;

/** What the pop-over says: each device with its PCI function, and where they are. */
export function deviceText({ devices }: DeviceChip, topology: Topology): PopText {
  const [first] = devices;
  const line = ({ kind, name, address, pci }: (typeof devices)[number]): string =>
    [name, kind, address === name ? null : address, pci].filter((word) => word !== null).join(', ');
  const alone = first && devices.every(({ node, cpus }) => node === first.node && cpus === first.cpus);
  const more = devices.length - MOST_LINES;
  return {
    title: alone ? `${nodeWords(first)}, ${nearWords(first, topology)}` : 'Devices',
    lines: [...devices.slice(0, MOST_LINES).map(line), ...(more > 0 ? [`and ${more} more, in the table`] : [])],
    tone: 'plain',
  };
}

export interface DeviceEvents {
  /** Null when the focus left. */
  focused(chip: DeviceChip | null): void;
  /** Enter, or a click. */
  chosen(chip: DeviceChip): void;
}

export class Devices {
  readonly #near = svgElement('g', 'near-device');
  readonly #words = svgElement('g');
  readonly #list = svgElement('g');
  #topology: Topology | null = null;
  #layout: Layout | null = null;
  #chips: readonly DeviceChip[] = [];
  #groups: readonly SVGGElement[] = [];
  #at = 0;
  #shown = '';

  constructor(layer: SVGGElement) {
    layer.append(this.#near, this.#words, this.#list);
    this.#list.setAttribute('role', 'group');
    this.#list.setAttribute('aria-label', 'I/O devices');
  }

  /** @param layout at the size it is painted in. */
  place(topology: Topology, layout: Layout): void {
    [this.#topology, this.#layout, this.#shown] = [topology, layout, ''];
    this.#chips = layout.rooms.flatMap((room) => chipsIn(topology, room));
    this.#at = Math.max(0, Math.min(this.#at, this.#chips.length - 1));
    paintMarks(
      this.#words,
      layout.rooms.map(roomWord).filter((word) => word !== null),
    );
    this.#groups = select(this.#list)
      .selectChildren<SVGGElement, DeviceChip>()
      .data(this.#chips)
      .join((enter) => enter.append(() => svgElement('g', 'device')))
      .attr('role', 'button')
      .attr('data-device', ({ devices, kind }) => (kind === '' ? 'more' : (devices[0]?.name ?? '')))
      .attr('aria-label', (chip) => chipWords(chip, topology))
      .attr('tabindex', (_, i) => (i === this.#at ? 0 : -1))
      .each(function (chip) {
        paintMarks(this, chipMarks(chip));
      })
      .nodes();
    this.near(null);
  }

  listen({ focused, chosen }: DeviceEvents, signal: AbortSignal): void {
    const of = (event: Event): DeviceChip | null => this.chipOf(event.target);
    this.#list.addEventListener(
      'focusin',
      (event) => {
        const chip = of(event);
        if (!chip) return;
        this.#rove(this.#chips.indexOf(chip));
        focused(chip);
      },
      { signal },
    );
    this.#list.addEventListener('focusout', () => focused(null), { signal });
    this.#list.addEventListener(
      'keydown',
      (event) => {
        const chip = of(event);
        const step = STEPS[event.key];
        const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
        if (!chip || !plain) return;
        if (step) {
          const to = Math.max(0, Math.min(this.#chips.length - 1, step(this.#at, this.#chips.length)));
          this.#rove(to);
          this.#groups[to]?.focus({ preventScroll: true });
        } else if (event.key === 'Enter' || event.key === ' ') chosen(chip);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
      { signal },
    );
    this.#list.addEventListener(
      'click',
      (event) => {
        const chip = of(event);
        if (chip) chosen(chip);
      },
      { signal },
    );
  }

  /** The chip that an element belongs to. */
  chipOf(target: EventTarget | null): DeviceChip | null {
    const group = target instanceof Element ? target.closest<SVGGElement>('.device') : null;
    return (group && this.#chips[this.#groups.indexOf(group)]) ?? null;
  }

  /** Frames the threads near a chip's devices; null: near the one with the focus, if one has it. */
  near(chip: DeviceChip | null): void {
    if (!this.#topology || !this.#layout) return;
    const devices = (chip ?? this.chipOf(document.activeElement))?.devices ?? [];
    const key = devices.map(({ cpus }) => cpus).join();
    if (key === this.#shown) return;
    this.#shown = key;
    paintMarks(this.#near, nearMarks(this.#topology, this.#layout, devices));
  }

  #rove(to: number): void {
    this.#groups[this.#at]?.setAttribute('tabindex', '-1');
    this.#at = to;
    this.#groups[to]?.setAttribute('tabindex', '0');
  }
}

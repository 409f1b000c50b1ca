/**
 * Where I/O devices stand: as chips in a room below the bar of their node, or along the lower edge of the board where
 * firmware names no node. Rooms are part of the layout; chips are put into them at the size a room has on the board, so
 * that a nearer look shows more of them.
 */

import { devicesByNode } from '../topology/devices.ts';
import type { Device, DeviceKind, Topology } from '../topology/topology.ts';
import { bottomOf, rightOf } from './box.ts';
import type { Box } from './box.ts';
import { textWidth } from './label.ts';
import type { Boxes } from './place.ts';
import { MARGIN } from './spec.ts';
import type { DeviceRoom } from './types.ts';

/** A chip, and what is between two. */
const CHIP = 16;
const GAP = 4;
/** px that a row of chips takes. */
export const ROW = CHIP + GAP;
const PADDING = 5;
/** Left of the chips where there is room for it: what they are. */
const IO_WORD = 'I/O';
const WORD = 24;
const WORDED = 150;
const NOWHERE_WORD = 'I/O, node unknown';

const KIND_WORDS: Readonly<Record<DeviceKind, string>> = {
  network: 'net',
  storage: 'disk',
  gpu: 'gpu',
  accelerator: 'acc',
};

/** Devices that share a PCI function and a kind: one card, whatever the kernel calls its parts. */
export interface DeviceChip extends Box {
  readonly devices: readonly Device[];
  /** "net"; empty on the chip that stands for all that found no room. */
  readonly kind: string;
  readonly name: string;
}

/** px that rooms take. */
export interface IoRoom {
  readonly belowNodes: number;
  readonly belowMachine: number;
}

export const NO_ROOM: IoRoom = { belowNodes: 0, belowMachine: 0 };

/** Rows of chips below a node bar, for so many cards: small machines have narrow nodes and room below, large ones neither. */
const SMALL = { cpus: 64, inARow: 1.5, rows: 4 };
const MEDIUM = { cpus: 192, inARow: 4, rows: 2 };
/** Along the lower edge of the board. */
const LOWEST_ROWS = 2;
const LARGE = { cpus: Infinity, inARow: 4, rows: 1 };

function cards(devices: readonly Device[]): (readonly Device[])[] {
  const found = new Map<string, Device[]>();
  for (const device of devices) {
    const key = `${device.kind} ${device.address ?? device.name}`;
    const parts = found.get(key);
    if (parts) parts.push(device);
    else found.set(key, [device]);
  }
  return [...found.values()];
}

export function ioRoomOf(topology: Topology, width: number): IoRoom {
  const counts = [...devicesByNode(topology)].map(([node, own]) => [node, cards(own).length] as const);
  if (counts.length === 0) return NO_ROOM;
  const most = Math.max(0, ...counts.map(([node, count]) => (node === null ? 0 : count)));
  const least = [SMALL, MEDIUM, LARGE].find(({ cpus }) => topology.cpus.length <= cpus) ?? LARGE;
  const rows = Math.min(least.rows, Math.ceil(most / least.inARow));
  const nowhere = counts.find(([node]) => node === null)?.[1] ?? 0;
  const wide = Math.max(1, Math.floor((width - 2 * MARGIN - textWidth(NOWHERE_WORD, 10)) / 80));
  return {
    belowNodes: rows * ROW,
    belowMachine: nowhere === 0 ? 0 : Math.min(LOWEST_ROWS, Math.ceil(nowhere / wide)) * ROW + MARGIN,
  };
}

/** Takes the rooms from the lower end of node bars that were laid out so much higher. */
export function placeRooms(
  topology: Topology,
  { belowNodes, belowMachine }: IoRoom,
  size: { readonly w: number; readonly h: number },
  boxes: Boxes,
): DeviceRoom[] {
  const at = devicesByNode(topology);
  const rooms: DeviceRoom[] = [];
  if (belowNodes > 0) {
    boxes.nodes.forEach((bar, i) => {
      const low = { ...bar, h: bar.h - belowNodes };
      boxes.nodes[i] = low;
      if (at.has(bar.id)) rooms.push({ x: bar.x, y: bottomOf(low) + GAP, w: bar.w, h: belowNodes - GAP, node: bar.id });
    });
  }
  if (belowMachine > 0) {
    const h = belowMachine - MARGIN;
    rooms.push({ x: MARGIN, y: size.h - MARGIN - h + GAP, w: size.w - 2 * MARGIN, h: h - GAP, node: null });
  }
  return rooms;
}

const shortAddress = (name: string): string => name.replace(/^0000:(?=[0-9a-f]{2}:)/, '');

function nameOf(devices: readonly Device[]): string {
  const [first, ...more] = devices.map(({ name }) => shortAddress(name));
  return more.length <= 1 ? [first, ...more].join(', ') : `${first ?? ''} +${more.length}`;
}

/** px that the room's word takes of its first row. */
export function wordOf(room: DeviceRoom): { readonly words: string; readonly w: number } | null {
  const words = room.node === null ? NOWHERE_WORD : IO_WORD;
  if (room.w < WORDED) return null;
  return { words, w: room.node === null ? textWidth(words, 10) + 8 : WORD };
}

/** Chips of one room, in their order; the last stands for those that found no room in it. */
export function chipsIn(topology: Topology, room: DeviceRoom): DeviceChip[] {
  const all = cards(devicesByNode(topology).get(room.node) ?? []).map((devices) => {
    const name = nameOf(devices);
    const kind = KIND_WORDS[devices[0]?.kind ?? 'network'];
    return { devices, name, kind, w: Math.ceil(textWidth(`${kind} ${name}`, 10)) + 2 * PADDING };
  });
  const rows = Math.max(1, Math.floor((room.h + GAP) / ROW));
  const inset = wordOf(room)?.w ?? 0;
  const place = (last: number): DeviceChip[] | null => {
    const rest = all.slice(last).flatMap(({ devices }) => devices);
    const name = `+${all.length - last}`;
    const more = { devices: rest, name, kind: '', w: Math.ceil(textWidth(name, 10)) + 2 * PADDING };
    const shown = rest.length > 0 ? [...all.slice(0, last), more] : all;
    const chips: DeviceChip[] = [];
    let [x, row] = [room.x + inset, 0];
    for (const chip of shown) {
      if (x + chip.w > rightOf(room) && x > room.x + inset) [x, row] = [room.x + inset, row + 1];
      if (row >= rows) return null;
      const w = Math.min(chip.w, rightOf(room) - x);
      chips.push({ ...chip, w, x, y: room.y + row * ROW, h: Math.min(CHIP, room.h) });
      x += w + GAP;
    }
    return chips;
  };
  for (let last = all.length; last > 0; last--) {
    const chips = place(last);
    if (chips) return chips;
  }
  return place(0) ?? [];
}

/** Whether every card at a node has a chip of its own. */
export const showsAll = (topology: Topology, rooms: readonly DeviceRoom[]): boolean =>
  rooms.every((room) => room.node === null || chipsIn(topology, room).every(({ kind }) => kind !== ''));

/** Chips of I/O devices in their rooms, and which CPUs are near one. */

import { parseCpuList } from '../text/cpulist.ts';
import { deviceWords, nearWords, nodeWords } from '../topology/devices.ts';
import { chipsIn, wordOf } from '../layout/devices.ts';
import type { DeviceChip } from '../layout/devices.ts';
import { puOf } from '../layout/find.ts';
import { THREAD_GAP } from '../layout/fit.ts';
import { SMALLEST_TYPE, textWidth } from '../layout/label.ts';
import type { DeviceRoom, Layout } from '../layout/types.ts';
import type { Device, Topology } from '../topology/topology.ts';
import { crisp, mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** What is read on a chip: kind and name, or as much of the name as it holds. */
function seenOn(chip: DeviceChip): { readonly kind: string; readonly name: string } {
  const inside = chip.w - 8;
  if (textWidth(chip.kind === '' ? chip.name : `${chip.kind} ${chip.name}`, 10) <= inside) return chip;
  const letters = Math.max(1, Math.floor(inside / textWidth('x', 10)));
  const name = chip.name.length <= letters ? chip.name : `${chip.name.slice(0, letters - 1)}…`;
  return { kind: '', name };
}

/** "net eth0, network, node 1, P#8–15 near": starts with what stands on it, so that who says what they see reaches it. */
export function chipWords(chip: DeviceChip, topology: Topology): string {
  const { devices } = chip;
  const [first] = devices;
  if (!first) return '';
  const { kind, name } = seenOn(chip);
  const seen = kind === '' ? name : `${kind} ${name}`;
  if (chip.kind === '' || devices.some(({ cpus }) => cpus !== first.cpus))
    return [seen, ...devices.map((device) => deviceWords(device, topology))].join('; ');
  const names = devices.map((device) => device.name).join(', ');
  return [seen, first.kind, ...(names === name ? [] : [names]), nodeWords(first), nearWords(first, topology)].join(
    ', ',
  );
}

/** What stands left of a room's chips. */
export function roomWord(room: DeviceRoom): Mark | null {
  const word = room.h < SMALLEST_TYPE ? null : wordOf(room);
  return word && text('.t10.d', room.x, room.y + Math.min(11.5, room.h / 2 + 3.5), word.words);
}

/** A chip's box and words. */
export function chipMarks(chip: DeviceChip): Mark[] {
  const { kind, name } = seenOn(chip);
  const words = text(
    '.t10.m',
    chip.x + chip.w / 2,
    chip.y + chip.h / 2 + 3.5,
    kind === '' ? null : mark('tspan.d', {}, `${kind} `),
    mark('tspan', {}, name),
  );
  return [mark('rect.dev', { ...crisp(chip), rx: 3 }), ...(chip.h < SMALLEST_TYPE ? [] : [words])];
}

/** All of a drawing that stands alone. */
export function deviceMarks(topology: Topology, layout: Layout): Mark[] {
  return layout.rooms.flatMap((room) => {
    const chips = chipsIn(topology, room).map((chip) =>
      mark('g.OSDev', {}, mark('title', {}, chipWords(chip, topology)), ...chipMarks(chip)),
    );
    const word = roomWord(room);
    return word ? [word, ...chips] : chips;
  });
}

/** px a frame stands off its thread: the frames of two threads of a core meet. */
const OFF = THREAD_GAP / 2;

/** Frames around the threads near a device; none where no CPU is nearer than another. */
export function nearMarks(topology: Topology, layout: Layout, devices: readonly Device[]): Mark[] {
  const near = new Set(devices.flatMap(({ cpus }) => parseCpuList(cpus)));
  const online = topology.cpus.filter((cpu) => cpu.online).length;
  if (near.size === 0 || near.size >= online) return [];
  const frames = [...near].flatMap((cpu) => {
    const box = puOf(layout, cpu);
    if (!box) return [];
    const [x, y] = [box.x - OFF, box.y - OFF].map((at) => Math.round(at * 100) / 100);
    const [w, h] = [box.w + 2 * OFF, box.h + 2 * OFF].map((size) => Math.round(size * 100) / 100);
    return [`M${x},${y}h${w}v${h}h-${w}z`];
  });
  return [mark('path.near', { d: frames.join('') })];
}

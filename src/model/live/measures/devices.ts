/** What network interfaces and disks carry, and the node that each is at. */

import { clean } from '../../text/clean.ts';
import { formatMetric } from '../../text/format.ts';
import { MAX_DEVICES } from '../../topology/devices.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import type { FigureSource } from '../rates.ts';
import type { RawReading } from '../reading.ts';
import type { DeviceSample, Sample } from '../sample.ts';
import { found, missingWords, most } from './measure.ts';
import type { Measure } from './measure.ts';
import { perSecond } from './text.ts';

type Kind = 'network' | 'disk';

/**
 * Only what stands on hardware has `device` (no bridge, loop or RAID, whose bytes pass a device once more); how far above it the PCI
 * device is, whose node counts, depends on the bus: none, virtio, the links of an NVMe with several paths, SATA. A kernel without
 * NUMA has no such file.
 */
const HOMES: Readonly<Record<Kind, readonly string[]>> = {
  network: [
    '/sys/class/net/*/device/numa_node',
    '/sys/class/net/*/device/../numa_node',
    '/sys/class/net/*/device/uevent',
  ],
  disk: [
    '/sys/block/*/device/numa_node',
    '/sys/block/*/device/nvme[0-9]*/numa_node',
    '/sys/block/*/device/../numa_node',
    '/sys/block/*/device/../../../../numa_node',
    '/sys/block/*/device/uevent',
  ],
};

const ONLINE = 'sys/devices/system/node/online';

/** The node of a machine that has one, also of a kernel without NUMA; null: there are several. */
function onlyNode(online: string | undefined): number | null {
  if (online === undefined) return 0;
  try {
    const ids = parseCpuList(online.trim());
    return ids.length === 1 ? (ids[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** The node of each device; null where firmware names none. Of a machine of one node all are on that. */
function homes({ files }: RawReading, kind: Kind): ReadonlyMap<string, number | null> {
  const path = kind === 'network' ? /^sys\/class\/net\/([^/]{1,64})\/device\// : /^sys\/block\/([^/]{1,64})\/device\//;
  const only = onlyNode(files.get(ONLINE));
  const homes = new Map<string, number | null>();
  for (const [file, text] of files) {
    const [, name] = path.exec(file) ?? [];
    if (name === undefined) continue;
    const node = /^\d{1,5}$/.test(text.trim()) ? Number(text) : null;
    homes.set(name, homes.get(name) ?? node ?? only);
  }
  return homes;
}

interface Carried {
  readonly in: number;
  readonly out: number;
}

/** Bytes since boot. "eth0: RECEIVED 7 more SENT …" (proc(5)). */
function network({ files }: RawReading): ReadonlyMap<string, Carried> {
  const lines = (files.get('proc/net/dev') ?? '').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name = '', received, sent] =
        /^\s*([^\s:]{1,64}):\s*(\d{1,20})(?:\s+\d{1,20}){7}\s+(\d{1,20})\s/.exec(`${line} `) ?? [];
      return name === '' ? [] : [[name, { in: Number(received), out: Number(sent) }] as const];
    }),
  );
}

/** The kernel's unit here, whatever the disk's own. */
const SECTOR = 512;

/** "MAJOR MINOR NAME reads merged SECTORS ms writes merged SECTORS ms …" (Documentation/admin-guide/iostats.rst). */
function disks({ files }: RawReading): ReadonlyMap<string, Carried> {
  const lines = (files.get('proc/diskstats') ?? '').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, , name = '', , , read, , , , written] = line.trim().split(/\s+/, 14);
      if (name === '' || !/^\d{1,18}$/.test(read ?? '') || !/^\d{1,18}$/.test(written ?? '')) return [];
      return [[name, { in: Number(read) * SECTOR, out: Number(written) * SECTOR }] as const];
    }),
  );
}

const COUNTED = { network, disk: disks } as const;

function devicesOf(kind: Kind, before: RawReading, after: RawReading, seconds: number): DeviceSample[] {
  const [then, now] = [COUNTED[kind](before), COUNTED[kind](after)];
  return [...homes(after, kind)].slice(0, MAX_DEVICES).flatMap(([name, node]): DeviceSample[] => {
    const [a, b] = [then.get(name), now.get(name)];
    const [got, gave] = [perSecond(a?.in, b?.in, seconds), perSecond(a?.out, b?.out, seconds)];
    if (got === null || gave === null) return [];
    const shown = { name: clean(name, 64), kind, node };
    return kind === 'network'
      ? [{ ...shown, receivedBytesPerSecond: got, sentBytesPerSecond: gave }]
      : [{ ...shown, readBytesPerSecond: got, writtenBytesPerSecond: gave }];
  });
}

/** Bytes a second in and out; null for what it does not count. */
export function carriedBy(device: DeviceSample): Carried | null {
  const [into, out] =
    device.kind === 'network'
      ? [device.receivedBytesPerSecond, device.sentBytesPerSecond]
      : [device.readBytesPerSecond, device.writtenBytesPerSecond];
  return into === undefined || out === undefined ? null : { in: into, out };
}

const IDLE = 1000;
const MB = 1e6;

interface Words {
  readonly name: string;
  readonly meaning: string;
  readonly missing: string;
  readonly idle: string;
  readonly verbs: readonly [into: string, out: string];
}

function source(kind: Kind, file: string): FigureSource {
  return {
    files: [[file], [`/${ONLINE}`], ...HOMES[kind].map((glob): [string] => [glob])],
    devices: (...readings) => devicesOf(kind, ...readings),
    figures: (...readings) => {
      const figures: Record<string, number> = {};
      for (const device of devicesOf(kind, ...readings)) {
        const carried = carriedBy(device);
        if (device.node === null || !carried) continue;
        figures[device.node] = (figures[device.node] ?? 0) + (carried.in + carried.out) / MB;
      }
      return figures;
    },
  };
}

const carried = (kind: Kind, file: string, { name, meaning, missing, idle, verbs: [into, out] }: Words): Measure => {
  const own = ({ devices }: Sample): [DeviceSample, Carried][] =>
    (devices ?? []).flatMap((device) => {
      const carries = device.kind === kind ? carriedBy(device) : null;
      return carries ? [[device, carries]] : [];
    });
  const words = (bytes: number): string => formatMetric(bytes, 'B/s');
  const measure: Measure = {
    key: kind,
    name,
    group: 'I/O',
    unit: 'MB/s',
    limits: [1, 10, 100, 500, 1000, 5000],
    paints: 'node',
    about: 'machine',
    meaning,
    permission: null,
    missing,
    value: (sample, id) => found(sample, kind, id),
    words: (value) => words(value * MB),
    beside: (sample) =>
      own(sample).map(([device, { in: got, out: gave }]) => [
        `${device.name}, ${device.node === null ? 'node unknown' : `node ${device.node}`}`,
        `${into} ${words(got)}, ${out} ${words(gave)}`,
      ]),
    sentence: (_, sample) => {
      const all = own(sample);
      if (all.length === 0) return missingWords(measure, sample);
      const [[device, { in: got, out: gave }]] = all.sort(([, a], [, b]) => b.in + b.out - a.in - a.out) as [
        (typeof all)[0],
      ];
      if (got + gave < IDLE) return idle;
      const where = device.node === null ? 'whose node firmware does not name' : `at node ${device.node}`;
      const nodes = most(sample, ({ id }) => found(sample, kind, id)) !== null;
      const rest = all.length === 1 || !nodes ? '' : ', the most of all';
      return `${device.name}, ${where}, ${into} ${words(got)} and ${out} ${words(gave)}${rest}.`;
    },
    source: source(kind, file),
  };
  return measure;
};

export const net = carried('network', '/proc/net/dev', {
  name: 'Network',
  meaning:
    'Bytes that the network interfaces at this node receive and send (/proc/net/dev), wherever the programs run that they are for.',
  missing: 'No network interface of this host stands on hardware that it shows.',
  idle: 'The network interfaces are idle.',
  verbs: ['receives', 'sends'],
});
export const disk = carried('disk', '/proc/diskstats', {
  name: 'Disks',
  meaning:
    'Bytes that the disks at this node read and write (/proc/diskstats), wherever the programs run that they are for.',
  missing: 'No disk of this host stands on hardware that it shows.',
  idle: 'The disks are idle.',
  verbs: ['reads', 'writes'],
});

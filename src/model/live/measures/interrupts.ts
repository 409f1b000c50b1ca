/** Interrupts of devices: on which CPU they are handled, how many each device raises, and how many of them far from it. */

import { clean } from '../../text/clean.ts';
import { formatPercent } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { MAX_DEVICES } from '../../topology/devices.ts';
import type { FigureSource } from '../rates.ts';
import type { DeviceSample, Sample } from '../sample.ts';
import { eventWords, found, missingWords } from './measure.ts';
import type { Measure } from './measure.ts';
import { cells, changesOf } from './tables.ts';

/** Below it a device is quiet. */
const QUIET = 1;

const source: FigureSource = {
  files: [],
  readers: ['interrupts'],
  figures: (...readings) => {
    const changes = changesOf('interrupts', ...readings);
    return changes === null || isUnavailable(changes) ? (changes ?? {}) : cells(changes.rate('devices'));
  },
  devices: (...readings) => {
    const changes = changesOf('interrupts', ...readings);
    if (!changes || isUnavailable(changes)) return [];
    const names = [...changes.now.keys()].flatMap((row) => (row.startsWith('by ') ? [row.slice(3)] : []));
    return names.slice(0, MAX_DEVICES).map((name): DeviceSample => {
      const home = changes.now.get(`at ${name}`)?.get(0) ?? -1;
      const node = home < 0 ? null : home;
      const handled = changes.rate(`by ${name}`);
      const sum = (ids: (id: number) => boolean): number =>
        [...handled].reduce((all, [id, rate]) => all + (ids(id) ? rate : 0), 0);
      const far = node === null ? {} : { farInterruptsPerSecond: sum((id) => id !== node) };
      return { name: clean(name, 64), kind: 'interrupts', node, interruptsPerSecond: sum(() => true), ...far };
    });
  },
};

/** Those that raise interrupts now, the most first. */
function loud({
  devices,
}: Sample): { readonly device: DeviceSample; readonly rate: number; readonly far: number | null }[] {
  return (devices ?? [])
    .flatMap((device) => {
      const rate = device.interruptsPerSecond ?? 0;
      return rate < QUIET ? [] : [{ device, rate, far: device.farInterruptsPerSecond ?? null }];
    })
    .sort((a, b) => b.rate - a.rate);
}

/** "eth0 at node 1: 1.2 k interrupts/s, 80 % of them handled on other nodes". */
function deviceWords({ device, rate, far }: ReturnType<typeof loud>[number], nodes: number): string {
  const at = device.node === null || nodes === 1 ? '' : ` at node ${device.node}`;
  const away =
    far === null || nodes === 1
      ? ''
      : far < QUIET
        ? ', all on its node'
        : `, ${formatPercent(far / rate)} on other nodes`;
  return `${device.name}${at} raises ${eventWords(rate, 'interrupts')}${away}`;
}

export const interrupts: Measure = {
  key: 'interrupts',
  name: 'Interrupts',
  group: 'I/O',
  unit: '/s',
  limits: [10, 100, 1000, 5000, 20_000, 100_000],
  paints: 'cpu',
  about: 'machine',
  meaning:
    'Interrupts of devices that the CPU handled (/proc/interrupts), without its own timer and without those that CPUs send each other.',
  permission: null,
  missing: 'Interrupts are summed up by the agent, and none runs on this host.',
  value: (sample, id) => found(sample, 'interrupts', id),
  words: (value) => eventWords(value, 'interrupts'),
  short: (value) => (value >= 999.5 ? `${Math.round(value / 1000)}k` : String(Math.round(value))),
  onNode: 'sum',
  beside: (sample) =>
    loud(sample).map(({ device, rate, far }) => [
      `${device.name}${device.node === null ? '' : `, node ${device.node}`}`,
      `${eventWords(rate, 'interrupts')}${far === null || far < QUIET ? '' : `, ${formatPercent(far / rate)} on other nodes`}`,
    ]),
  sentence: (_, sample) => {
    if (Object.keys(sample.figures?.['interrupts'] ?? {}).length === 0) return missingWords(interrupts, sample);
    const devices = loud(sample);
    const [most] = devices;
    if (!most) return 'No device raises interrupts now.';
    const rest =
      devices.length === 1 ? '' : `; ${devices.length - 1} more raise${devices.length === 2 ? 's' : ''} some`;
    return `${deviceWords(most, sample.nodes.length)}${rest}.`;
  },
  source,
};

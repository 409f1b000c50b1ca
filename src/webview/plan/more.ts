/** Owns the rarer fields of a block: what it needs beside CPUs and memory, and what is told of it to others. */

import type { BlockValues } from '../../model/plan/edit/change.ts';
import type { Block, Plan } from '../../model/plan/plan.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import { wrongRunsAs, wrongTaint } from '../../protocol/plan.ts';
import { parseWhole } from '../ui/parse.ts';
import {
  blank,
  devicesTyped,
  devicesWritten,
  guestTyped,
  guestWritten,
  ids,
  parts,
  quoted,
  sharesTyped,
  sharesWritten,
} from './typed.ts';
import type { Taken } from './typed.ts';

export interface MoreField {
  readonly label: string;
  readonly key: string;
  readonly placeholder: string;
  readonly shown: (block: Block) => string;
  readonly read: (words: string, block: Block) => Taken;
  readonly only?: (block: Block) => boolean;
}

const ofVm = ({ kind }: Block): boolean => kind === 'vm';
/** The plan's own limit. */
const MOST_IOTHREADS = 1000;

export function moreTyped(plan: () => Plan | null): readonly MoreField[] {
  /** Empty: none of it. */
  const listed = (
    key: keyof BlockValues,
    what: string,
    read: (words: string) => { readonly list: readonly unknown[] } | { readonly wrong: string },
    none = `no ${what}`,
  ): MoreField['read'] => {
    return (words, { name }) => {
      const taken = read(words);
      if ('wrong' in taken) return taken;
      return {
        to: { [key]: taken.list },
        words: `${name}: ${taken.list.length === 0 ? none : `${what} ${words.trim()}`}`,
      };
    };
  };
  return [
    {
      ...{ label: 'Devices', key: 'devices', placeholder: 'none, or eth0, nvme0n1' },
      shown: ({ devices }) => devicesWritten(devices),
      read: listed('devices', 'devices', devicesTyped),
    },
    {
      ...{ label: 'Storage', key: 'storage', placeholder: 'none, or 40GB on ssd' },
      shown: ({ storage }) => sharesWritten(storage),
      read: listed('storage', 'storage', (words) => sharesTyped(words, { storage: plan()?.storage ?? [] })),
    },
    {
      ...{ label: 'Guest topology', key: 'guest', placeholder: 'not told', only: ofVm },
      shown: ({ guest }) => (guest ? guestWritten(guest) : ''),
      read: (words, { name }) => {
        if (blank(words)) return { to: { guest: null }, words: `${name}: its guest is told no topology` };
        const taken = guestTyped(words);
        if ('wrong' in taken) return taken;
        return { to: taken, words: `${name}: its guest is told ${guestWritten(taken.guest)}` };
      },
    },
    {
      ...{ label: 'I/O threads', key: 'iothreads', placeholder: 'none', only: ofVm },
      shown: ({ iothreads }) => (iothreads === null ? '' : String(iothreads)),
      read: (words, { name }) => {
        if (blank(words)) return { to: { iothreads: null }, words: `${name}: no I/O threads` };
        const taken = parseWhole(words, 0, MOST_IOTHREADS);
        return 'wrong' in taken
          ? taken
          : { to: { iothreads: taken.value }, words: `${name}: ${taken.value} I/O threads` };
      },
    },
    {
      ...{ label: 'I/O thread CPUs', key: 'iothread-cpus', placeholder: 'not said', only: ofVm },
      shown: ({ iothreadCpus }) => iothreadCpus ?? '',
      read: (words, { name }) => {
        if (blank(words)) return { to: { iothreadCpus: null }, words: `${name}: no CPUs for I/O threads` };
        const list = ids(words);
        if (!list) return { wrong: 'Type a list of CPUs such as 16,52.' };
        const iothreadCpus = formatCpuList(list);
        return { to: { iothreadCpus }, words: `${name}: I/O threads on ${iothreadCpus}` };
      },
    },
    {
      ...{ label: 'Serves', key: 'serves', placeholder: 'no block', only: ({ kind }) => kind === 'emulator' },
      shown: ({ serves }) => serves.join(', '),
      read: listed(
        'serves',
        'serves',
        (words) => {
          const vms = (plan()?.blocks ?? []).filter(ofVm).map(({ name }) => name);
          const list = parts(words);
          const unknown = list.find((name) => !vms.includes(name));
          if (unknown === undefined) return { list };
          return { wrong: `The plan has no VM "${unknown}"${vms.length === 0 ? '' : `. There are ${quoted(vms)}`}.` };
        },
        'serves no block',
      ),
    },
    {
      ...{ label: 'Taints', key: 'taints', placeholder: 'none' },
      shown: ({ taints }) => taints.join(', '),
      read: listed('taints', 'taints', (words) => {
        const list = parts(words);
        const wrong = list.map(wrongTaint).find((why) => why !== '');
        return wrong === undefined ? { list } : { wrong };
      }),
    },
    {
      ...{ label: 'Runs as', key: 'runs-as', placeholder: 'its own name' },
      shown: ({ runsAs }) => runsAs ?? '',
      read: (words, { name }) => {
        if (blank(words)) return { to: { runsAs: null }, words: `${name}: runs under its own name` };
        const runsAs = words.trim();
        const wrong = wrongRunsAs(runsAs);
        return wrong === '' ? { to: { runsAs }, words: `${name}: runs as ${runsAs}` } : { wrong };
      },
    },
  ];
}

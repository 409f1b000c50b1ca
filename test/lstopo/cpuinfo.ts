/** What /proc/cpuinfo looks like, by processor: the words that tell one architecture from another. */

import type { Place } from './paper.ts';

/** As `uname -m` says of each. Knights Landing is left out: hwloc has rules of its own for it, and none was made since 2018. */
export const MACHINES = {
  x86: 'x86_64',
  'AMD with compute units': 'x86_64',
  Arm: 'aarch64',
  POWER: 'ppc64le',
  'IBM Z': 's390x',
  'RISC-V': 'riscv64',
  LoongArch: 'loongarch64',
} as const;
export type Processor = keyof typeof MACHINES;
export const PROCESSORS = Object.keys(MACHINES) as Processor[];

type Lines = readonly (readonly [key: string, value: string | number])[];

const block = (lines: Lines): string => lines.map(([key, value]) => `${key}\t: ${value}\n`).join('');

const x86 =
  (vendor: string, family: number, model: number) =>
  (place: Place): Lines => [
    ['processor', place.cpu],
    ['vendor_id', vendor],
    ['cpu family', family],
    ['model', model],
    ['model name', 'Paper CPU'],
    ['flags', 'fpu lm'],
  ];

const BLOCKS: Readonly<Record<Exclude<Processor, 'IBM Z'>, (place: Place) => Lines>> = {
  x86: x86('GenuineIntel', 6, 143),
  'AMD with compute units': x86('AuthenticAMD', 21, 2),
  Arm: ({ cpu }) => [
    ['processor', cpu],
    ['CPU implementer', '0x41'],
    ['CPU architecture', 8],
    ['CPU part', '0xd0c'],
  ],
  POWER: ({ cpu }) => [
    ['processor', cpu],
    ['cpu', 'POWER9, altivec supported'],
    ['revision', '2.3 (pvr 004e 1203)'],
  ],
  'RISC-V': ({ cpu }) => [
    ['processor', cpu],
    ['hart', cpu + 1],
    ['isa', 'rv64imafdc'],
    ['mmu', 'sv39'],
    ['uarch', 'sifive,u74-mc'],
  ],
  LoongArch: ({ cpu, in: within }) => [
    ['processor', cpu],
    ['package', within.package],
    ['core', within.core],
    ['CPU Family', 'Loongson-64bit'],
    ['Model Name', 'Loongson-3C5000'],
  ],
};

/** IBM Z names its caches in the head, and its processors in lines of their own. */
function zinfo(online: readonly Place[]): string {
  const caches = ['level=1 type=Data scope=Private size=128K', 'level=3 type=Unified scope=Shared size=65536K'];
  return [
    'vendor_id       : IBM/S390',
    `# processors    : ${online.length}`,
    'bogomips per cpu: 3033.00',
    ...caches.map((words, at) => `cache${at}          : ${words} line_size=256 associativity=8`),
    ...online.map(({ cpu }) => `processor ${cpu}: version = FF,  identification = 2733E8,  machine = 2964`),
  ].join('\n');
}

export function cpuinfo(processor: Processor, online: readonly Place[]): string {
  if (processor === 'IBM Z') return zinfo(online);
  return online.map((place) => block(BLOCKS[processor](place))).join('\n');
}

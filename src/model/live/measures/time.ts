/** What the CPUs of a node spend their time on, beside being busy: in the kernel, waiting for disks, waiting for the hypervisor. */

import type { NodeSample } from '../sample.ts';
import { most, ofNode, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';

type Kind = 'user' | 'system' | 'iowait' | 'steal';

function time(key: Kind, name: string, meaning: string, words: string): Measure {
  const share = (node: NodeSample): number | null => {
    const part = node[key] ?? null;
    return part === null ? null : part * 100;
  };
  const measure: Measure = {
    key,
    name,
    group: 'CPU',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    about: 'machine',
    meaning,
    permission: null,
    missing: 'No CPU was sampled.',
    value: ofNode(share),
    words: (value) => rounded(value, '%'),
    sentence: (_, sample) => {
      const top = most(sample, share);
      if (!top) return measure.missing;
      const of = sample.nodes.length === 1 ? 'The CPUs' : `The CPUs of node ${top.id}`;
      return `${of} spend ${rounded(top.value, '%')} of their time ${words}${sample.nodes.length === 1 ? '' : ', the most of all nodes'}.`;
    },
  };
  return measure;
}

export const user = time(
  'user',
  'In programs',
  'Share of the time that the node\u2019s CPUs ran programs (user and nice).',
  'in programs',
);
export const system = time(
  'system',
  'In the kernel',
  'Share of the time that the node\u2019s CPUs ran the kernel, for programs and for interrupts (system, irq, softirq).',
  'in the kernel',
);
export const iowait = time(
  'iowait',
  'Idle for I/O',
  'Share of the time that the node\u2019s CPUs were idle while a task that last ran there waited for a disk (iowait): a hint, not a measurement.',
  'idle while something waits for a disk',
);
export const steal = time(
  'steal',
  'Stolen',
  'Share of the time that the node\u2019s CPUs were ready to run and the hypervisor ran something else (steal).',
  'waiting for the hypervisor',
);

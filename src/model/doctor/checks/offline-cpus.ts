/** CPUs that are switched off: one by one, or the second threads of all cores. */

import { isUnavailable } from '../../run/run.ts';
import { plural } from '../../text/format.ts';
import { cpuWords, homesOf, idsOf, switchCpus, writeFile } from '../base/check.ts';
import type { Check } from '../base/check.ts';

const CPU = '/sys/devices/system/cpu';

export const offlineCpus: Check = {
  id: 'offline-cpus',
  topic: 'cpus',
  title: 'CPUs that are offline',
  check({ topology, kernel }) {
    const off = topology.cpus.filter(({ online }) => !online).map(({ id }) => id);
    const control = isUnavailable(kernel.smtControl) ? null : kernel.smtControl;
    if (control === 'off' || control === 'forceoff') {
      return [
        {
          severity: 'low',
          confidence: 0.9,
          sentence: `Simultaneous multithreading is switched off${off.length > 0 ? `: ${plural(off.length, 'CPU')} offline` : ''}.`,
          evidence: [
            `${control} (${CPU}/smt/control)`,
            ...(off.length > 0 ? [`${cpuWords(off)} offline (${CPU}/online)`] : []),
          ],
          cause:
            control === 'forceoff'
              ? 'The kernel was started with nosmt=force.'
              : 'Somebody switched it off, at run time or with nosmt on the kernel command line.',
          advice: 'That can be on purpose (steady latency, security). It halves how much work fits on a node.',
          ...(control === 'off'
            ? { remedy: [writeFile(`${CPU}/smt/control`, 'on')], undo: [writeFile(`${CPU}/smt/control`, 'off')] }
            : {}),
          where: { cpus: off },
        },
      ];
    }
    if (off.length === 0) return [];
    const counts = homesOf(topology).map((node) => ({ id: node.id, cpus: node.cpus }));
    return [
      {
        severity: 'medium',
        confidence: 0.8,
        sentence: `${cpuWords(off)} ${off.length === 1 ? 'is' : 'are'} offline: ${off.length === 1 ? 'its node has' : 'their nodes have'} fewer CPUs for the same memory.`,
        evidence: [
          `${plural(off.length, 'CPU')} of ${topology.cpus.length} offline (${CPU}/online against ${CPU}/present)`,
          ...counts.map(({ id, cpus }) => `node ${id}: CPUs ${cpus} online`),
        ],
        cause: `${off.length === 1 ? 'It was' : 'They were'} switched off by hand, by the kernel command line (maxcpus=), or by the kernel after errors.`,
        advice: `Switch ${off.length === 1 ? 'it on, unless it was' : 'them on, unless they were'} switched off on purpose.`,
        remedy: switchCpus(off, 1),
        undo: switchCpus(off, 0),
        where: { cpus: off, nodes: idsOf(counts) },
      },
    ];
  },
};

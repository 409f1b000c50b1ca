/** The frequency governor: one that saves power makes latencies depend on how busy a CPU just was, and CPUs unequal. */

import { isUnavailable } from '../../run/run.ts';
import { plural } from '../../text/format.ts';
import type { Check } from '../base/check.ts';
import type { GovernorPolicy } from '../facts/kernel.ts';

/** These drivers let the CPU itself choose; "powersave" is their name for that, and their default. */
const CHOOSES_ITSELF = /^(intel_pstate|amd-pstate-epp|amd_pstate_epp)$/;

function isSlow({ governor, preference, driver }: GovernorPolicy): boolean {
  if (driver !== null && CHOOSES_ITSELF.test(driver)) return preference === 'power';
  return governor === 'powersave' || governor === 'conservative';
}

export const governor: Check = {
  id: 'governor',
  topic: 'cpus',
  title: 'frequency governor',
  check({ kernel: { governors } }) {
    // Virtual machines have none, and nothing is amiss.
    if (isUnavailable(governors)) return [];
    const names = [...new Set(governors.map((one) => one.governor))];
    const slow = governors.filter(isSlow);
    if (slow.length === 0 && names.length < 2) return [];
    const words = governors.map(
      ({ governor, preference, driver }) =>
        `${governor}${preference === null ? '' : `, energy preference ${preference}`}${driver === null ? '' : `, driver ${driver}`} (/sys/devices/system/cpu/cpufreq)`,
    );
    return [
      {
        severity: 'medium',
        confidence: slow.length > 0 ? 0.75 : 0.6,
        sentence:
          slow.length > 0
            ? `The frequency governor saves power (${slow[0]?.governor ?? ''}): CPUs stay slow under work.`
            : `CPUs have ${plural(names.length, 'governor')} (${names.join(', ')}): some are slower than others for no reason of theirs.`,
        evidence: words,
        cause: 'A power profile of the host or of its firmware.',
        advice: 'Set the same governor for all CPUs; performance where latency counts.',
        remedy: ['sudo cpupower frequency-set -g performance'],
        undo: [`sudo cpupower frequency-set -g ${names[0] ?? 'schedutil'}`],
      },
    ];
  },
};

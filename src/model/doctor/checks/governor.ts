/** The frequency governor: one that saves power makes latencies depend on how busy a CPU just was, and CPUs unequal. */

import { isUnavailable } from '../../run/run.ts';
import { quoteWord } from '../../text/command-line.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { plural } from '../../text/format.ts';
import type { Check } from '../base/check.ts';
import type { GovernorPolicy } from '../facts/kernel.ts';

/** These drivers let the CPU itself choose; "powersave" is their name for that, and their default. */
const CHOOSES_ITSELF = /^(intel_pstate|amd-pstate-epp|amd_pstate_epp)$/;

const FOLDER = '/sys/devices/system/cpu/cpufreq';

const choosesItself = ({ driver }: GovernorPolicy): boolean => driver !== null && CHOOSES_ITSELF.test(driver);

function isSlow(policy: GovernorPolicy): boolean {
  const { governor, preference } = policy;
  if (choosesItself(policy)) return preference === 'power';
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
    const [first] = slow;
    if (!first && names.length < 2) return [];
    const words = governors.map(
      ({ governor, preference, driver }) =>
        `${governor}${preference === null ? '' : `, energy preference ${preference}`}${driver === null ? '' : `, driver ${driver}`} (${FOLDER})`,
    );
    const byPreference = slow.length > 0 && slow.every(choosesItself);
    return [
      {
        severity: 'medium',
        confidence: first ? 0.75 : 0.6,
        sentence: first
          ? `The ${byPreference ? 'energy preference of CPUs' : 'frequency governor'} saves power (${byPreference ? 'power' : first.governor}): CPUs stay slow under work.`
          : `CPUs have ${plural(names.length, 'governor')} (${names.join(', ')}): some are slower than others for no reason of theirs.`,
        evidence: words,
        cause: 'A power profile of the host or of its firmware.',
        advice: byPreference
          ? 'Let them prefer performance where latency counts.'
          : 'Set the same governor for all CPUs; performance where latency counts.',
        ...(byPreference
          ? { remedy: preferences(slow, 'balance_performance'), undo: preferences(slow, 'power') }
          : {
              remedy: ['sudo cpupower frequency-set -g performance'],
              undo: names.map((name) => setGovernor(governors, name)),
            }),
      },
    ];
  },
};

/** The CPU that a policy is numbered by stands for all of it. */
const cpusOf = (policies: readonly GovernorPolicy[]): number[] => policies.flatMap(({ policies: ids }) => ids);

function setGovernor(all: readonly GovernorPolicy[], name: string): string {
  const own = all.filter((one) => one.governor === name);
  const which = own.length === all.length ? '' : `-c ${formatCpuList(cpusOf(own))} `;
  return `sudo cpupower ${which}frequency-set -g ${quoteWord(name)}`;
}

const preferences = (slow: readonly GovernorPolicy[], value: string): string[] => [
  `for policy in ${cpusOf(slow).join(' ')}; do echo ${value} | sudo tee ${FOLDER}/policy$policy/energy_performance_preference; done`,
];

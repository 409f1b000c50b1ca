import type { Topology } from '../../topology/topology.ts';
import { capital } from '../../text/format.ts';
import { nodeBusy } from '../rates.ts';
import type { Sample } from '../sample.ts';
import { nodesNamed, PERCENT } from './measure.ts';
import type { Measure } from './measure.ts';

export const busy: Measure = {
  key: 'busy',
  name: 'CPU busy',
  unit: '%',
  limits: PERCENT,
  paints: 'cpu',
  about: 'machine',
  meaning: 'Share of the last interval in which the CPU was not idle.',
  permission: null,
  missing: 'No CPU was sampled.',
  value: (sample, id) => {
    const cpu = sample.cpus.find((one) => one.id === id);
    return cpu ? cpu.busy * 100 : null;
  },
  sentence,
};

/** A node carries the work from half of the busiest one's share on, and waits below a quarter of it. */
function sentence(topology: Topology, sample: Sample): string {
  const shares = [...nodeBusy(topology, sample)];
  const top = Math.max(0, ...shares.map(([, share]) => share));
  if (shares.length === 0) return busy.missing;
  if (top < 0.05) return 'The machine is nearly idle.';
  if (shares.length === 1) return `The CPUs are ${Math.round(top * 100)} % busy.`;
  const carry = shares.filter(([, share]) => share >= top / 2).map(([id]) => id);
  const wait = shares.filter(([, share]) => share < top / 4).map(([id]) => id);
  if (carry.length === shares.length) return 'All nodes share the work.';
  const verb = carry.length === 1 ? 'carries' : 'carry';
  const rest = wait.length === 0 ? '' : `, ${nodesNamed(wait)} ${wait.length === 1 ? 'waits' : 'wait'}`;
  return `${capital(nodesNamed(carry))} ${verb} the work${rest}.`;
}

import type { Topology } from '../../topology/topology.ts';
import { capital, plural } from '../../text/format.ts';
import { nodeBusy } from '../rates.ts';
import type { Sample } from '../sample.ts';
import { nodesNamed, PERCENT, rounded } from './measure.ts';
import type { Measure } from './measure.ts';

export const busy: Measure = {
  key: 'busy',
  name: 'CPU busy',
  group: 'CPU',
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
  onNode: 'mean',
  sentence,
};

/** Below it a node is called idle. */
const IDLE = 0.05;
/** Nodes that are apart by less share the work: by points, for little work, or by part of the busiest one's. */
const APART = 0.05;
const PART = 0.2;
/** A node carries the work from half of the busiest one's share on, and waits below a quarter of it. */
const CARRIES = 0.5;
const WAITS = 0.25;

const percent = (share: number): string => rounded(share * 100, '%');
/** "45 %", "40 to 45 %". */
function span(shares: readonly number[]): string {
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  return least === most ? most : `${least.replace(' %', '')} to ${most}`;
}

/** A few CPUs at work on a large machine vanish in the means of their nodes. */
function idleWords({ cpus }: Sample): string {
  const working = cpus.filter((cpu) => cpu.busy > CARRIES).length;
  if (working === 0) return 'The machine is nearly idle.';
  return `${plural(working, 'CPU')} of ${cpus.length} ${working === 1 ? 'is' : 'are'} more than half busy; the rest is nearly idle.`;
}

function sentence(topology: Topology, sample: Sample): string {
  const shares = [...nodeBusy(topology, sample)];
  const all = shares.map(([, share]) => share);
  const [first] = shares;
  if (!first) return busy.missing;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (most < IDLE) return idleWords(sample);
  if (shares.length === 1) return `The CPUs are ${percent(most)} busy.`;
  if (most - least <= Math.max(APART, most * PART)) return `All nodes share the work, ${span(all)} busy.`;
  const apart = (from: (share: number) => boolean): [ids: number[], shares: number[]] => {
    const own = shares.filter(([, share]) => from(share));
    return [own.map(([id]) => id), own.map(([, share]) => share)];
  };
  const [carry, carried] = apart((share) => share >= most * CARRIES);
  const [wait, idle] = apart((share) => share < most * WAITS);
  if (wait.length === 0 && carry.length === shares.length) {
    const [lowest] = shares.filter(([, share]) => share === least);
    const [highest] = shares.filter(([, share]) => share === most);
    return `The nodes are not equally busy: node ${highest?.[0] ?? ''} ${percent(most)}, node ${lowest?.[0] ?? ''} ${percent(least)}.`;
  }
  const verb = carry.length === 1 ? 'carries' : 'carry';
  const rest = wait.length === 0 ? '' : `; ${nodesNamed(wait)} ${wait.length === 1 ? 'waits' : 'wait'}, ${span(idle)}`;
  return `${capital(nodesNamed(carry))} ${verb} the work, ${span(carried)} busy${rest}.`;
}

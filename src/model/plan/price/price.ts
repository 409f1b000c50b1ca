/** What a plan's flows cost, phase by phase: as planned, unpinned, and at least. */

import { sharesOf } from '../crossing.ts';
import type { Shares } from '../crossing.ts';
import { placePlan, wantedThreads } from '../place.ts';
import type { Placement } from '../place.ts';
import type { PlanMachine } from '../machine.ts';
import type { Flow, Plan } from '../plan.ts';
import { search } from '../propose/search.ts';
import { taskOf } from '../propose/task.ts';
import type { Slices } from '../slices.ts';
import { amountOf } from './phase.ts';
import type { PlacedFlow } from './phase.ts';
import type { Rates } from './rates.ts';
import { drawPlacements, drawsFor, interval } from './unpinned.ts';

export type Range = readonly [low: number, high: number];

export interface PhasePrice {
  /** Null: flows of no phase. */
  readonly phase: string | null;
  readonly asynchronous: boolean;
  readonly per: Flow['per'];
  readonly bytes: Range;
  /** For the lower and the upper bytes that are planned. */
  readonly planned: { readonly crossing: Range; readonly seconds: Range | null };
  /** Within which 95 of 100 draws lie, the lower bytes' low to the upper bytes' high. */
  readonly unpinned: { readonly crossing: Range; readonly seconds: Range | null };
  /** No placement of these blocks, each on one node and with room for all, lets less of this phase cross; null: there is none. */
  readonly leastCrossing: Range | null;
}

export interface PlanPrice {
  readonly phases: readonly PhasePrice[];
  /** Of all flows of a batch together. */
  readonly batch: {
    readonly bytes: Range;
    readonly crossing: Range;
    readonly unpinned: Range;
    /** One placement for all phases. */
    readonly leastCrossing: Range | null;
  };
  /** What one access of a flow bound by latency brings. */
  readonly lineBytes: number;
  readonly rates: Rates;
  readonly draws: number;
  /** Names of blocks of flows that have no place: nothing of their flows is priced. */
  readonly open: readonly string[];
}

const homeOf = ({ blocks, machine }: Placement): Map<string, { memory: Shares; cpus: Shares }> =>
  new Map(
    blocks.map(({ block, nodes, cpus, memory }) => {
      const onNode = (node: number): number => cpus.filter((cpu) => machine.coreOf.get(cpu)?.node === node).length;
      const cpuShares = sharesOf(nodes.map((node) => [node, cpus.length === 0 ? 1 : onNode(node)]));
      const memoryShares = sharesOf(memory);
      return [block.name, { cpus: cpuShares, memory: memoryShares.size > 0 ? memoryShares : cpuShares }];
    }),
  );

/**
 * The least that crosses wherever blocks are, memory that the plan names where it is: nothing else counts here, neither devices nor
 * caches nor what the host is to have. Null: no placement has room for all.
 */
function* leastCrossing(plan: Plan, flows: readonly Flow[], machine: PlanMachine): Slices<PhasePrice['leastCrossing']> {
  const blocks = plan.blocks.map((block) => ({
    ...block,
    nodes: null,
    cpus: null,
    threads: block.cores === null ? wantedThreads(machine, block) : block.threads,
    devices: [],
    serves: [],
    l3: null,
  }));
  function* least(bound: 0 | 1): Slices<number | null> {
    const sized = flows.map((flow): Flow => ({ ...flow, bytes: [flow.bytes[bound], flow.bytes[bound]] }));
    const task = taskOf({ ...plan, blocks, flows: sized }, machine);
    const found = yield* search({
      ...task,
      items: task.items.map((item) => ({ ...item, unease: new Map<number, number>() })),
      nodes: new Map([...task.nodes].map(([id, node]) => [id, { ...node, keptBytes: 0 }])),
      pools: [],
      weight: (from, to) => (from === to ? 0 : 1),
    });
    return found.best ? found.bound.crossing : null;
  }
  const [low, high] = [yield* least(0), yield* least(1)];
  return low === null || high === null ? null : [low, high];
}

/** Where nothing tells the length of a line: x86, Arm servers. */
const USUAL_LINE = 64;

const lineOf = ({ topology }: PlanMachine): number =>
  Math.max(0, ...topology.caches.map(({ type, lineBytes }) => (type === 'instruction' ? 0 : (lineBytes ?? 0)))) ||
  USUAL_LINE;

interface Group {
  readonly phase: string | null;
  readonly per: Flow['per'];
  readonly flows: readonly Flow[];
}

/** In the order of the plan's phases; those of a batch before those of a second. */
function groupsOf(plan: Plan): Group[] {
  const names = [...new Set([...plan.phases.map(({ name }) => name), ...plan.flows.map(({ phase }) => phase), null])];
  return names.flatMap((phase) =>
    (['batch', 'second'] as const).flatMap((per) => {
      const flows = plan.flows.filter((flow) => flow.phase === phase && flow.per === per);
      return flows.length === 0 ? [] : [{ phase, per, flows }];
    }),
  );
}

/** Told to stop, the search for the least that crosses ends with the bound that it has. */
export function* pricePlan(plan: Plan, machine: PlanMachine, rates: Rates): Slices<PlanPrice> {
  const placement = placePlan(plan, machine);
  const homes = homeOf(placement);
  const open = [...homes].flatMap(([name, { cpus }]) =>
    cpus.size === 0 && plan.flows.some(({ from, to }) => from === name || to === name) ? [name] : [],
  );
  const priced = { ...plan, flows: plan.flows.filter(({ from, to }) => !open.includes(from) && !open.includes(to)) };
  const groups = groupsOf(priced);
  const lineBytes = lineOf(machine);
  const threads = placement.blocks.map(({ wanted }) => wanted);
  const draws = drawsFor(threads.reduce((sum, count) => sum + 2 * count, 4 * priced.flows.length));
  const names = new Map(plan.blocks.map(({ name }, at) => [name, at]));

  const sized = (
    flows: readonly Flow[],
    bound: 0 | 1,
    at: (name: string) => { memory: Shares; cpus: Shares },
  ): PlacedFlow[] =>
    flows.map((flow) => ({
      bytes: flow.bytes[bound],
      bound: flow.bound,
      memory: at(flow.from).memory,
      cpus: at(flow.to).cpus,
    }));
  const none = { memory: new Map<number, number>(), cpus: new Map<number, number>() };
  const home = (name: string): { memory: Shares; cpus: Shares } => homes.get(name) ?? none;

  const seen = groups.map(() => ({
    crossing: [[], []] as [number[], number[]],
    seconds: [[], []] as [(number | null)[], (number | null)[]],
  }));
  const batches: [number[], number[]] = [[], []];
  for (const draw of drawPlacements(machine, threads, groups.length === 0 ? 0 : draws)) {
    yield;
    const sums: [number, number] = [0, 0];
    const at = (name: string): { memory: Shares; cpus: Shares } => draw[names.get(name) ?? -1] ?? none;
    groups.forEach(({ flows, per }, i) => {
      for (const bound of [0, 1] as const) {
        const { crossing, seconds } = amountOf(sized(flows, bound, at), rates, lineBytes);
        seen[i]?.crossing[bound].push(crossing);
        seen[i]?.seconds[bound].push(seconds);
        if (per === 'batch') sums[bound] += crossing;
      }
    });
    batches[0].push(sums[0]);
    batches[1].push(sums[1]);
  }
  const between = ([low, high]: readonly [readonly number[], readonly number[]]): Range => [
    interval(low)[0],
    interval(high)[1],
  ];
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

  const phases: PhasePrice[] = [];
  for (const [i, { phase, per, flows }] of groups.entries()) {
    const [low, high] = [
      amountOf(sized(flows, 0, home), rates, lineBytes),
      amountOf(sized(flows, 1, home), rates, lineBytes),
    ];
    const drawn = seen[i] ?? { crossing: [[], []], seconds: [[], []] };
    const times: [number[], number[]] = [known(drawn.seconds[0]), known(drawn.seconds[1])];
    phases.push({
      phase,
      asynchronous: plan.phases.find(({ name }) => name === phase)?.asynchronous ?? false,
      per,
      bytes: [low.bytes, high.bytes],
      planned: {
        crossing: [low.crossing, high.crossing],
        seconds: low.seconds === null || high.seconds === null ? null : [low.seconds, high.seconds],
      },
      unpinned: {
        crossing: between(drawn.crossing),
        seconds: times.every((values) => values.length === draws) ? between(times) : null,
      },
      leastCrossing: yield* leastCrossing(plan, flows, machine),
    });
  }
  const ofBatch = phases.filter(({ per }) => per === 'batch');
  const sum = (range: (phase: PhasePrice) => Range): Range => [
    ofBatch.reduce((all, phase) => all + range(phase)[0], 0),
    ofBatch.reduce((all, phase) => all + range(phase)[1], 0),
  ];
  const batch = {
    bytes: sum(({ bytes }) => bytes),
    crossing: sum(({ planned }) => planned.crossing),
    unpinned: groups.length === 0 ? ([0, 0] as const) : between(batches),
    leastCrossing:
      ofBatch.length < 2
        ? (ofBatch[0]?.leastCrossing ?? null)
        : yield* leastCrossing(
            plan,
            priced.flows.filter(({ per }) => per === 'batch'),
            machine,
          ),
  };
  return { phases, batch, rates, draws, open, lineBytes };
}

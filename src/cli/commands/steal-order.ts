/** `steal-order`: by worker whom to steal from, the nearest first, as a table, JSON, or an array for a scheduler. */

import type { Command } from 'commander';
import { CPU_SET_WORDS, resolveCpus } from '../../model/placement/cpu-set.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { measuredDistances } from '../../model/steal/measured.ts';
import type { MeasuredDistances } from '../../model/steal/measured.ts';
import { stealOrders } from '../../model/steal/order.ts';
import type { StealOrders } from '../../model/steal/order.ts';
import { LANGUAGES, stealOrderSource } from '../../model/steal/source.ts';
import type { Language } from '../../model/steal/source.ts';
import { stealOrderText } from '../../model/steal/text.ts';
import { clean } from '../../model/text/clean.ts';
import { nodeOf } from '../../model/topology/relation.ts';
import { isSameMachine } from '../../model/topology/same-machine.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { VERSION } from '../../model/version.ts';
import { readRunFile } from '../../remote/store/run-file.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson, say } from '../output.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { cpuSet, formatOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  cpus: string;
  measured?: string;
  format: 'table' | 'json' | Language;
}

interface Source {
  /** In words. */
  readonly words: string;
  readonly measured: { readonly run: Run; readonly distances: MeasuredDistances } | null;
}

function byFirmware({ nodes }: Topology): Source {
  const told = nodes.length < 2 || nodes.some(({ distances }) => Object.keys(distances).length > 1);
  return { words: told ? 'firmware' : 'unavailable, firmware tells none', measured: null };
}

/** Null where the run says nothing of these nodes. */
function byRun(run: Run, nodes: readonly number[]): Source | null {
  const distances = measuredDistances(run, nodes);
  if (!distances) return null;
  const simulated = run.results.some(({ placement }) => placement.kind === 'matrix' && placement.simulated !== null);
  const how = simulated ? ', simulated' : run.topology.machine.emulated ? ', emulated' : '';
  return { measured: { run, distances }, words: `measured ${distances.what}, ${clean(run.time, 10)}${how}` };
}

/** @throws PinboardError `bad-file` for a file that is no run of this machine, or says nothing of its nodes. */
async function readMeasured(file: string, topology: Topology, nodes: readonly number[]): Promise<Source> {
  const run = await readRunFile(file);
  if (!isSameMachine(run.topology, topology))
    throw new PinboardError(
      'bad-file',
      `${file} was measured on another machine: its CPUs and nodes are not those of ${topology.machine.name}.`,
      'Measure this one: numa-pinboard bench matrix --format json > matrix.numa.json',
    );
  const found = byRun(run, nodes);
  if (found) return found;
  throw new PinboardError(
    'bad-file',
    `${file} does not hold the latency between all nodes of these workers.`,
    'Give a run of bench matrix or bench nodes that measured all of them.',
  );
}

function json(topology: Topology, { classes, workers }: StealOrders, { measured }: Source): object {
  const run = measured && {
    id: measured.run.id,
    time: measured.run.time,
    emulated: measured.run.topology.machine.emulated,
  };
  return {
    schema: 'numa-pinboard/steal-order/1',
    machine: { name: topology.machine.name },
    nodeDistances: measured ? { source: 'measured', what: measured.distances.what, run } : { source: 'firmware' },
    classes: classes.map(({ words }) => words),
    workers: workers.map(({ cpu, victims, classes: distances }) => ({ cpu, victims, distances })),
    warnings: topology.warnings,
  };
}

const about = ({ machine }: Topology, nodes: readonly number[], { words }: Source): string[] => [
  `Who steals from whom on ${machine.name}, by NUMA Pinboard ${VERSION}.`,
  ...(nodes.length > 1 ? [`Distances of nodes: ${words}.`] : []),
];

export function addStealOrder(program: Command, signal: AbortSignal): void {
  const command = program
    .command('steal-order')
    .description('whom each worker of a pool should steal from, the nearest first: a table, JSON, or arrays to paste')
    .option('--cpus <list>', `a worker on each: ${CPU_SET_WORDS}`, cpuSet, 'all')
    .option(
      '--measured <file>',
      'a saved run of bench matrix or bench nodes of this machine, for distances between nodes instead of those of firmware',
    )
    .addOption(formatOption(['table', 'json', ...LANGUAGES]));
  withWhere(command).action(async (options: Options) => {
    const { measured: file, format } = options;
    await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const cpus = resolveCpus(topology, options.cpus);
      refuseUnknownPlaces(topology, [{ cpus, nodes: [] }]);
      const nodes = [...new Set(cpus.flatMap((cpu) => nodeOf(topology, cpu)?.id ?? []))];
      // A machine out of a run brings what was measured on it.
      const [own = byFirmware(topology)] = (host.runs ?? []).flatMap((run) => byRun(run, nodes) ?? []);
      const source = file === undefined ? own : await unlessInterrupted(signal, readMeasured(file, topology, nodes));
      const { distance, words } = source.measured?.distances ?? {};
      const orders = stealOrders(topology, cpus, distance, words);
      if (format === 'json') {
        printJson(json(topology, orders, source));
        return;
      }
      for (const warning of topology.warnings) say(warning);
      if (format === 'table') print(stealOrderText(topology, orders, source.words));
      else print(stealOrderSource(orders, format, about(topology, nodes, source)));
    });
  });
}

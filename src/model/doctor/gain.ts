/** What a remedy can bring at most, by what was measured on this very machine; where nothing was, nothing is said. */

import type { Result, RunSummary } from '../run/run.ts';
import { formatFigure } from '../text/format.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import type { Diagnosis } from './examine.ts';
import type { DoctorFinding, Gain } from './base/finding.ts';

/** Findings whose remedy brings memory near that is far. */
const OF_FAR_MEMORY: readonly string[] = [
  ...['remote-pages', 'membind-wrong-node', 'interleave'],
  ...['hugepages-wrong-node', 'text-far', 'tmpfs-far'],
];

type Measured = Pick<RunSummary, 'time' | 'results'>;
type Latency = Result & { readonly interval: readonly [low: number, high: number] };

/** @param runs of this machine. */
export function withGains(diagnosis: Diagnosis, topology: Topology, runs: readonly Measured[]): Diagnosis {
  // Of hardware that software plays, no time means anything.
  if (topology.machine.emulated) return diagnosis;
  const newest = [...runs].sort((a, b) => b.time.localeCompare(a.time));
  const findings = diagnosis.findings.map((finding) => ({ ...finding, gain: gainOf(finding, topology, newest) }));
  return { ...diagnosis, findings };
}

function gainOf({ id, where }: DoctorFinding, topology: Topology, runs: readonly Measured[]): Gain | null {
  if (!OF_FAR_MEMORY.includes(id)) return null;
  const { places } = indexTopology(topology);
  const homes = new Set(where.cpus.map((cpu) => places.get(cpu)?.node?.id));
  const [home, second] = homes;
  const [far, third] = where.nodes.filter((node) => !homes.has(node));
  if (home === undefined || far === undefined || second !== undefined || third !== undefined) return null;
  const latencies = (results: readonly Result[], node: number): Latency[] =>
    results.filter(
      (result): result is Latency =>
        result.placement.kind === 'memory' &&
        result.benchmark === 'memory-latency' &&
        result.placement.policy === 'bind' &&
        result.placement.nodes.join() === String(node) &&
        places.get(result.placement.cpus[0] ?? -1)?.node?.id === home &&
        result.interval !== null &&
        !result.noisy,
    );
  for (const { time, results } of runs) {
    for (const near of latencies(results, home)) {
      const other = latencies(results, far).find((one) => isAlike(one, near));
      if (!other) continue;
      const interval = [other.interval[0] / near.interval[1], other.interval[1] / near.interval[0]] as const;
      if (interval[0] <= 1) continue;
      return {
        interval,
        sentence: `Measured here on ${time.slice(0, 10)}: a load from node ${far} takes ${formatFigure(interval[0])} to ${formatFigure(interval[1])} times as long as from node ${home}. More than that it cannot bring.`,
      };
    }
  }
  return null;
}

/** Measured from the same CPU, with the same pages and buffer. */
function isAlike({ placement: one }: Result, { placement: two }: Result): boolean {
  return (
    one.kind === 'memory' &&
    two.kind === 'memory' &&
    one.pages === two.pages &&
    one.sizeBytes === two.sizeBytes &&
    one.cpus.join() === two.cpus.join()
  );
}

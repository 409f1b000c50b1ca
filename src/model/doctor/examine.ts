/** Goes through the checks and says what came of them: whether NUMA is the problem of a host. */

import { isUnavailable } from '../run/run.ts';
import { plural } from '../text/format.ts';
import { CHECKS } from './checks/checks.ts';
import { hasSeveralNodes } from './base/check.ts';
import type { Check } from './base/check.ts';
import type { Topology } from '../topology/topology.ts';
import type { Facts } from './facts/facts.ts';
import { TOPICS } from './base/finding.ts';
import type { DoctorFinding, Severity, Told } from './base/finding.ts';
import type { Limits } from './base/thresholds.ts';

export interface NotChecked {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

export interface Diagnosis {
  readonly host: string;
  readonly verdict: 'no-problem' | 'findings' | 'undecided';
  /** The verdict in words. */
  readonly sentence: string;
  /** What it took to look. */
  readonly seconds: number;
  /** Faults, the worst first. */
  readonly findings: readonly DoctorFinding[];
  /** Worth knowing, and no fault. */
  readonly notes: readonly DoctorFinding[];
  readonly notChecked: readonly NotChecked[];
}

const WEIGHT: Readonly<Record<Severity, number>> = { high: 2, medium: 1, low: 0 };

const OTHERS: NotChecked = {
  id: 'processes',
  title: 'processes of others',
  why: 'this login sees a part of them only: those of its container, or its own (hidepid of /proc)',
};

export function examine(facts: Facts, limits: Limits, seconds: number): Diagnosis {
  const several = hasSeveralNodes(facts.topology);
  const all: DoctorFinding[] = [];
  const notChecked: NotChecked[] = [];
  let open = false;
  for (const check of CHECKS) {
    // Where all memory is as near as can be, nothing is to be put right by placing it.
    if (!several && check.ofOneNode !== true) continue;
    const outcome = check.check(facts, limits);
    if (isUnavailable(outcome)) {
      // Checks that go by the same file say so once.
      if (!notChecked.some(({ title }) => title === check.title))
        notChecked.push({ id: check.id, title: check.title, why: outcome.unavailable });
      open ||= check.decisive === true;
    } else all.push(...outcome.map((told) => findingOf(check, told)));
  }
  if (several && !isUnavailable(facts.live) && facts.live.selection === null && !facts.live.everyone) {
    notChecked.push(OTHERS);
    open = true;
  }
  return diagnosed(facts.topology, all, notChecked, open, seconds);
}

/** @param open something that decides could not be looked at. */
function diagnosed(
  topology: Topology,
  all: readonly DoctorFinding[],
  notChecked: readonly NotChecked[],
  open: boolean,
  seconds: number,
): Diagnosis {
  const findings = all
    .filter(({ severity }) => severity !== 'low')
    .toSorted((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity] || b.confidence - a.confidence);
  const verdict = findings.length > 0 ? 'findings' : open ? 'undecided' : 'no-problem';
  return {
    host: topology.machine.name,
    verdict,
    sentence: sentenceOf(verdict, all, notChecked, topology),
    seconds,
    findings,
    notes: all.filter(({ severity }) => severity === 'low'),
    notChecked,
  };
}

/** With what somebody else found on the same host, and could not look at. */
export function withFindings(
  diagnosis: Diagnosis,
  topology: Topology,
  more: readonly DoctorFinding[],
  unread: readonly NotChecked[],
): Diagnosis {
  const { findings, notes, notChecked, verdict, seconds } = diagnosis;
  const open = verdict === 'undecided' || unread.length > 0;
  return diagnosed(topology, [...findings, ...notes, ...more], [...notChecked, ...unread], open, seconds);
}

function findingOf({ id, topic }: Check, told: Told): DoctorFinding {
  const { remedy = [], undo = [], where = {}, ...rest } = told;
  return {
    id,
    topic,
    heading: TOPICS[topic],
    kind: told.severity === 'low' ? 'note' : 'fault',
    ...rest,
    remedy,
    undo,
    where: { nodes: [], cpus: [], pids: [], ...where },
    gain: null,
  };
}

function sentenceOf(
  verdict: Diagnosis['verdict'],
  all: readonly DoctorFinding[],
  notChecked: readonly NotChecked[],
  topology: Topology,
): string {
  if (verdict === 'findings') {
    const [high, faults] = [2, 1].map((least) => all.filter(({ severity }) => WEIGHT[severity] >= least).length);
    return `${plural(faults ?? 0, 'finding')}${high === 0 || high === faults ? '' : `, ${high} of them serious`}.`;
  }
  if (verdict === 'undecided')
    return `Nothing was found, but not everything was seen: ${plural(notChecked.length, 'check')} not done.`;
  if (hasSeveralNodes(topology) || all.length > 0) return 'NUMA is not your problem.';
  return topology.nodes.some(({ inferred }) => !inferred)
    ? 'NUMA is not your problem: there is one node, and no memory is remote.'
    : 'NUMA is not your problem: the host shows no nodes, as a kernel without NUMA does.';
}

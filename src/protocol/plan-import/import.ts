/** A plan out of what other tools keep. A row a tool; a file is told by what is in it. */

import { readCapabilities } from '../../model/formats/libvirt/read.ts';
import { readLstopoXml } from '../../model/formats/lstopo/read.ts';
import type { PlanComment } from '../../model/plan/comment.ts';
import { planFromImported } from '../../model/plan/import/assemble.ts';
import { badFile } from '../../model/plan/import/imported.ts';
import { planMachine } from '../../model/plan/machine.ts';
import type { Plan, PlanHost } from '../../model/plan/plan.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { containers } from './containers.ts';
import { kubelet, nodeResources } from './kubernetes.ts';
import { libvirt } from './libvirt.ts';
import { slurm } from './slurm.ts';
import { inFile } from './source.ts';
import type { PlanImporter, SourceFile } from './source.ts';
import { systemd } from './systemd.ts';

export const PLAN_IMPORTERS: readonly PlanImporter[] = [libvirt, kubelet, nodeResources, slurm, systemd, containers];

/** Files that are the machine itself: their topology, as `--from` reads them. */
const MACHINES: Readonly<Record<string, (text: string, name: string) => Topology>> = {
  capabilities: readCapabilities,
  topology: readLstopoXml,
};
/** Told by content like the others, and read first. */
export const MACHINE_SOURCE = { title: 'the machine', from: '`virsh capabilities`, `lstopo FILE.xml`' };

const readerOf = ({ root }: SourceFile): ((text: string, name: string) => Topology) | null =>
  root !== null && Object.hasOwn(MACHINES, root) ? (MACHINES[root] ?? null) : null;

export interface KnownMachine {
  readonly topology: Topology;
  readonly host: PlanHost;
}

function machineIn(files: readonly SourceFile[]): KnownMachine | null {
  const [first, second] = files;
  if (!first) return null;
  if (second) throw badFile(second.path, null, `this is a second machine beside ${first.path}; a plan is of one.`);
  const topology = inFile(first.path, () => readerOf(first)?.(first.text, 'host'));
  return topology ? { topology, host: { topology: first.path, synthetic: null, ssh: null, distances: null } } : null;
}

/**
 * @param known the machine, where it was named beside the files: it goes before one among them.
 * @throws PinboardError `bad-file` for what no importer recognises, and with the line of what cannot be read.
 */
export function importPlan(
  files: readonly SourceFile[],
  known: KnownMachine | null,
): { readonly plan: Plan; readonly comments: readonly PlanComment[] } {
  const own = files.filter((file) => readerOf(file) !== null);
  const machine = known ?? machineIn(own);
  const rest = files.filter((file) => !own.includes(file));
  const of = new Map(rest.map((file) => [file, PLAN_IMPORTERS.find(({ recognises }) => recognises(file)) ?? null]));
  const [unknown] = rest.filter((file) => !of.get(file));
  if (unknown) {
    const taken = [...PLAN_IMPORTERS, MACHINE_SOURCE].map(({ title, from }) => `${title} (${from})`);
    throw badFile(unknown.path, null, 'nothing here tells a placement.', `What can be imported: ${taken.join('; ')}.`);
  }
  const topology = machine && planMachine(machine.topology);
  const parts = PLAN_IMPORTERS.flatMap((importer) => {
    const mine = rest.filter((file) => of.get(file) === importer);
    return mine.length === 0 ? [] : [{ importer, files: mine, imported: importer.read(mine, topology) }];
  });
  const sources = [...(own.length > 0 ? [{ importer: MACHINE_SOURCE, files: own }] : []), ...parts];
  return planFromImported(
    parts.map(({ imported }) => imported),
    machine?.host ?? null,
    sources.map(({ importer, files: mine }) => `From ${importer.title}: ${mine.map(({ path }) => path).join(', ')}`),
  );
}

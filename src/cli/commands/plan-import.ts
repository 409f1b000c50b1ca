/** `plan import`: a plan out of what hypervisors, kubelets, schedulers and service managers keep. */

import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { planFromImported } from '../../model/plan/import/assemble.ts';
import { importLive } from '../../model/plan/import/live.ts';
import { plannedNotation } from '../../model/plan/machine.ts';
import type { PlanHost } from '../../model/plan/plan.ts';
import { plural } from '../../model/text/format.ts';
import { importPlan, MACHINE_SOURCE, PLAN_IMPORTERS } from '../../protocol/plan-import/import.ts';
import type { KnownMachine } from '../../protocol/plan-import/import.ts';
import { MAX_IMPORT_BYTES, readSource } from '../../protocol/plan-import/source.ts';
import { readPlanOf } from '../../protocol/plan-text.ts';
import { writePlan } from '../../protocol/plan-write.ts';
import { lookForPlan } from '../../remote/plan/look.ts';
import { readWhole, writeAtomically } from '../../remote/store/files.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, progress, progressDone, say } from '../output.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  write?: string;
}

const HELP = `
Files are told by what is in them, whatever they are called:

${[...PLAN_IMPORTERS, MACHINE_SOURCE].map(({ title, from }) => `  ${title}: ${from}`).join('\n')}

What a file does not tell is a comment in the plan. All files are of one machine; --from and
--host name it, and are then in the plan.`;

function planPath(path: string): string {
  if (!/\.ya?ml$/i.test(path)) throw new InvalidArgumentError('Give a name that ends in .plan.yaml.');
  return path;
}

/** The machine that was named, and how the plan names it. */
async function knownMachine(
  where: Where,
  pathOf: (path: string) => string,
  signal: AbortSignal,
): Promise<KnownMachine | null> {
  const { from, host: alias } = where;
  if (from === undefined && alias === undefined) return null;
  const none: PlanHost = { topology: null, synthetic: null, ssh: null, distances: null };
  const topology = await withHost(where, signal, async (opened) => (await opened.discover(signal)).topology);
  if (from === undefined) return { topology, host: { ...none, ssh: alias ?? null } };
  return {
    topology,
    host: existsSync(from) ? { ...none, topology: pathOf(from) } : { ...none, synthetic: plannedNotation(from) },
  };
}

type Found = ReturnType<typeof importPlan>;

async function kept(
  paths: readonly string[],
  where: Where,
  pathOf: (path: string) => string,
  signal: AbortSignal,
): Promise<Found> {
  const files = [];
  for (const path of new Set(paths))
    files.push(
      readSource(path, await unlessInterrupted(signal, readWhole(path, MAX_IMPORT_BYTES, 'a file to import'))),
    );
  return importPlan(files, await knownMachine(where, pathOf, signal));
}

/** @throws PinboardError `unsupported` for a recording. */
async function running(where: Where, signal: AbortSignal): Promise<Found> {
  const { host: alias } = where;
  return withHost(where, signal, async (host) => {
    const { topology } = await host.discover(signal);
    const reality = await lookForPlan(host, topology, { blocks: null, signal, onStep: progress });
    progressDone();
    const ssh: PlanHost | null =
      alias === undefined ? null : { topology: null, synthetic: null, ssh: alias, distances: null };
    const from = `From what runs on ${topology.machine.name}.`;
    return planFromImported([importLive(reality, topology)], ssh, [from], 'host: the machine that reads this plan.');
  });
}

export function addPlanImport(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('import')
    .description("make a plan of what is there: libvirt domains, a kubelet's state, Slurm, systemd units, containers")
    .argument('[files...]', 'what other tools keep, see below; without any: what runs now on --host, or here')
    .option('--write <file>', 'write the plan into this file (*.plan.yaml) instead of printing it', planPath)
    .addHelpText('after', HELP);
  withWhere(command).action(async (paths: string[], { write, ...where }: Options) => {
    // A plan names its machine relative to its own folder.
    const folder = write === undefined ? process.cwd() : dirname(resolve(write));
    const pathOf = (path: string): string => relative(folder, resolve(path)) || '.';
    const { plan: found, comments } =
      paths.length === 0 ? await running(where, signal) : await kept(paths, where, pathOf, signal);
    const { host } = found;
    const own = host !== null && host.topology !== null && where.from === undefined;
    const text = writePlan(own ? { ...found, host: { ...host, topology: pathOf(host.topology) } } : found, comments);
    // What other programs wrote has passed no schema of a plan yet.
    readPlanOf(write ?? 'plan', text);
    if (write === undefined) {
      print(text);
      return;
    }
    await writeAtomically(write, text);
    say(
      `Written into ${write}: ${plural(found.blocks.length, 'block')}. What the files do not tell is in its comments.`,
    );
  });
}

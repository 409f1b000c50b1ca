/** `plan import`: a plan out of what hypervisors, kubelets, schedulers and service managers keep. */

import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { plannedNotation } from '../../model/plan/machine.ts';
import type { PlanHost } from '../../model/plan/plan.ts';
import { plural } from '../../model/text/format.ts';
import { importPlan, MACHINE_SOURCE, PLAN_IMPORTERS } from '../../protocol/plan-import/import.ts';
import type { KnownMachine } from '../../protocol/plan-import/import.ts';
import { MAX_IMPORT_BYTES, readSource } from '../../protocol/plan-import/source.ts';
import { readPlanOf } from '../../protocol/plan-text.ts';
import { writePlan } from '../../protocol/plan-write.ts';
import { readWhole, writeAtomically } from '../../remote/store/files.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, say } from '../output.ts';
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

export function addPlanImport(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('import')
    .description("make a plan of what is there: libvirt domains, a kubelet's state, Slurm, systemd units, containers")
    .argument('<files...>', 'what other tools keep, see below')
    .option('--write <file>', 'write the plan into this file (*.plan.yaml) instead of printing it', planPath)
    .addHelpText('after', HELP);
  withWhere(command).action(async (paths: string[], { write, ...where }: Options) => {
    // A plan names its machine relative to its own folder.
    const folder = write === undefined ? process.cwd() : dirname(resolve(write));
    const pathOf = (path: string): string => relative(folder, resolve(path)) || '.';
    const files = [];
    for (const path of new Set(paths))
      files.push(
        readSource(path, await unlessInterrupted(signal, readWhole(path, MAX_IMPORT_BYTES, 'a file to import'))),
      );
    const { plan: found, comments } = importPlan(files, await knownMachine(where, pathOf, signal));
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

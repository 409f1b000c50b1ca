/** Nodes and jobs of Slurm, as text and as JSON. */

import * as v from 'valibot';
import { blocksOfSlurm, looksLikeSlurm, readSlurm } from '../../model/plan/import/slurm.ts';
import type { SlurmRecord } from '../../model/plan/import/slurm.ts';
import { badFile } from '../../model/plan/import/imported.ts';
import { firstIssue, list, text } from '../primitives.ts';
import { isObject } from './source.ts';
import type { PlanImporter } from './source.ts';

/** Keys of `scontrol show node --json` by those of its text. */
const KEYS = {
  nodename: 'name',
  sockets: 'sockets',
  corespersocket: 'cores',
  threadspercore: 'threads',
  realmemory: 'real_memory',
  cpuspeclist: 'specialized_cpus',
  corespeccount: 'specialized_cores',
  memspeclimit: 'specialized_memory',
  cpualloc: 'alloc_cpus',
  allocmem: 'alloc_memory',
  gres: 'gres',
} as const;

const answer = v.object({ nodes: list(v.objectWithRest({ name: text }, v.unknown())) });

const isAnswer = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value['nodes']) && isObject(value['meta']);

function recordsOf(path: string, value: unknown): SlurmRecord[] {
  const read = v.safeParse(answer, value);
  if (!read.success) throw badFile(path, null, `this is no answer of scontrol: ${firstIssue(read.issues)}.`);
  return read.output.nodes.map((node) => ({
    ...{ path, line: null, parts: [] },
    fields: new Map(
      Object.entries(KEYS).flatMap(([key, name]): [string, string][] => {
        const field = node[name];
        return typeof field === 'string' || typeof field === 'number' ? [[key, String(field)]] : [];
      }),
    ),
  }));
}

export const slurm: PlanImporter = {
  title: 'a node and jobs of Slurm',
  from: '`scontrol show node -d NAME` (or with --json), `scontrol show job -d`, lines of slurm.conf',
  recognises: ({ documents, text: written }) =>
    documents.length > 0 ? documents.every(isAnswer) : looksLikeSlurm(written),
  read: (files, machine) =>
    blocksOfSlurm(
      files.flatMap(({ path, documents, text: written }) =>
        documents.length > 0 ? documents.flatMap((one) => recordsOf(path, one)) : readSlurm(path, written),
      ),
      machine,
    ),
};

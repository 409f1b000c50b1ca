/** What `docker inspect` and `podman inspect` say of containers, and lines that run them. */

import * as v from 'valibot';
import { blocksOfContainers, looksLikeRuns, readRuns } from '../../model/plan/import/containers.ts';
import type { ContainerLimits } from '../../model/plan/import/containers.ts';
import { badFile } from '../../model/plan/import/imported.ts';
import { bytes, firstIssue, text } from '../primitives.ts';
import { isObject } from './source.ts';
import type { PlanImporter } from './source.ts';

/** The kernel's, where a quota is given alone. */
const DEFAULT_PERIOD_US = 100_000;

const words = v.optional(v.nullable(text), '');
const amount = v.optional(v.nullable(v.number()), 0);
const container = v.object({
  Name: text,
  State: v.optional(v.object({ Running: v.optional(v.boolean(), true) }), { Running: true }),
  HostConfig: v.object({
    CpusetCpus: words,
    CpusetMems: words,
    // Podman writes what it has no limit for as null, Docker as 0; −1 is none, too.
    Memory: v.optional(v.nullable(v.union([bytes, v.literal(-1)])), 0),
    NanoCpus: amount,
    CpuQuota: amount,
    CpuPeriod: amount,
    CpuShares: amount,
    MemoryReservation: amount,
  }),
});

const isContainer = (value: unknown): boolean => isObject(value) && isObject(value['HostConfig']);

function limitsOf(path: string, value: unknown): ContainerLimits {
  const read = v.safeParse(container, value);
  if (!read.success) throw badFile(path, null, `this is no container: ${firstIssue(read.issues)}.`);
  const { Name, State, HostConfig: host } = read.output;
  const { NanoCpus: nano, CpuQuota: quota, CpuPeriod: period, CpuShares: shares, MemoryReservation: kept } = host;
  const limits = { NanoCpus: nano, CpuQuota: quota, CpuShares: shares, MemoryReservation: kept };
  const of = (quota ?? 0) / (period !== null && period > 0 ? period : DEFAULT_PERIOD_US);
  const time = (nano ?? 0) > 0 ? (nano ?? 0) / 1e9 : of;
  return {
    ...{ path, line: null, name: Name, cpus: host.CpusetCpus ?? '', memoryNodes: host.CpusetMems ?? '' },
    memoryBytes: Math.max(0, host.Memory ?? 0),
    others: Object.entries(limits).flatMap(([key, limit]) => ((limit ?? 0) > 0 ? [key] : [])),
    ...{ cpuTime: time > 0 ? time : null, running: State.Running },
  };
}

export const containers: PlanImporter = {
  title: 'containers',
  from: '`docker inspect NAME`, `podman inspect NAME`, lines of `docker run`',
  recognises: ({ documents, text: written }) =>
    documents.length > 0 ? documents.every(isContainer) : looksLikeRuns(written),
  read: (files) =>
    blocksOfContainers(
      files.flatMap(({ path, documents, text: written }) =>
        documents.length > 0 ? documents.map((one) => limitsOf(path, one)) : readRuns(path, written),
      ),
    ),
};

/** What a host has of huge pages and who uses them. Nothing is changed and nothing is brought there. */

import { readTopology } from '../../model/formats/sysfs/topology.ts';
import type { ProbeFiles } from '../../model/formats/sysfs/probe.ts';
import type { HugePages } from '../../model/hugepages/pools.ts';
import { readPools } from '../../model/hugepages/pools.ts';
import { ON_PAPER, parseMounts, parseUsers } from '../../model/hugepages/users.ts';
import type { HugePageUse } from '../../model/hugepages/users.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { probeHost } from '../connect/discovery.ts';
import type { Host } from '../host.ts';
import { hugePageUsersScript } from '../scripts/hugepage-users.ts';
import { endedEarly, lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';

export interface HugePagesReading {
  readonly host: string;
  readonly topology: Topology;
  readonly pools: HugePages;
  readonly use: HugePageUse;
  /** Which boot of the host this is (`/proc/sys/kernel/random/boot_id`); null on paper, and where the host does not say. */
  readonly boot: string | null;
}

/** A line of numa_maps names one file. */
const MAX_LINE = 64 * 1024;
const MAX_RECORDS = 20_000;

/** @throws PinboardError as discovery does. */
export async function readHugePages(host: Host, signal?: AbortSignal): Promise<HugePagesReading> {
  const { transport } = host;
  if (transport.kind === 'recorded') {
    const { files, topology } = await host.discover(signal);
    return { host: transport.name, topology, pools: readPools(files, topology), use: onPaper(files), boot: null };
  }
  const { files, architecture } = await probeHost(transport, signal);
  const topology = readTopology(files, { name: transport.name, architecture });
  const records = await askUsers(transport, signal);
  const boot = records.find((record) => record.startsWith('boot '))?.slice(5) ?? '';
  return {
    host: transport.name,
    topology,
    pools: readPools(files, topology),
    use: parseUsers(records),
    boot: /^[0-9a-f-]{36}$/.test(boot) ? boot : null,
  };
}

/** A recording may hold /proc/mounts. */
function onPaper(files: ProbeFiles): HugePageUse {
  const mounts = files.get('proc/mounts');
  return mounts === undefined ? ON_PAPER : { ...ON_PAPER, mounts: parseMounts(mounts) };
}

async function askUsers(transport: Transport, signal: AbortSignal | undefined): Promise<string[]> {
  const mark = newMark();
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  channel.stdin.on('error', () => undefined);
  try {
    channel.stdin.end(hugePageUsersScript(mark));
    const lines = readLines(channel.stdout, MAX_LINE);
    const waiting = {
      host: transport.name,
      signal,
      ...(transport.answerMs === undefined ? {} : { ms: transport.answerMs }),
    };
    const records: string[] = [];
    for (;;) {
      const record = await nextMarked(lines, mark, waiting);
      if (record === null) throw await endedEarly(transport, channel, words);
      if (record === 'end') return records;
      if (records.length >= MAX_RECORDS)
        throw new PinboardError('unsupported', `${transport.name} names more users of huge pages than are read.`);
      records.push(record);
    }
  } finally {
    channel.close();
  }
}

// What a host itself shows of a process while it runs: /proc/PID/task/*/status and stat, and /proc/PID/numa_maps.
import type { LabHost } from '../support/lab.ts';

export interface ThreadSeen {
  /** `Cpus_allowed_list`. */
  readonly allowed: string;
  /** The CPU it last ran on. */
  readonly cpu: number;
}

export interface MappingSeen {
  /** As the kernel writes it: "bind:3", "interleave:0-3". */
  readonly policy: string;
  readonly pages: Readonly<Record<string, number>>;
  readonly pageKilobytes: number;
  /** Of its own memory; the pages of a program's file lie where the first who read them was. */
  readonly anonymous: boolean;
}

export interface Seen {
  readonly threads: readonly ThreadSeen[];
  readonly mappings: readonly MappingSeen[];
}

/**
 * Has work done for so many seconds, and again for longer where a look from outside did not meet what it was to see: on a
 * loaded machine a look takes seconds. What was seen last is returned in any case.
 */
export async function watchingUntil<T>(
  lab: LabHost,
  name: string,
  work: (seconds: number) => Promise<T>,
  enough: (seen: Seen) => boolean,
): Promise<{ result: T; seen: Seen }> {
  let last = await watching(lab, name, () => work(1));
  for (const seconds of [4, 16]) {
    if (enough(last.seen)) break;
    last = await watching(lab, name, () => work(seconds));
  }
  return last;
}

/** Looks at all processes of that name until the work ends, by root: what others run is to be seen, too. */
async function watching<T>(lab: LabHost, name: string, work: () => Promise<T>): Promise<{ result: T; seen: Seen }> {
  const stop = `/tmp/stop-${String(Math.random()).slice(2)}`;
  const looking = lab.ask('root', looks(name, stop));
  let result: T;
  try {
    result = await work();
  } finally {
    await lab.ask('root', `touch ${stop}`);
  }
  return { result, seen: parseLooks(await looking) };
}

const looks = (name: string, stop: string): string => `
while [ ! -e ${stop} ]; do
  for pid in $(pgrep -x ${name}); do
    for task in /proc/$pid/task/[0-9]*; do
      status=$(grep Cpus_allowed_list $task/status 2>/dev/null) && stat=$(cat $task/stat 2>/dev/null) &&
        echo "thread \${status#*:} | \${stat##*)}"
    done
    sed 's/^/map /' /proc/$pid/numa_maps 2>/dev/null
  done
  sleep 0.1
done
rm ${stop}
`;

function parseLooks(text: string): Seen {
  const threads: ThreadSeen[] = [];
  const mappings: MappingSeen[] = [];
  for (const line of text.split('\n')) {
    const thread = /^thread\s+(\S+) \| (.*)$/.exec(line);
    // Field 39 of stat is the processor; the text begins with field 3.
    if (thread) threads.push({ allowed: thread[1] ?? '', cpu: Number(thread[2]?.trim().split(' ')[36]) });
    const mapping = line.startsWith('map ') ? parseMapping(line.slice('map '.length)) : null;
    if (mapping) mappings.push(mapping);
  }
  return { threads, mappings };
}

/** A line of /proc/PID/numa_maps; null where it has no page yet. */
function parseMapping(line: string): MappingSeen | null {
  const map = /^[0-9a-f]+ (\S+) (.*)$/.exec(line);
  const rest = map?.[2] ?? '';
  const pages = [...rest.matchAll(/\bN(\d+)=(\d+)/g)].map((at) => [at[1] ?? '', Number(at[2])] as const);
  if (!map || pages.length === 0) return null;
  return {
    policy: map[1] ?? '',
    pages: Object.fromEntries(pages),
    pageKilobytes: Number(/kernelpagesize_kB=(\d+)/.exec(rest)?.[1]),
    anonymous: /\banon=/.test(rest) && !/\bfile=/.test(rest),
  };
}

/** MiB of a process's own memory by node, now; a node that holds none of it is left out. */
export async function ownMemory(lab: LabHost, pid: number): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  for (const line of (await lab.ask('bench', `cat /proc/${String(pid)}/numa_maps`)).split('\n')) {
    const mapping = parseMapping(line);
    if (!mapping?.anonymous) continue;
    for (const [node, pages] of Object.entries(mapping.pages))
      sums[node] = (sums[node] ?? 0) + (pages * mapping.pageKilobytes) / 1024;
  }
  return sums;
}

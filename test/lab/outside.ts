// What a host itself shows of a process while it runs: /proc/PID/task/*/status and stat, and /proc/PID/numa_maps.
import type { LabHost } from '../support/lab.ts';

export interface ThreadSeen {
  readonly tid: string;
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

/** One look at one process. */
export interface Look {
  readonly threads: readonly ThreadSeen[];
  readonly mappings: readonly MappingSeen[];
}

/** All of them, and what each saw: threads and memory of one moment, but for what changed during the look. */
export interface Seen extends Look {
  readonly looks: readonly Look[];
}

/**
 * Has work done for so many seconds, and again for longer where a look from outside did not meet what it was to see: on a
 * loaded machine a look takes seconds. What was seen last is returned in any case.
 */
export async function watchingUntil<T>(
  lab: LabHost,
  name: string,
  work: (seconds: number) => Promise<T>,
  enough: (seen: Seen, result: T) => boolean,
): Promise<{ result: T; seen: Seen }> {
  let last = await watching(lab, name, () => work(0.5));
  for (const seconds of [1, 4, 16]) {
    if (enough(last.seen, last.result)) break;
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

/** One program for all looks: on an emulated host each takes long to start, and beside CPUs that spin a look of three took seconds. */
const looks = (name: string, stop: string): string => `perl -e '
  $| = 1;
  my %kernel;
  sub text { open(my $file, "<", $_[0]) or return ""; local $/; my $text = <$file>; defined $text ? $text : "" }
  sub numbers { opendir(my $folder, $_[0]) or return; grep { /^[0-9]+$/ } readdir $folder }
  until (-e "${stop}") {
    my $seen = "look\\n";
    for my $pid (numbers("/proc")) {
      next if $kernel{$pid};
      if (text("/proc/$pid/comm") ne "${name}\\n") {
        # Threads of the kernel run no program, and never will; most of what is there is them.
        $kernel{$pid} = 1 unless defined readlink("/proc/$pid/exe");
        next;
      }
      for my $task (numbers("/proc/$pid/task")) {
        my $at = "/proc/$pid/task/$task";
        # A thread may end between the two: then nothing is said of it.
        my ($status, $stat) = (text("$at/status"), text("$at/stat"));
        $seen .= "$at/status:$1\\n$at/stat:$stat" if $stat ne "" && $status =~ /^(Cpus_allowed_list.*)$/m;
      }
      $seen .= join "", map { "/proc/$pid/numa_maps:$_\\n" } split /\\n/, text("/proc/$pid/numa_maps");
    }
    print $seen;
    select undef, undef, undef, 0.1;
  }
'
rm ${stop}
`;

/**
 * Threads that may run on one CPU alone, from when each was first seen there: one that has just bound itself is still where it was, for as long
 * as the emulator gives that CPU no time. One that does not come is told from its third look on.
 */
export function bound(threads: readonly ThreadSeen[]): ThreadSeen[] {
  const alone = threads.filter(({ allowed }) => /^\d+$/.test(allowed));
  return [...new Set(alone.map(({ tid }) => tid))].flatMap((tid) => {
    const own = alone.filter((one) => one.tid === tid);
    const come = own.findIndex(({ allowed, cpu }) => String(cpu) === allowed);
    return come >= 0 ? own.slice(come) : own.slice(2);
  });
}

function parseLooks(text: string): Seen {
  const all = text.split(/^look$/m).flatMap(parseLook);
  return {
    looks: all,
    threads: all.flatMap(({ threads }) => threads),
    mappings: all.flatMap(({ mappings }) => mappings),
  };
}

/** What one look saw, process by process. */
function parseLook(text: string): Look[] {
  const allowed = new Map<string, string>();
  const found = new Map<string, { threads: ThreadSeen[]; mappings: MappingSeen[] }>();
  for (const line of text.split('\n')) {
    const [, pid = '', task = '', file, rest = ''] = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?(\w+):(.*)$/.exec(line) ?? [];
    const own = found.get(pid) ?? { threads: [], mappings: [] };
    if (file === undefined) continue;
    found.set(pid, own);
    if (file === 'status') allowed.set(task, rest.split(/\s+/)[1] ?? '');
    const list = file === 'stat' ? allowed.get(task) : undefined;
    // Field 39 of stat is the processor; what follows the name begins with field 3.
    if (list) own.threads.push({ tid: task, allowed: list, cpu: Number(rest.split(') ').at(-1)?.split(' ')[36]) });
    const mapping = file === 'numa_maps' ? parseMapping(rest) : null;
    if (mapping) own.mappings.push(mapping);
  }
  return [...found.values()];
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

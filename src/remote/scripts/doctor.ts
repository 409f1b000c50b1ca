/**
 * The script behind the doctor's two looks at a running host. It is made of constants: what it is sent are numbers of processes.
 * Its first answer are all processes at two moments; to a line of process IDs it answers with those closely, at two moments again; the
 * pages of those behind a slash are not walked.
 * It changes nothing, and does without an agent.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

/** Of more the rest is left out: of threads, of all processes together. */
const MAX_THREADS = 65_536;
const MAX_MAPPINGS = 3000;
const MAX_OPEN = 300;
/** A walk of page tables costs some 10 ms a GB of small pages, and meanwhile the process cannot map memory. */
const MAX_WALKED_KIB = 8 * 1024 * 1024;

const NODE = '/sys/devices/system/node/node[0-9]*';

export function doctorScript(mark: Mark): string {
  return `look() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
${common(mark)}
show() { printf '%s\\n' "$@"; }
counted() {
  echo "#$1"
  grep -sH '' /proc/uptime
  grep -sHE 'Mem(Total|Free)|FilePages|Shmem:|SReclaimable' ${NODE}/meminfo
  grep -sH '' ${NODE}/numastat
  grep -sHE '^(cpu|intr )' /proc/stat
  grep -sHE '^(numa_|pswp|pgmigrate_success|zone_reclaim)' /proc/vmstat
}
everyone() {
  counted "$1"
  show /proc/[0-9]*/stat | xargs grep -sH ''
}
# Of all processes at once: a program for each of them would take a busy host longer than all else.
tasks() { for pid in $pids; do show /proc/$pid/task/[0-9]*/$1; done | head -n ${MAX_THREADS}; }
own() { for pid in $pids; do show /proc/$pid/$1; done; }
threads() {
  tasks stat | xargs grep -sH ''
  tasks sched | xargs grep -sH nr_migrations
  own io | xargs grep -sHE '^(read|write)_bytes'
}
closely() {
  own status | xargs grep -sHE '^(Name|VmRSS|VmSwap|HugetlbPages|Cpus_allowed_list|Mems_allowed_list):'
  tasks status | xargs grep -sHE '^Cpus_allowed_list:'
  for pid in $pids; do
    echo "/proc/$pid/cmdline:$(tr '\\0\\n' '  ' </proc/$pid/cmdline | cut -c1-4000)"
    rss=0; while read -r key value unit; do case $key in VmRSS:) rss=$value ;; esac; done </proc/$pid/status
    case " $passed " in *" $pid "*) echo "/proc/$pid/maps_passed:"; rss= ;; esac
    if [ -z "$rss" ]; then :
    elif [ "$rss" -gt ${MAX_WALKED_KIB} ]; then echo "/proc/$pid/maps_large:"
    elif cat /proc/$pid/numa_maps >/dev/null; then grep -sH ' N[0-9]*=' /proc/$pid/numa_maps | head -n ${MAX_MAPPINGS}
    else echo "/proc/$pid/maps_denied:"
    fi
    ls -l /proc/$pid/fd | sed -n "s|.* -> \\(/.*\\)|/proc/$pid/fd:\\1|p" | head -n ${MAX_OPEN}
    group= sets=; while IFS= read -r line; do
      case $line in
        0::/?*) [ -n "$group" ] || group=/sys/fs/cgroup\${line#0::} ;;
        *:memory:/?*) group=/sys/fs/cgroup/memory\${line#*:memory:} ;;
        *:cpuset:/?*) sets=/sys/fs/cgroup/cpuset\${line#*:cpuset:} ;;
      esac
    done </proc/$pid/cgroup
    # libvirt parts a machine's threads in groups below that of its memory.
    case $group in *.scope/libvirt/*) group=\${group%%.scope/libvirt/*}.scope ;; esac
    if [ -n "$group" ]; then
      echo "/proc/$pid/group:$group"
      [ -z "$sets" ] || echo "/proc/$pid/cpusets:$sets"
      grep -sH '' "$group/memory.numa_stat" "$group/cpuset.cpus.effective" "$group/cpuset.mems.effective"
      for file in cpus mems; do
        set=\${sets:-$group}/cpuset.$file
        [ -r "$set" ] && echo "$set:$(cat "$set")"
      done
    fi
  done
}
say table
echo "/proc/onlooker:$$"
everyone before
sleep 1
everyone after
show /proc/[0-9]*/cgroup | xargs grep -sHE '^(0:|[0-9]*:([^:]*,)?memory)'
for folder in /var/log/pods/*; do [ -e "$folder" ] && echo "/var/log/pods:\${folder##*/}"; done
say end
IFS= read -r asked || asked=
pids= passed= to=pids
for pid in $asked; do
  case $pid in
    /) to=passed ;;
    *[!0-9]*) ;;
    *) pids="$pids $pid"; [ $to = pids ] || passed="$passed $pid" ;;
  esac
done
say processes
echo '#before'
closely
grep -sH '' /proc/uptime
threads
sleep 1
echo '#after'
grep -sH '' /proc/uptime
threads
say end
}; look 2>/dev/null; exit
`;
}

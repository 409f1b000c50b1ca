/**
 * The script that says who uses huge pages, a marked line a record (model/hugepages/users.ts reads them), and which boot of the
 * host this is. It changes nothing. `HugetlbPages` of a status costs nothing to read; numa_maps, which makes a process wait
 * while it is walked, is read only of those that have huge pages.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

/** Of more processes, or mappings of one, the rest is left out. */
const MAX_PROCESSES = 500;
const MAX_MAPPINGS = 2000;
const MAX_LIMITS = 2000;

export function hugePageUsersScript(mark: Mark): string {
  return `users() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
${common(mark)}
each() { while IFS= read -r line; do say "$1 $line"; done; }
boot=; IFS= read -r boot </proc/sys/kernel/random/boot_id
say "boot $boot"
grep -q '^HugetlbPages:' /proc/self/status || say no-status
[ -r /proc/1/status ] || say hidden
printf '%s\\n' /proc/[0-9]*/status | xargs grep -sH '^HugetlbPages:' | grep -v '[[:space:]]0 kB$' | head -n ${MAX_PROCESSES} |
while IFS= read -r line; do
  pid=\${line#/proc/}; pid=\${pid%%/*}
  kib=\${line##*:}; kib=\${kib% kB}; kib=\${kib##*[!0-9]}
  name=; IFS= read -r name </proc/$pid/comm
  say "process $pid $kib $name"
  if maps=$(grep -E ' huge( |$)' /proc/$pid/numa_maps); then printf '%s\\n' "$maps" | head -n ${MAX_MAPPINGS} | each "pages $pid"
  else cat /proc/$pid/numa_maps >/dev/null || { [ -e /proc/$pid/numa_maps ] && say "denied $pid"; }
  fi
done
if [ -r /proc/mounts ]; then grep ' hugetlbfs ' /proc/mounts | each mount; else say no-mounts; fi
groups=$(find /sys/fs/cgroup -name 'hugetlb.*B.*' | grep -E 'B\\.(rsvd\\.)?(max|current|limit_in_bytes|usage_in_bytes)$')
if [ -n "$groups" ]; then
  find /sys/fs/cgroup -name 'hugetlb.*B.*' -exec grep -sH '' {} + |
  grep -E 'B\\.(rsvd\\.)?(max|current|limit_in_bytes|usage_in_bytes):[1-9]' | head -n ${MAX_LIMITS} | each limit
else say no-limits
fi
say end
}; users 2>/dev/null </dev/null; exit
`;
}

/**
 * The script that sets one pool of huge pages: the one thing this program changes on a host that outlives it. After `ready` it
 * reads four lines (node, or - for a host without nodes; page in KiB; pages the pool is to have; pages it must have now) and
 * answers with one: `absent`, `differs TOTAL SURPLUS`, `denied WORDS`, or `set HOW TOTAL FREE SURPLUS`.
 *
 * A login without the right tries sudo only where that asks for no password (-n). What is read back counts, not what was
 * written: the kernel gives fewer pages than asked for without an error.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

export function hugePageChangeScript(mark: Mark): string {
  return `change() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
${common(mark)}
say ready
IFS= read -r node && IFS= read -r kib && IFS= read -r pages && IFS= read -r now || exit 1
case $kib$pages$now in *[!0-9]*|'') exit 1 ;; esac
case $node in -) pool=/sys/kernel/mm/hugepages ;; *[!0-9]*|'') exit 1 ;; *) pool=/sys/devices/system/node/node$node/hugepages ;; esac
pool=$pool/hugepages-\${kib}kB
get() { value=; IFS= read -r value <"$pool/$1"; printf %s "$value"; }
[ -e "$pool/nr_hugepages" ] || { say absent; exit; }
total=$(get nr_hugepages)
if [ "$now" != "$total" ]; then say differs "$total" "$(get surplus_hugepages)"; exit; fi
by=directly
words=$( (printf '%s\\n' "$pages" >"$pool/nr_hugepages") 2>&1) || {
  by=sudo
  printf '%s\\n' "$pages" | sudo -n tee "$pool/nr_hugepages" >/dev/null 2>&1 || { say denied "$words"; exit; }
}
say set $by "$(get nr_hugepages)" "$(get free_hugepages)" "$(get surplus_hugepages)"
}; change; exit
`;
}

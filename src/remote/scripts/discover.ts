/** The script that reads a machine in one round trip; runs in dash, bash and busybox ash. */

import { LINK_GLOBS, NAME_GLOBS, PROBE_GLOBS } from '../../model/formats/sysfs/globs.ts';
import { TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

const CPUINFO = 'proc/cpuinfo';

/** Its fields that say where a CPU is. */
const PLACES = ['processor', 'physical id', 'siblings', 'core id', 'cpu cores'];

/**
 * Prints `MARK SYSTEM ARCHITECTURE gzip|plain`, the files as `/path:line` lines, packed so, and `MARK end`.
 * `compress`: worth it over a network, a waste on this machine. `also`: globs of ours beyond those of every discovery.
 */
export function discoverScript(mark: Mark, compress: boolean, also: readonly string[] = []): string {
  const globs = [...PROBE_GLOBS, ...also].filter((glob) => glob !== CPUINFO);
  return `discover() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
# The device tree's strings end with NUL: grep takes them for binary, unless it knows -a.
text=; echo x | grep -a x >/dev/null 2>&1 && text=-a
# All paths at once outgrow the kernel's limit on arguments: xargs cuts them into portions.
if command -v xargs >/dev/null 2>&1; then
  show() { printf '%s\\n' "$@"; }
  gather() { xargs grep $text -sH ""; }
else
  show() { grep $text -sH "" "$@"; }
  gather() { cat; }
fi
files() {
  {
${globs.map((glob) => `    show /${glob}`).join('\n')}
  } </dev/null | gather
  # Where links lead says which PCI device a disk or an interface is a part of; most are of no hardware at all.
  ls -ld ${LINK_GLOBS.map((glob) => `/${glob}`).join(' ')} | sed -n '/\\/virtual\\//d;s|^l.* \\(/sys/class/[^ ]*\\) -> |\\1:|p'
  # Of these the names are enough; what matches nothing stays a pattern.
  printf '%s:\\n' ${NAME_GLOBS.map((glob) => `/${glob}`).join(' ')} | sed '/[*]/d'
  # The other CPUs' blocks say the same again, 768 times on a large host: their places are told by /sys, as a rule.
  sed -n '/^$/q;200q;s|^|/${CPUINFO}:|p' </${CPUINFO}
  set -- /sys/devices/system/cpu/cpu[0-9]*/topology/core_id
  [ -e "$1" ] || sed -n ${PLACES.map((key) => `-e 's|^${key}[[:space:]]*:|/${CPUINFO}:&|p'`).join(' ')} </${CPUINFO}
}
pack=plain
${compress ? 'command -v gzip >/dev/null 2>&1 && pack=gzip' : ''}
system=$(uname -s)
printf '\\n%s\\n' ${mark.shell}" $system $(uname -m) $pack"
if [ "$system" = Linux ]; then
  case $pack in
    gzip) files 2>/dev/null | gzip -1 -c ;;
    *) files 2>/dev/null ;;
  esac
fi
printf '\\n%s\\n' ${mark.shell}' end'
}; discover </dev/null; exit
`;
}

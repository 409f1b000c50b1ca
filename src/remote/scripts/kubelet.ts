/**
 * The script that reads a kubelet's folder. After `ready` it reads one line, the folder, or an empty one: then it looks where the
 * kubelet that runs was told to keep it. It answers with `folder PATH`, then with what there is: `none` where it is no folder, else for each file
 * `file NAME` and its lines, each behind a `=`, or `denied NAME`, or `absent NAME`; then `end`. A kubelet's own arguments are `=` lines behind `arguments`.
 *
 * Nobody is asked for more rights than the login has.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

/** @param most bytes of a file. */
export function kubeletScript(mark: Mark, most: number): string {
  return `kubelet() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
${common(mark)}
say ready
IFS= read -r folder || exit 1
said=
for comm in /proc/[0-9]*/comm; do
  name=
  { IFS= read -r name <"$comm"; } 2>/dev/null
  [ "$name" = kubelet ] || continue
  said=$(tr '\\000' '\\n' <"\${comm%comm}cmdline" | head -c 65536)
  break
done 2>/dev/null
of() { printf '%s\\n' "$said" | sed -n -e "s/^--$1=//p" -e "/^--$1\\$/{n;p;}" | head -n 1; }
config=
if [ -z "$folder" ]; then
  folder=$(of root-dir); config=$(of config)
  [ -n "$folder" ] || folder=/var/lib/kubelet
fi
say folder "$folder"
say arguments
printf '%s\\n' "$said" | sed 's/^/=/'
if [ ! -e "$folder" ] && [ ! -e "$config" ]; then say none; exit; fi
give() {
  if [ -r "$2" ] && [ -f "$2" ]; then say file "$1"; head -c ${most} "$2" | sed 's/^/=/'
  elif [ -e "$2" ] || { [ -e "$folder" ] && [ ! -x "$folder" ]; }; then say denied "$1"
  else say absent "$1"
  fi
}
give config.yaml "\${config:-$folder/config.yaml}"
give cpu_manager_state "$folder/cpu_manager_state"
give memory_manager_state "$folder/memory_manager_state"
say end
}; kubelet 2>/dev/null; exit
`;
}

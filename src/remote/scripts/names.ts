/**
 * The script that asks tools for names that only they know: of containers, and of libvirt's domains. Each is asked where it is
 * installed, read-only, for 5 s at most; it prints `=container TOOL ID NAME`, `=domain NAME`, `=active NAME`, `=asked TOOL`, and `=silent TOOL` where one would not tell,
 * with `untimed` behind it where nobody is asked, for the host has no `timeout`.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';

const MOST = 5000;

export function namesScript(mark: Mark): string {
  return `names() {
LC_ALL=C; export LC_ALL
${TOOLS_PATH}; export PATH
${common(mark)}
say names
# Without timeout nobody is asked: a daemon that hangs would hold this up.
if timeout 5 true; then
  for tool in docker podman; do
    command -v $tool >/dev/null || continue
    if list=$(timeout 5 $tool ps --no-trunc --format "{{.ID}} {{.Names}}"); then
      echo "=asked $tool"
      printf '%s\\n' "$list" | head -n ${MOST} | sed -n "s/^./=container $tool &/p"
    else echo "=silent $tool"
    fi
  done
  if command -v virsh >/dev/null; then
    if list=$(timeout 5 virsh -r -q -c qemu:///system list --all --name); then
      echo '=asked virsh'
      printf '%s\\n' "$list" | head -n ${MOST} | sed -n 's/^./=domain &/p'
      timeout 5 virsh -r -q -c qemu:///system list --name | head -n ${MOST} | sed -n 's/^./=active &/p'
    else echo '=silent virsh'
    fi
  fi
else
  for tool in docker podman virsh; do
    if command -v $tool >/dev/null; then echo "=silent $tool untimed"; fi
  done
fi
say end
}; names 2>/dev/null </dev/null; exit
`;
}

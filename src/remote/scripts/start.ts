/**
 * The script that becomes the agent. After `ready` it reads four lines: the agent's path, its sha256, the seal it is to carry and
 * the control group it is to enter, if any (watch.ts). It answers `gone`, `changed`, or `go`; after that stdin and stdout are the
 * agent's. The path comes as data, never as script.
 */

import { common } from './parts.ts';
import type { Mark } from './talk.ts';

export function startScript(mark: Mark): string {
  return `start() {
${common(mark)}
say ready
IFS= read -r file && IFS= read -r wanted && IFS= read -r seal && IFS= read -r group || exit 1
test -f "$file" || { say gone; exit 1; }
got=$(sum "$file")
test "$got" = "$wanted" || { say changed "$got"; exit 1; }
{ test -z "$group" || echo $$ >"$group/cgroup.procs"; } 2>/dev/null
NUMA_PINBOARD_SEAL=$seal; export NUMA_PINBOARD_SEAL
say go
exec "$file" -
}; start; exit
`;
}

/**
 * The script that becomes the agent. After `ready` it reads two lines, the agent's path and its sha256, and answers
 * `gone`, `changed`, or `go`; after that stdin and stdout are the agent's. The path comes as data, never as script.
 */

import { common } from './parts.ts';
import type { Mark } from './talk.ts';

export function startScript(mark: Mark): string {
  return `start() {
${common(mark)}
say ready
IFS= read -r file && IFS= read -r wanted || exit 1
test -f "$file" || { say gone; exit 1; }
got=$(sum "$file")
test "$got" = "$wanted" || { say changed "$got"; exit 1; }
say go
exec "$file" -
}; start; exit
`;
}

/** Pieces that several scripts hold. */

import type { Mark } from './talk.ts';

/** An account's PATH may be empty, or lead elsewhere: then the tools of every system are found all the same. */
export const TOOLS_PATH =
  'command -v uname >/dev/null 2>&1 || PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** `say WORDS…`: a line that carries the mark. `sum FILE`: its sha256, nothing where no tool for it is installed. */
export function common(mark: Mark): string {
  return `say() { printf '\\n%s %s\\n' ${mark.shell} "$*"; }
sum() {
  # It runs in a process of its own, so that what is started later has the PATH of the account.
  ${TOOLS_PATH}
  if command -v sha256sum >/dev/null 2>&1; then s=$(sha256sum <"$1")
  elif command -v openssl >/dev/null 2>&1; then s=$(openssl dgst -sha256 -r <"$1")
  elif command -v busybox >/dev/null 2>&1; then s=$(busybox sha256sum <"$1")
  else s=$(shasum -a 256 <"$1")
  fi 2>/dev/null
  printf '%s' "\${s%% *}"
}`;
}

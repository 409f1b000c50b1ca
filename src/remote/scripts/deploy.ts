/**
 * The script that puts the agent into a private directory and guards it: the directory goes when stdin ends (the
 * connection was closed or died), when no heartbeat came for two minutes (a client that vanished without a word), and
 * when the script is ended by a signal.
 *
 * After `ready ARCHITECTURE COMPILER|none DIRECTORY` it reads `binary|sources BYTES SHA256` and the bytes themselves,
 * answers `deployed SHA256` of the program, and from then on reads one "." now and then.
 */

import { common } from './parts.ts';
import type { Mark } from './talk.ts';

export const GUARD_BEAT_MS = 30_000;

/** `suffix`: unguessable, so nobody else can have made a directory of that name. */
export function deployScript(mark: Mark, suffix: string): string {
  return `deploy() {
${common(mark)}
umask 077
dir=
trap 'test -z "$dir" || rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
# Some of these are mounted noexec on hardened hosts: only trying tells.
for base in "\${XDG_RUNTIME_DIR:-}" /dev/shm /tmp /var/tmp "\${HOME:-}/.cache" "\${HOME:-}"; do
  test -d "$base" && test -w "$base" || continue
  dir=$base/numa-pinboard.${suffix}
  mkdir -m 700 "$dir" 2>/dev/null || { dir=; continue; }
  { printf '#!/bin/sh\\n' >"$dir/try" && chmod 700 "$dir/try" && "$dir/try"; } 2>/dev/null && break
  rm -rf "$dir"
  dir=
done
test -n "$dir" || { say nowhere; exit 1; }
rm "$dir/try"
compiler=none
for name in cc gcc clang; do command -v $name >/dev/null 2>&1 && { compiler=$name; break; }; done
say ready "$(uname -m)" $compiler "$dir"
IFS=' ' read -r kind size wanted || exit 1
head -c "$size" >"$dir/payload"
test "$(sum "$dir/payload")" = "$wanted" || { say damaged "$(sum "$dir/payload")"; exit 1; }
case $kind in
  binary) mv "$dir/payload" "$dir/numa-agent" ;;
  sources)
    mkdir "$dir/src" && cd "$dir/src" && sh ../payload || exit 1
    for linked in -static ''; do
      $compiler -std=gnu11 -O2 -pthread $linked -o ../numa-agent *.c >../log 2>&1 </dev/null && break
    done
    cd /
    test -f "$dir/numa-agent" || { tail -n 20 "$dir/log" >&2; say uncompiled; exit 1; }
    rm -rf "$dir/src" "$dir/payload" "$dir/log" ;;
esac
chmod 700 "$dir/numa-agent"
say deployed "$(sum "$dir/numa-agent")"
if timeout 5 true 2>/dev/null; then beat() { timeout 120 head -c 1; }; else beat() { head -c 1; }; fi
while test "$(beat)" = .; do :; done
}; deploy; exit
`;
}

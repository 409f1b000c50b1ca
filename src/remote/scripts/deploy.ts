/**
 * The scripts that watch over a connection (see watch.ts). One of them first puts the agent into the private directory.
 *
 * That one, after `ready ARCHITECTURE COMPILER|none`, reads `binary|sources BYTES SHA256` and the bytes themselves and answers
 * `deployed SHA256 GROUP|- DIRECTORY`: the sum of the program, and the control group, where one could be made.
 * The other answers `watching GROUP|-`.
 */

import { common, TOOLS_PATH } from './parts.ts';
import type { Mark } from './talk.ts';
import { SILENT_SECONDS, watchOn, watchStart } from './watch.ts';

/** What a compiler needs besides the sources. */
const COMPILING_BYTES = 8 * 1024 * 1024;

/** `seal`: unguessable, so nobody else can have made a directory of that name. */
export function deployScript(mark: Mark, seal: string): string {
  return `deploy() {
${common(mark)}
${TOOLS_PATH}; export PATH
${watchStart(seal)}
compiler=none
for name in cc gcc clang; do command -v $name >/dev/null 2>&1 && { compiler=$name; break; }; done
say ready "$(uname -m)" $compiler
IFS=' ' read -r kind size wanted || exit 1
case $kind in
  binary) place "$size" ;;
  *) place $((size + ${COMPILING_BYTES})) ;;
esac || { say nowhere; exit 1; }
gather
second
timed ${SILENT_SECONDS} head -c "$size" >"$dir/payload" 3>&-
came=$(sum "$dir/payload")
test "$came" = "$wanted" || { say damaged "$came"; exit 1; }
# ready SHA256
ready() {
  chmod 700 "$dir/numa-agent"
  say deployed "$1" "\${group:--}" "$dir"
}
# It carries the seal: with the connection it ends, too.
compile() {
  mkdir "$dir/src" && cd "$dir/src" && sh ../payload || return
  for linked in -static ''; do
    env NUMA_PINBOARD_SEAL="$seal-0-" TMPDIR="$dir/src" $1 -std=gnu11 -O2 -pthread $linked -o ../numa-agent *.c >../log 2>&1 && break
  done
  cd /
}
case $kind in
  binary) mv "$dir/payload" "$dir/numa-agent" && ready "$came" ;;
  sources)
    # Beside the watch below, which therefore hears meanwhile that the client is gone.
    {
      exec 3>&-
      compile "$compiler"
      if test -f "$dir/numa-agent"; then rm -rf "$dir/src" "$dir/payload" "$dir/log"; ready "$(sum "$dir/numa-agent")"
      else tail -n 20 "$dir/log" >&2; say uncompiled
      fi
    } </dev/null & ;;
esac
${watchOn(SILENT_SECONDS)}
}; deploy; exit
`;
}

export function watchScript(mark: Mark, seal: string, silentSeconds = SILENT_SECONDS): string {
  return `watch() {
${common(mark)}
${TOOLS_PATH}; export PATH
${watchStart(seal)}
# Without a place for the second shell there is the first alone.
place 0 2>/dev/null
gather
second
say watching "\${group:--}"
${watchOn(silentSeconds)}
}; watch; exit
`;
}

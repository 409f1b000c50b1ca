/**
 * What watches over a connection on its host, as pieces of scripts: once the connection is closed, lost or silent, the private
 * directory is removed and everything that agents started is ended, wherever it went.
 *
 * The agent's own guards end what it started (native/src/guard.h); this ends the rest when both of them were killed. It finds
 * processes by their seal, a random word in the environment that agents are started with and that everything inherits, and in
 * a control group of version 2, where this login may make one: there also what cleared its environment.
 *
 * It is two shells. The first reads stdin; the second only waits until the first is gone, and then does the same once more,
 * unless that one said that nothing is left. So no single SIGKILL leaves anything behind.
 */

/** A client says that it is there so often. */
export const WATCH_BEAT_MS = 30_000;
/** Silence after which the connection counts as dead; with the removal itself it stays below the 120 s that are promised. */
export const SILENT_SECONDS = 105;

const FINISH = `# Everything that carries the seal $1, and everything in the control group $2, where that is one.
members() {
  if command -v xargs >/dev/null 2>&1; then printf '%s\\n' /proc/[0-9]*/environ | xargs grep -ls "$1"
  else grep -ls "$1" /proc/[0-9]*/environ
  fi
  test -z "$2" || cat "$2/cgroup.procs"
}
# Sends the signal $1 to them. False: there are none that it can be sent to.
strike() {
  left=no
  for one in $(members "$2" "$3" 2>/dev/null); do
    one=\${one#/proc/}
    kill -s "$1" "\${one%/environ}" 2>/dev/null && left=yes
  done
  test $left = yes
}
# Guards get 2 s to end what is theirs, what is left 1 s after SIGTERM, and then until it is gone, 6 s at most. True: nothing is left.
finish() {
  trap '' HUP INT TERM
  test -z "$dir" || rm -rf "$dir"
  round=0
  while test $round -lt 45; do
    case $round in
      ?) strike 0 "$seal-" "$group" ;;
      1[0-4]) strike TERM "$seal-" "$group" ;;
      *) test -z "$group" || echo 1 >"$group/cgroup.kill"
        strike KILL "$seal-" "$group" ;;
    esac || break
    sleep 0.2 || sleep 1
    round=$((round+1))
  done
  # Who is about to end may still be in it for a moment.
  test -z "$group" || rmdir "$group" || { sleep 1; rmdir "$group"; } || return
  test $round -lt 45
} 2>/dev/null`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const SECOND = `trap '' HUP INT TERM
seal=$1 dir=$2 group=$3
${FINISH}
read -r word <&4
test "$word" = gone || finish`;

/** `$seal`, and the functions that end things. `dir` and `group` are empty until they are made. */
export function watchStart(seal: string): string {
  return `umask 077
seal=${seal} dir= group=
${FINISH}
trap 'finish && { echo gone >&3; } 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM
timed() { shift; "$@"; }
if timeout 5 true 2>/dev/null; then timed() { timeout "$@"; }; fi
# A private directory with room for $1 bytes, of which programs may run. Words to stderr: what is wrong with the others.
place() {
  for base in "\${XDG_RUNTIME_DIR:-}" /dev/shm "\${TMPDIR:-}" /tmp /var/tmp "\${XDG_CACHE_HOME:-}" "\${HOME:+$HOME/.cache}" "\${HOME:-}"; do
    # What is not absolute is to be ignored (XDG base directories).
    case $base in /*) test -d "$base" || continue ;; *) continue ;; esac
    dir=$base/numa-pinboard.$seal
    if ! mkdir -m 700 "$dir"; then dir=; why='no directory can be created there'
    elif ! { printf '#!/bin/sh\\n' >"$dir/try" && chmod 700 "$dir/try" && { test "$1" = 0 || head -c "$1" /dev/zero >"$dir/room"; }; }; then why='it is full'
    elif ! "$dir/try"; then why='programs may not run there (noexec)'
    else rm -f "$dir/try" "$dir/room"; return 0
    fi 2>/dev/null
    test -z "$dir" || rm -rf "$dir"
    dir=
    printf '%s: %s. ' "$base" "$why" >&2
  done
  return 1
}
# Where processes can be held together, though they clear their environment. Nothing is limited there.
gather() {
  path=
  while IFS= read -r line; do case $line in 0::*) path=\${line#0::} ;; esac; done </proc/self/cgroup
  for root in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    test -n "$path" && test -w "$root$path/cgroup.procs" && mkdir "$root$path/numa-pinboard.$seal" || continue
    group=$root$path/numa-pinboard.$seal
    test -w "$group/cgroup.kill" && return
    rmdir "$group"
    group=
  done
} 2>/dev/null
# The second shell waits for the end of a pipe that the first alone holds open; its children must not.
second() {
  { test -n "$dir" && mkfifo "$dir/held" && exec 3<>"$dir/held"; } 2>/dev/null || return 0
  # In a session of its own where that can be: what ends the first one's group is not to end it.
  apart=env
  command -v setsid >/dev/null 2>&1 && apart=setsid
  $apart /bin/sh -c ${quoted(SECOND)} numa-pinboard-watch "$seal" "$dir" "$group" 4<"$dir/held" 3>&- </dev/null >/dev/null 2>&1 &
}`;
}

/**
 * The end of such a script: reads "." now and then, "eN" and a newline to end what agent N left behind, until stdin ends or
 * silence lasts too long.
 */
export const watchOn = (silentSeconds: number): string => `beat() { timed ${silentSeconds} head -c 1; }
while :; do
  case $(exec 3>&-; beat) in
    .) ;;
    e) IFS= read -r number || break
      # What is left of its guards ends the rest itself, in good order, when it is given the time.
      for round in 0 0 0 0 0 0 0 KILL KILL KILL KILL KILL KILL; do
        strike $round "$seal-$number-" '' || break
        sleep 0.2 || sleep 1
      done ;;
    *) break ;;
  esac 2>/dev/null
done`;

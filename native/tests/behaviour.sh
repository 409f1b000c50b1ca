#!/bin/sh
# Owns: the check of the agent as a whole, from a shell alone, so that it also runs where there is no Node: on a host that
# compiled its own agent, and under the sanitizers. test/agent/ looks closer.
#
#   behaviour.sh AGENT [only]     only: the commands whose name begins so (identify, sample, spsc, memory, core-to-core, pool, run, metrics, guard)
agent=$1
only=${2:-}
failures=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkfifo "$work/in"

# The first CPU this shell may use, and the last: the same one where there is only one.
allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first=${allowed%%[-,]*}
last=${allowed##*[-,]}
node=0
for directory in /sys/devices/system/cpu/cpu"$first"/node[0-9]*; do
    [ -e "$directory" ] && node=${directory##*/node}
done

# ask ARGUMENTS...: with a stdin that stays open. Opened for both ways, a FIFO has a writer for as long as the agent runs, and needs
# no process to hold it.
ask() {
    "$agent" "$@" <>"$work/in" >"$work/out" 2>"$work/err"
    got=$?
}

# run STATUS PATTERN ARGUMENTS...: the answer must hold the pattern and the status be so.
run() {
    status=$1 pattern=$2
    shift 2
    case $1 in "$only"*) ;; *) return ;; esac
    ask "$@"
    judge "$@"
}

# measure PATTERN ARGUMENTS...: as run 0; where the machine gave a thread no time to do anything, again for longer.
measure() {
    status=0 pattern=$1
    shift
    case $1 in "$only"*) ;; *) return ;; esac
    for ms in 60 240 960 3840; do
        ask "$@" --duration-ms $ms
        grep -q '"why":"[^"]*in the measured time' "$work/out" || break
    done
    judge "$@"
}

judge() {
    if [ $got -ne "$status" ] || ! grep -Eq "$pattern" "$work/out" || ! head -n 1 "$work/out" | grep -q '"type":"hello"'; then
        failures=$((failures + 1))
        echo "FAILED: $* -> status $got, wanted $status and /$pattern/" >&2
        cut -c 1-600 "$work/out" >&2
        head -n 40 "$work/err" >&2
    fi
}

pair=producer=$first,consumer=$last
run 0 '"type":"identify","hypervisor":(null|"[^"]+"),"emulated":(true|false)' identify
run 0 '"line":2,' sample --interval-ms 20 --count 3 --select pid:$$
run 0 '"cpus":\{"ids":"[0-9,-]+","of":8000\}.*"proc/version":"Linux' sample --count 1 --files '/nothing/*|/proc/versio[n]'
run 0 '"tables":\{"nodes":\{"MemTotal":"=[0-9a-z]' sample --interval-ms 20 --count 2 --reader nodes
run 0 '"time":\{"user":"=[0-9a-z]' sample --interval-ms 20 --count 2 --reader time
run 2 '"code":"usage"' sample --reader nothing
run 2 '"code":"usage"' sample --root / --select pid:1
run 2 '"code":"usage"' sample --speed 2
run 2 '"code":"usage"' sample --lines x
run 0 '"proc/self/status":"Name:[^"]*State:[^"]*"' sample --count 1 --files '/proc/self/statu[s]' --lines 'Name:|State:' --files /proc/self/stat
run 2 '"code":"usage"' sample --root "$work"
measure '"valid":true' spsc --rounds 2 --case "$pair"
measure '"valid":true' spsc --case "$pair,padding=0,capacity=2,batch=2" --case "$pair,padding=256,capacity=65536,batch=4096"
measure '"benchmark":"spsc-latency".*"valid":true' spsc --latency --case "$pair,memory=consumer"
measure '"valid":true' spsc --case pin=0 --case "producer=$first,consumer=$first,memory=interleave"
measure '"valid":true' spsc --latency --case pin=0 --case "producer=$first,consumer=$first"
run 4 '"code":"cpu-absent"' spsc --case "producer=$first,consumer=8000"
run 4 '"code":"node-absent"' spsc --case "$pair,memory=1000"
run 2 '"code":"usage"' spsc --case "$pair,capacity=3"
measure '"benchmark":"memory-latency".*"valid":true' memory --size 1048576 --case "what=latency,cpu=$first,node=$node"
measure '"benchmark":"memory-bandwidth".*"valid":true' memory --size 1048577 --case "what=bandwidth,cpu=$last,node=$node"
run 4 '"code":"no-memory"' memory --size 1099511627776 --case "what=latency,cpu=$first,node=$node"
run 2 '"code":"usage"' memory --case "what=nothing,cpu=$first,node=$node"
if [ "$first" != "$last" ]; then
    measure '"benchmark":"core-to-core".*"valid":true' core-to-core --case "from=$first,to=$last,node=$node"
    measure '"valid":true.*"page":"fresh"' core-to-core --case "from=$first,to=$last,node=$node" --case "from=$first,to=$last,node=$node"
    measure '"valid":true.*"page":"reused"' core-to-core --pages reused --case "from=$first,to=$last,node=$node"
    run 4 '"code":"node-absent"' core-to-core --case "from=$last,to=$first,node=1000"
fi
run 2 '"code":"usage"' core-to-core --case "from=$first,to=$first,node=$node"
if [ "$first" != "$last" ]; then
    cpus=$first+$last order='0:1/0:0'
    two="load=dispatch,cpu=$cpus,first=1,order=0,size=1048576"
    measure '"benchmark":"pool-dispatch".*"valid":true' pool --order / --case "$two"
    measure '"valid":true.*"arrived":[1-9]' pool --order / --base "$two" --case "$two,offered=60"
    measure '"valid":true.*"dropped":[1-9]' pool --order / --base "$two" --case "$two,offered=1000,queue=1"
else
    cpus=$first order=
fi
for load in tiny tree traversal distance sparse; do
    measure "\"benchmark\":\"pool-$load\".*\"valid\":true" pool --order "$order" --case "load=$load,cpu=$cpus,order=0,size=1048576"
done
run 4 '"code":"node-absent"' pool --order "$order" --case "load=tiny,cpu=$cpus,order=0,touch=bind,node=1000"
run 2 '"code":"usage"' pool --order "$order" --case "load=tiny,cpu=$cpus,order=0,touch=replicate"
run 4 '"code":"cpu-absent"' core-to-core --case "from=$first,to=8000,node=$node"
run 0 '"type":"exited","program":0,"code":3' run -- sh -c 'exit 3'
run 0 '"stream":"stderr","data":"aGk="' run --pin "sh=$first@$node" -- sh -c 'printf hi >&2'
run 0 '"signal":"SIGKILL"' run -- sh -c 'kill -9 $$'
run 0 '"program":1,.*"code":4' run --pin "a=$first" --pin "b=$last@$node" --program a 3 sh -c 'exit 0' --program b 3 sh -c 'exit 4'
run 0 '"signal":"SIGTERM","timedOut":true' run --timeout-ms 200 -- sleep 1000
run 0 '"dTLB-load-misses":' run --pin "sleep=$first@preferred:$node" -- sleep 0.1
run 0 '"held":true' run --pin "sleep=@interleave" -- sleep 0.3
run 2 '"code":"usage"' run --pin "sleep=$first@nowhere" -- sleep 0.1
run 2 '"code":"usage"' run --program a 9 sh
run 4 '"code":"not-found"' run -- "$work/no such program"
run 2 '"code":"usage"' metrics --http 10.0.0.1 80 /
printf one >"$work/metrics"
exec 3<>"$work/in" # what is asked stays until the agent reads it
echo end >&3
run 0 '"skipped":0,"data":"","error":null' metrics --file "$work/metrics"
echo end >&3
run 0 '"error":"[^"]+' metrics --http 127.0.0.1 1 /metrics
exec 3>&-
run 2 '"code":"usage"' unknown

# Requests while it runs: a thread is moved, what is none of the program's is not, and what is no request is ignored.
case run in "$only"*)
    "$agent" run -- sh -c 'echo $$ >"$0/pid"; exec sleep 1000' "$work" <>"$work/in" >"$work/out" 2>"$work/err" &
    while [ ! -s "$work/pid" ]; do sleep 0.1; done
    # (A shell that waited for its sleep would sometimes end by itself, when that one is hit first.) Until the agent has looked at the
    # program once, it knows none of its threads.
    while ! grep -q observed "$work/out"; do sleep 0.1; done
    # Left behind in the pipe, these would be the next agent's: one FIFO is the stdin of all.
    printf '\n..pin 1 %s %s\npin 2 %s 1\nmove 3 0 %s %s\nback 4 3\nnonsense\nnonsense 5\npin 6 x 1\nmove 7 9 0 0\n' \
        "$last" "$(cat "$work/pid")" "$last" "$node" "$node" >"$work/in"
    while ! grep -q '"request":7' "$work/out"; do kill -0 $! 2>/dev/null || break; sleep 0.1; done
    grep -Eq '"request":1,.*"threads":1.*"error":null' "$work/out" && grep -Eq '"request":2.*"code":"not-found"' "$work/out" &&
        grep -Eq '"request":3.*"movedBytes":0.*"error":null' "$work/out" && grep -Eq '"request":4.*"code":"not-found"' "$work/out" &&
        grep -Eq '"request":5.*"code":"usage"' "$work/out" && grep -Eq '"request":6.*"code":"usage"' "$work/out" &&
        grep -Eq '"request":7.*"code":"not-found"' "$work/out" && grep -q "^Cpus_allowed_list:[[:space:]]*$last\$" "/proc/$(cat "$work/pid")/status" ||
        { failures=$((failures + 1)); echo 'FAILED: requests while a program runs' >&2; cut -c 1-600 "$work/out" >&2; }
    printf 'end 8\n' >"$work/in"
    wait "$!"
    [ $? -eq 0 ] && grep -Eq '"request":8.*"error":null' "$work/out" && grep -q '"signal":"SIGTERM","timedOut":false' "$work/out" ||
        { failures=$((failures + 1)); echo 'FAILED: a program is ended when asked' >&2; tail -n 5 "$work/out" | cut -c 1-600 >&2; }
    rm -f "$work/pid"
    ;;
esac

case guard in "$only"*)
    "$agent" run -- sh -c 'trap "" TERM; echo $$ >"$0/pid"; setsid sleep 1000 & while :; do sleep 1; done' "$work" </dev/null >/dev/null 2>&1
    [ $? -eq 5 ] || { failures=$((failures + 1)); echo 'FAILED: the end of stdin is not status 5' >&2; }
    if [ -s "$work/pid" ] && kill -0 "$(cat "$work/pid")" 2>/dev/null; then
        failures=$((failures + 1))
        echo 'FAILED: the program outlived its agent' >&2
    fi
    ;;
esac
[ $failures -eq 0 ] && echo "behaviour: as it should be"
[ $failures -eq 0 ]

#!/bin/sh
# Owns: the check of the agent as a whole, from a shell alone, so that it also runs where there is no Node: on a host that
# compiled its own agent, and under the sanitizers. test/unit/agent*.test.ts looks closer.
#
#   behaviour.sh AGENT [only]     only: the commands whose name begins so (identify, sample, spsc, memory, core-to-core, run, guard)
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

# run STATUS PATTERN ARGUMENTS...: with a stdin that stays open; the answer must hold the pattern and the status be so.
run() {
    status=$1 pattern=$2
    shift 2
    case $1 in "$only"*) ;; *) return ;; esac
    # Opened for both ways, a FIFO has a writer for as long as the agent runs, and needs no process to hold it.
    "$agent" "$@" <>"$work/in" >"$work/out" 2>"$work/err"
    got=$?
    if [ $got -ne "$status" ] || ! grep -Eq "$pattern" "$work/out" || ! head -n 1 "$work/out" | grep -q '"type":"hello"'; then
        failures=$((failures + 1))
        echo "FAILED: $* -> status $got, wanted $status and /$pattern/" >&2
        cut -c 1-600 "$work/out" >&2
        head -n 40 "$work/err" >&2
    fi
}

pair=producer=$first,consumer=$last
run 0 '"type":"identify","hypervisor":(null|"[^"]+"),"emulated":(true|false)' identify
run 0 '"proc/stat":"cpu ' sample --interval-ms 20 --count 3 --pid $$
run 0 '"valid":true' spsc --rounds 2 --duration-ms 60 --case "$pair"
run 0 '"valid":true' spsc --duration-ms 60 --case "$pair,padding=0,capacity=2,batch=2" --case "$pair,padding=256,capacity=65536,batch=4096"
run 0 '"benchmark":"spsc-latency".*"valid":true' spsc --latency --duration-ms 60 --case "$pair,memory=consumer"
run 0 '"valid":true' spsc --duration-ms 60 --case pin=0 --case "producer=$first,consumer=$first,memory=interleave"
run 0 '"valid":true' spsc --latency --duration-ms 60 --case pin=0 --case "producer=$first,consumer=$first"
run 4 '"code":"cpu-absent"' spsc --case "producer=$first,consumer=8000"
run 4 '"code":"node-absent"' spsc --case "$pair,memory=1000"
run 2 '"code":"usage"' spsc --case "$pair,capacity=3"
run 0 '"benchmark":"memory-latency".*"valid":true' memory --size 1048576 --duration-ms 60 --case "what=latency,cpu=$first,node=$node"
run 0 '"benchmark":"memory-bandwidth".*"valid":true' memory --size 1048577 --duration-ms 60 --case "what=bandwidth,cpu=$last,node=$node"
run 4 '"code":"no-memory"' memory --size 1099511627776 --case "what=latency,cpu=$first,node=$node"
run 2 '"code":"usage"' memory --case "what=nothing,cpu=$first,node=$node"
if [ "$first" != "$last" ]; then
    run 0 '"benchmark":"core-to-core".*"valid":true' core-to-core --duration-ms 60 --case "from=$first,to=$last,node=$node"
    run 4 '"code":"node-absent"' core-to-core --case "from=$last,to=$first,node=1000"
fi
run 2 '"code":"usage"' core-to-core --case "from=$first,to=$first,node=$node"
run 4 '"code":"cpu-absent"' core-to-core --case "from=$first,to=8000,node=$node"
run 0 '"type":"exited","code":3' run -- sh -c 'exit 3'
run 0 '"stream":"stderr","data":"aGk="' run --pin "sh=$first@$node" -- sh -c 'printf hi >&2'
run 0 '"signal":"SIGKILL"' run -- sh -c 'kill -9 $$'
run 4 '"code":"not-found"' run -- "$work/no such program"
run 2 '"code":"usage"' unknown

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

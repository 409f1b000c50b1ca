# Words that the scripts of faults use. Comes after `near=N far=N`: a node to work on, and another one.
faults=/tmp/faults
cgroups=/sys/fs/cgroup
nodes=/sys/devices/system/node
mkdir -p $faults

# Each program that is started costs an emulated host much: these words are the shell's own where they can be.
get() { value= && read -r value <"$1" || [ -n "$value" ]; }
# is FILE VALUE: of a choice such as "always [madvise] never", the chosen one
is() { get "$1" && { case $value in *"[$2]"*) return 0 ;; esac; [ "$value" = "$2" ]; }; }
cpus() { cat $nodes/node$1/cpulist; } # in one piece: the kernel gives a list to no reader that takes it byte by byte
# ids LIST: "0-3,8" as "0 1 2 3 8"
ids() {
  IFS=,
  for range in $1; do
    first=${range%-*} last=${range#*-}
    while [ $first -le $last ]; do printf '%s ' $first && first=$((first + 1)); done
  done
  unset IFS
}
# cpu NODE NTH: the CPU of that place in a node, counted from 0
cpu() { (set -- $2 $(ids "$(cpus $1)") && shift $(($1 + 1)) && echo $1); }
# MiB of a node
free_on() { awk '$3 == "MemFree:" { print int($4 / 1024) }' $nodes/node$1/meminfo; }
size_of() { awk '$3 == "MemTotal:" { print int($4 / 1024) }' $nodes/node$1/meminfo; }
near_cpus=$(cpus $near) far_cpus=$(cpus $far)
near_a=$(cpu $near 0) near_b=$(cpu $near 1) far_a=$(cpu $far 0) far_b=$(cpu $far 1)
get /sys/devices/system/cpu/online && all_cpus=$value
pid=
[ -e $faults/pids ] && while read -r one; do pid=$one; done <$faults/pids

# start NAME WORK [COMMAND...]: the worker under that name, through a command such as numactl, until the fault is undone.
start() {
  name=$1 work=$2
  shift 2
  [ -e "$faults/$name" ] || ln $faults/worker "$faults/$name"
  pid=$(WORK=$work "$@" "$faults/$name" $arguments) || exit 1
  echo $pid >>$faults/pids
}
# on NODE PID [PATTERN]: MiB that a process has there; of mappings that match
on() { awk -v key="N$1=" -v like="$3" 'like == "" || $0 ~ like { size = 4; for (i = 3; i <= NF; i++) if ($i ~ /^kernelpagesize_kB=/) size = substr($i, 19); for (i = 3; i <= NF; i++) if (index($i, key) == 1) sum += substr($i, length(key) + 1) * size } END { print int(sum / 1024) }' /proc/$2/numa_maps; }
# keep FILE VALUE: writes a setting, and remembers what was there.
keep() {
  get $1
  case $value in *[*) value=${value#*[} value=${value%]*} ;; esac
  echo "$1 $value" >>$faults/kept
  echo "$2" >$1
}
# group NAME CPUS MEMS: a cgroup with a cpuset, empty words for all.
group() {
  echo +cpuset +memory >$cgroups/cgroup.subtree_control
  mkdir -p $cgroups/$1
  [ -z "$2" ] || echo $2 >$cgroups/$1/cpuset.cpus
  [ -z "$3" ] || echo $3 >$cgroups/$1/cpuset.mems
  echo $cgroups/$1 >>$faults/groups
}
# start_in GROUP NAME WORK: as start, in a cgroup
start_in() {
  entered=$1
  shift
  start "$@" sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' $cgroups/$entered
}
# The network interface, the drive and the display adapter on a PCI bus of a node, and that node.
nic=
for one in /sys/class/net/*/device/../numa_node; do
  [ -e $one ] && get $one && [ $value -ge 0 ] && nic=${one#/sys/class/net/} nic_node=$value && nic=${nic%%/*}
done
[ -e /sys/class/nvme/nvme0 ] && get /sys/class/nvme/nvme0/device/numa_node && drive_node=$value
display() { for one in /sys/bus/pci/devices/*; do is $one/class 0x038000 && echo $one; done; }
# away NODE: a node that is not that one.
away() { for one in $near $far; do [ $one != $1 ] && echo $one && return; done; }
irqs() { ls /sys/class/net/$nic/device/../msi_irqs; }
# traffic COUNT: packets that the network interface sends and gets, each with its interrupts.
traffic() {
  ip link set $nic up
  : >$faults/address
  ip addr replace 10.0.2.16/24 dev $nic
  ping -q -A -c $1 -I $nic 10.0.2.2 >/dev/null
}

undo() {
  if [ -e $faults/pids ]; then
    while read -r one; do
      kill -9 $one 2>/dev/null
      while [ -e /proc/$one ]; do usleep 20000; done
    done <$faults/pids
  fi
  # What was kept first is what was there first.
  if [ -e $faults/kept ]; then while read -r file value; do echo "$value" >$file; done <$faults/kept; fi
  if [ -e $faults/mounts ]; then while read -r one; do umount $one; done <$faults/mounts; fi
  if grep -q " $faults/mnt " /proc/mounts; then umount $faults/mnt; fi
  if [ -e $faults/groups ]; then
    while read -r group; do
      while read -r one; do echo $one >$cgroups/cgroup.procs; done <$group/cgroup.procs
      rmdir $group
    done <$faults/groups
  fi
  if [ -e $faults/address ]; then ip addr flush dev $nic; fi
  rm -f $faults/pids $faults/kept $faults/mounts $faults/groups $faults/address
}

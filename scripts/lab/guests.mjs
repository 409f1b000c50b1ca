// Owns what differs by the processor architecture of an emulated host, and what every host has inside: packages and programs,
// as data.

/** Debian's packages that hosts are made of. Programs of a package are named below, libraries are found by themselves. */
export const userPackages = [
  'bash',
  'busybox-static',
  'coreutils',
  'dash',
  'dmidecode',
  'gawk',
  'grep',
  'hwloc-nox',
  'iproute2',
  'kmod',
  'libc-bin',
  'numactl',
  'openssh-client',
  'openssh-server',
  'openssh-sftp-server',
  'pciutils',
  'perl-base',
  'procps',
  'sed',
  'strace',
  'util-linux',
];

/** Real ones, so that what is seen in a host is what a server shows; busybox plays whatever else a shell asks for. */
export const programs = [
  ...[
    'bash',
    'busybox',
    'dash',
    'gawk',
    'grep',
    'ip',
    'lspci',
    'dmidecode',
    'perl',
    'sed',
    'strace',
    'tc',
    'getconf',
    'ldd',
  ],
  ...['numactl', 'numastat', 'memhog', 'migratepages', 'migspeed'],
  ...['lstopo-no-graphics', 'hwloc-bind', 'hwloc-calc', 'hwloc-info', 'hwloc-ps', 'hwloc-gather-topology'],
  ...['taskset', 'lscpu', 'lsmem', 'chrt', 'setpriv', 'setsid', 'unshare', 'prlimit'],
  ...['ps', 'pgrep', 'pkill', 'free', 'vmstat', 'top', 'uptime', 'sysctl', 'lsmod', 'insmod', 'rmmod'],
  ...['sshd', 'ssh', 'scp', 'ssh-keygen'],
  ...['basename', 'base64', 'cat', 'chmod', 'chown', 'cp', 'cut', 'date', 'dd', 'df', 'dirname', 'du', 'echo', 'env'],
  ...['false', 'head', 'id', 'kill', 'ln', 'ls', 'mkdir', 'mkfifo', 'mktemp', 'mv', 'nohup', 'nproc', 'od', 'printf'],
  ...['readlink', 'realpath', 'rm', 'rmdir', 'seq', 'sha256sum', 'sleep', 'sort', 'stat', 'stdbuf', 'sync', 'tail'],
  ...['tee', 'test', 'timeout', 'touch', 'tr', 'true', 'tty', 'uname', 'uniq', 'wc', 'whoami'],
];

/** Names that Debian makes by maintainer scripts, which are not run here. */
export const programLinks = { awk: 'gawk', lstopo: 'lstopo-no-graphics', 'hwloc-ls': 'lstopo-no-graphics', sh: 'dash' };

/** Folders taken whole: what sshd starts has other names from release to release. */
export const programFolders = ['usr/lib/openssh'];

/** Libraries that are opened by name while running, which no program's header tells. */
export const openedLibraries = ['libnss_files.so.2', 'libgcc_s.so.1'];

/** What a host loads, with what these depend on; those that the kernel has built in are not found, and not missed. */
export const modules = ['virtio_pci', 'virtio_mmio', 'virtio_net', 'sch_netem'];

// Quiet, and without what costs seconds under emulation and shows nothing: no probing of mitigations, timers, crypto; no hardening of
// the kernel against its programs, which is work at each call, page and login; and programs
// always at the same addresses, for the emulator translates what it finds at another one anew: starting a program costs a
// third then.
const kernelWords = [
  ...[
    'quiet',
    'rdinit=/init',
    'panic=-1',
    'nokaslr',
    'norandmaps',
    'mitigations=off',
    'nowatchdog',
    'rcupdate.rcu_cpu_stall_suppress=1',
  ],
  ...['random.trust_cpu=on', 'audit=0', 'apparmor=0', 'cryptomgr.notests', 'net.ifnames=0'],
  ...['init_on_alloc=0', 'hardened_usercopy=off', 'randomize_kstack_offset=off'],
];

const arm64 = {
  /** Of Debian's packages. */
  packages: 'arm64',
  emulator: 'qemu-system-aarch64',
  emulatorPackage: 'qemu-system-arm',
  kernelPackage: 'linux-image-cloud-arm64',
  libraries: 'aarch64-linux-gnu',
  machine: 'virt,gic-version=3',
  cpu: 'neoverse-n1',
  kernelWords: ['console=ttyAMA0', ...kernelWords],
};

export const guests = {
  amd64: {
    packages: 'amd64',
    emulator: 'qemu-system-x86_64',
    emulatorPackage: 'qemu-system-x86',
    kernelPackage: 'linux-image-cloud-amd64',
    libraries: 'x86_64-linux-gnu',
    machine: 'q35',
    // An Intel model, for AMD's lose their hyper-threads under emulation. Where strings are said to be fast the kernel clears memory byte by
    // byte, which the emulator takes one by one: bringing in memory takes half as long without.
    cpu: 'max,-erms,-fsrm,vendor=GenuineIntel,family=6,model=106,stepping=6,model-id=NUMA Pinboard lab CPU',
    kernelWords: ['console=ttyS0', 'tsc=reliable', 'no_timer_check', 'nosmap', 'nosmep', ...kernelWords],
  },
  arm64,
  // Newer than Debian 12 itself: from its backports.
  'arm64-16k': { ...arm64, kernelPackage: 'linux-image-arm64-16k' },
};

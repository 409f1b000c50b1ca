/** Pages reserved from boot on: by a unit of systemd for one node, by the kernel's command line, and where programs mount them. */

import { poolFile } from '../../hugepages/pools.ts';
import { formatBytes } from '../../text/format.ts';
import { reservations, sizeName } from './wanted.ts';
import type { HugePagesRecommendation, Wanted } from './wanted.ts';

const TRIES = 10;

export function systemdUnit({ node, sizeBytes, pages }: Wanted): HugePagesRecommendation {
  const file = poolFile(node, sizeBytes);
  const where = node.inferred ? 'this host' : `NUMA node ${node.id}`;
  const compact = node.inferred ? '/proc/sys/vm/compact_memory' : `/sys/devices/system/node/node${node.id}/compact`;
  const name = `hugepages${node.inferred ? '' : `-node${node.id}`}-${sizeName(sizeBytes)}.service`;
  // systemd reads $ itself: $$ is the shell's.
  const reserve = [
    ...[`f=${file}`, `n=${pages}`],
    `for try in $$(seq ${TRIES}); do echo $$n >$$f; got=$$(cat $$f); [ $$got -ge $$n ] && exit 0; echo 1 >${compact}; sleep 1; done`,
    `echo "$$got of $$n huge pages on ${where}" >&2; exit 1`,
  ].join('; ');
  return {
    tool: 'systemd',
    title: `systemd: a unit that reserves them at boot and fails if it gets fewer`,
    text: [
      `# /etc/systemd/system/${name}`,
      '[Unit]',
      `Description=${pages} huge pages of ${formatBytes(sizeBytes)} on ${where}`,
      'DefaultDependencies=no',
      'Before=sysinit.target',
      `ConditionPathExists=${file}`,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=/bin/sh -c '${reserve}'`,
      `ExecStop=/bin/sh -c 'echo 0 >${file}'`,
      '',
      '[Install]',
      'WantedBy=sysinit.target',
    ].join('\n'),
    note: `sysctl vm.nr_hugepages does not do it: it cannot name a node and spreads the pages over all of them. The kernel gives fewer pages than asked for without an error, so the unit reads them back, compacts memory and tries ${TRIES} times. Start it with systemctl enable --now ${name}; a service that needs the pages says Requires=${name} and After=${name}. Stopping it releases the free ones.`,
  };
}

export function kernelLine(wanted: Wanted): HugePagesRecommendation {
  const { node } = wanted;
  const words = [...reservations(wanted)].map(([size, pools]) => {
    const pages = node.inferred
      ? String(pools[0]?.pages ?? 0)
      : pools.map((pool) => `${pool.node}:${pool.pages}`).join(',');
    return `hugepagesz=${sizeName(size)} hugepages=${pages}`;
  });
  return {
    tool: 'kernel',
    title: 'Kernel command line: reserved before anything can fragment memory',
    text: words.join(' '),
    note: 'All pools of this host as they would be then, by node. The surest way for 1 GB pages. Nodes on the command line need Linux 5.17; an older one reads the number of the first node as the number of pages. On Debian: add it to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and restart; a node that has less gives fewer, and dmesg says so.',
  };
}

export function fstabLine({ sizeBytes, needed }: Wanted): HugePagesRecommendation {
  const page = sizeName(sizeBytes);
  return {
    tool: 'fstab',
    title: '/etc/fstab: a mount for programs that open files of huge pages',
    text: `hugetlbfs /dev/hugepages-${page} hugetlbfs pagesize=${page},size=${sizeName(needed * sizeBytes)},mode=0770,nofail,x-mount.mkdir 0 0`,
    note: 'A mount names no node: the pages come from the node that the policy of the program names (numactl --membind). size= keeps its users from taking more; add uid= or gid= of who may use it. Programs that map anonymous memory with MAP_HUGETLB need no mount.',
  };
}

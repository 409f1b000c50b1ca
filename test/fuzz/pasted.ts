/** Texts that people paste from a terminal, before they are mutated. */

/** What numactl, lscpu and lstopo print. */
export const PASTED = [
  'available: 2 nodes (0-1)\nnode 0 cpus: 0 1\nnode 0 size: 7898 MB\nnode 0 free: 1 MB\nnode 1 cpus: 2 3\nnode 1 size: 9 MB\nnode distances:\nnode   0   1 \n  0:  10  21 \n  1:  21  10 \n',
  '# CPU,Core,Socket,Node,,L1d,L1i,L2,L3\n0,0,0,0,,0,0,0,0\n1,1,0,0,,1,1,1,0\n',
  'CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE\n  0    0      0    0 0:0:0:0          yes\n  1    -      -    - -                no\n',
  'Architecture: x86_64\nCPU(s): 4\nOn-line CPU(s) list: 0-2\nOff-line CPU(s) list: 3\nThread(s) per core: 1\nCore(s) per socket: 3\nSocket(s): 1\nL1d cache: 96 KiB (3 instances)\nNUMA node(s): 2\nNUMA node0 CPU(s): 0,1\nNUMA node1 CPU(s): 2\n',
  'Architecture: s390x\nCPU(s): 4\nOn-line CPU(s) mask: 0xf\nSocket(s) per book: 1\nBook(s) per drawer: 2\nDrawer(s): 2\nHypervisor vendor: IBM\nNUMA node0 CPU(s): 0xf\n',
  '{"lscpu": [{"field": "Architecture:", "data": "x86_64", "children": [{"field": "CPU(s):", "data": "2"}, {"field": "On-line CPU(s) list:", "data": "0,1"}]}, {"field": "NUMA node0 CPU(s):", "data": "0,1"}]}',
  'Machine (24GB total)\n  Package L#0\n    NUMANode L#0 (P#0 16GB)\n    L3 L#0 (16MB)\n      L2 L#0 (256KB) + L1d L#0 (32KB) + Core L#0\n        PU L#0 (P#0)\n        PU L#1 (P#2)\n  Package L#1 + Die L#1\n    MemCache L#0 (16MB)\n      NUMANode(NVM) L#1 (P#1 8192MB)\n    Core L#1 + PU L#2 (P#1)\n  HostBridge\n    PCI 00:1f.2 (SATA)\n      Block(Disk) "sda"\n',
  'Machine (24GB total)\n  NUMANode L#0 (P#0 16GB) + Socket L#0\n    L2 L#0 (256KB) + L1 L#0 (32KB) + Core L#0\n      PU L#0 (P#0)\n      PU L#1 (P#4) (offline)\n  NUMANode L#1 (P#1 8192MB) + Socket L#1 + Core L#1 + PU L#2 (P#1)\n',
  'Machine (P#0 total=16KB Backend=Linux HostName="a b")\n  Package L#0 (P#0 total=16KB CPUModel="X (R) + Y")\n    NUMANode L#0 (P#0 local=8KB total=8KB)\n    NUMANode L#1 (P#1 local=8KB total=8KB) (disallowed)\n    L2Cache L#0 (P#0 size=512KB linesize=64 ways=16)\n      Core L#0 (P#0)\n        PU L#0 (P#0)\ndepth 0: 1 Machine (type #0)\nRelative latency matrix (name NUMALatency kind 5) between 2 NUMANodes (depth -3) by logical indexes:\n  index     0     1\n      0    10    20\n      1    20    10\n',
];

/** As core-to-core-latency prints it on a terminal. */
export const TABLE =
  'Num cores: 4\nShowing latency=round-trip-time/2 in nanoseconds:\n\n       0       1       2       3   \n  0\n  1    9±0 \n  2   28±1    27±0 \n  3   27±0    28±1     9±0 \n\nMin  latency: 9.0ns\n';

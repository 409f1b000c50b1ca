import assert from 'node:assert/strict';
import test from 'node:test';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { emulated, machine, oneNode, twoSockets } from '../topologies.ts';

test('a machine reads from the package down to the PU, with what lies outside after it', () => {
  const topology = machine({ packages: 2, coresPerNode: 1, threads: 2, cpulessNodes: 1, offline: [3], allowed: '0-1' });
  assert.equal(
    topologyTree(topology),
    `Machine synthetic (x86_64): 2 sockets, 2 cores, 4 CPUs, 3 nodes
  Paper CPU @ 2.00GHz, Linux 6.8.0-synthetic
  Package P#0
    NUMANode P#0 (16 GB)
      L3 (32 MB) + L2 (1 MB) + L1d (32 KB) + L1i (32 KB) + Core P#0: PU P#0, PU P#2 (disallowed)
  Package P#1
    NUMANode P#1 (16 GB)
      L3 (32 MB) + L2 (1 MB) + L1d (32 KB) + L1i (32 KB) + Core P#0: PU P#1
  NUMANode P#2 (64 GB), no CPUs
  Offline: PU P#3
Distances (firmware, 10 is local)
   node    0    1    2
      0   10   21   24
      1   21   10   24
      2   24   24   10
`.replaceAll('L3 (32 MB) + ', 'L3 (32 MB)\n        '),
  );
});

test('reserved huge pages, ratings, warnings and emulation are said', () => {
  const [first, ...others] = oneNode().nodes;
  assert.ok(first);
  const node = {
    ...first,
    hugepages: [{ sizeBytes: 2_097_152, total: 1024, free: 6 }],
    memorySideCaches: [{ level: 1, sizeBytes: 1024 ** 3 }],
    rated: {
      readLatencyNs: 90,
      writeLatencyNs: null,
      readBandwidthMBs: null,
      writeBandwidthMBs: null,
      initiators: [0],
    },
  };
  const text = topologyTree({ ...emulated(oneNode()), nodes: [node, ...others], warnings: ['Node 7 is odd.'] });
  assert.match(text, /^Machine synthetic \(x86_64, EMULATED\)/);
  assert.match(text, /NUMANode P#0 \(16 GB, 1,024 × 2 MB huge \(6 free\), memory-side cache 1 GB, rated 90 ns\)/);
  assert.match(text, /^Warning: Node 7 is odd\.$/m);
  assert.doesNotMatch(text, /Distances/);
});

test('a cache that several cores share stands above them', () => {
  const plain = oneNode();
  const shared = { level: 2, type: 'unified', sizeBytes: 4 * 1024 ** 2, lineBytes: 64, cpus: '0-1' } as const;
  const text = topologyTree({ ...plain, caches: [...plain.caches.filter((cache) => cache.level !== 2), shared] });
  assert.match(text, /\n {6}L3 \(32 MB\)\n {8}L2 \(4 MB\)\n {10}L1d/);
});

test('every CPU and node is in the tree once, from 2 to 1,024 CPUs', () => {
  const machines: Topology[] = [
    oneNode(),
    twoSockets({ offline: [3, 9], allowed: '0-7' }),
    machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 64, threads: 2, cpulessNodes: 2, l3PerNode: 8 }),
    { ...oneNode(), packages: [], cores: [], caches: [], nodes: [] },
  ];
  for (const topology of machines) {
    const text = topologyTree(topology);
    const listed = [...text.matchAll(/PU P#([\d–, ]+)/g)].flatMap(([, ids]) =>
      parseCpuList((ids ?? '').replaceAll('–', '-').replace(/[, ]+$/, '')),
    );
    assert.deepEqual(
      listed.sort((a, b) => a - b),
      topology.cpus.map((cpu) => cpu.id),
    );
    const nodes = [...text.matchAll(/NUMANode P#(\d+)/g)].map(([, id]) => Number(id));
    assert.deepEqual(
      nodes.sort((a, b) => a - b),
      topology.nodes.map((node) => node.id),
    );
  }
});

test('names of a file do not reach the terminal as commands', () => {
  const plain = oneNode();
  const name = '\u001b]0;x\u0007\u202e\nroot#';
  const text = topologyTree({ ...plain, machine: { ...plain.machine, name, cpuModel: name }, warnings: [name] });
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  assert.equal(text.split('\n').length, topologyTree(plain).split('\n').length + 1);
});

test('a node outside the cpuset and isolated CPUs are marked where CPUs outside of it are', () => {
  const plain = twoSockets({ allowedNodes: '1', allowed: '0-14' });
  const topology = { ...plain, cpus: plain.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id === 7 || cpu.id === 15 })) };
  const text = topologyTree(topology);
  assert.match(text, /NUMANode P#0 \(16 GB\) \(disallowed\)$/m);
  assert.match(text, /NUMANode P#1 \(16 GB\)$/m);
  assert.match(text, /PU P#7 \(isolated\), PU P#15 \(disallowed, isolated\)$/m);
});

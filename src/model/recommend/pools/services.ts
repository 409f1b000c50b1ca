/** Pools as what a host starts: a systemd service for each, a pod for each. */

import type { ToPaste } from '../../placement/to-paste.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import type { Topology } from '../../topology/topology.ts';
import { kubeletLines, podCpus } from '../tools/kubernetes.ts';
import { spaced } from '../tools/lines.ts';
import type { Recommendation } from '../tools/placed.ts';
import { sizes } from './programs.ts';
import type { Pool, Pools } from './wanted.ts';
import { pageBytesOf } from '../../cases/pages.ts';

/** A drop-in is for one service: one a pool. */
export function systemd({ pools }: Pools): Recommendation[] {
  return pools.map((pool): Recommendation => {
    const { name, memory } = pool;
    const cpus = spaced(formatCpuList(pool.cpus));
    const named = memory.policy !== 'local' && memory.nodes.length > 0;
    return {
      tool: 'systemd',
      ...(pools.length > 1 ? { part: name } : {}),
      title: `systemd: a drop-in for the service ${pools.length > 1 ? `of the pool "${name}"` : 'of the pool'}`,
      text: [
        `# systemctl edit YOUR-${name}.service`,
        '[Service]',
        `CPUAffinity=${cpus}`,
        `AllowedCPUs=${cpus}`,
        ...(named ? [`NUMAPolicy=${memory.policy}`, `NUMAMask=${spaced(formatCpuList(memory.nodes))}`] : []),
        `Environment=${sizes(pool).join(' ')}`,
      ].join('\n'),
      note: 'CPUAffinity is where its threads begin, AllowedCPUs what none of them can leave (control groups v2, systemd 244). Of Environment keep the variable that your runtime reads. It holds from the next start.',
    };
  });
}

const MI = 1024 ** 2;

/** What of huge pages a pod is to have: whole ones, and none of transparent ones, which need no asking. */
function hugePages({ store }: Pool): { readonly size: string; readonly amount: string } | null {
  const bytes = store && pageBytesOf(store.pages);
  if (!store || bytes === null) return null;
  return {
    size: `${store.pages.toUpperCase()}i`,
    amount: `${String((Math.ceil(store.sizeBytes / bytes) * bytes) / MI)}Mi`,
  };
}

function podLines(topology: Topology, pool: Pool): string[] {
  const { name, cpus } = pool;
  const huge = hugePages(pool);
  const amounts = [
    `cpu: "${String(podCpus(topology, cpus.length))}"`,
    'memory: 1Gi',
    ...(huge ? [`hugepages-${huge.size}: ${huge.amount}`] : []),
  ].join(', ');
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    `  name: your-${name}`,
    'spec:',
    '  containers:',
    '  - name: your-container',
    '    image: YOUR_IMAGE',
    '    env:',
    ...sizes(pool).map((one) => {
      const [variable = '', ...value] = one.split('=');
      return `    - { name: ${variable}, value: "${value.join('=')}" }`;
    }),
    '    resources:',
    `      requests: { ${amounts} }`,
    `      limits: { ${amounts} }`,
    ...(huge
      ? [
          '    volumeMounts:',
          '    - { name: hugepages, mountPath: /hugepages }',
          '  volumes:',
          `  - { name: hugepages, emptyDir: { medium: HugePages-${huge.size} } }`,
        ]
      : []),
  ];
}

export function pods(topology: Topology, { pools }: Pools): Recommendation {
  const threads = pools.map(({ name, cpus }) => ({ name, cpus: formatCpuList(cpus) }));
  const placed: ToPaste = { threads, memory: null, command: null };
  const together = pools.every(({ memory }) => memory.nodes.length < 2);
  const huge = pools.some((pool) => hugePages(pool) !== null);
  const words = [
    `A pod names how many CPUs it takes, never which: single-numa-node puts all of a pod on one node, and ${pools.length > 1 ? 'nothing says that the pools come onto two, so look (numa-pinboard watch --pod)' : 'best-effort lets it span several'}.`,
    'Change 1Gi of memory to what the pool needs.',
    ...(huge
      ? [
          'The huge pages are those of the store that was measured; they have to be reserved before the kubelet starts, and come from the node of the CPUs only with memoryManagerPolicy: Static (numa-pinboard hugepages plan --recommend).',
        ]
      : []),
  ];
  return {
    tool: 'kubernetes',
    title: 'Kubernetes: static CPU manager and a Guaranteed pod for each pool',
    text: [
      ...kubeletLines(topology, placed, together),
      ...pools.flatMap((pool) => ['---', ...podLines(topology, pool)]),
    ].join('\n'),
    note: words.join(' '),
  };
}

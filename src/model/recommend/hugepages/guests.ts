/** Huge pages for what runs in a pod or in a virtual machine. */

import { parseCpuList } from '../../text/cpulist.ts';
import { formatBytes } from '../../text/format.ts';
import { sizeName } from './wanted.ts';
import type { HugePagesRecommendation, Wanted } from './wanted.ts';

/** Memory for the system, MiB: together what reservedMemory has to add up to, or the kubelet does not start. */
const KUBE = 512;
const SYSTEM = 412;
/** The kubelet's own default for memory.available. */
const EVICTION = 100;

export function kubernetes({ state, node, sizeBytes, needed }: Wanted): HugePagesRecommendation {
  const resource = `hugepages-${sizeName(sizeBytes)}i`;
  const amount = `${sizeName(needed * sizeBytes)}i`;
  // What the system keeps comes from another node where there is one.
  const others = state.nodes.filter(({ id, memoryBytes }) => id !== node.id && memoryBytes !== 0);
  const system = (others.find(({ cpus }) => cpus !== '') ?? node).id;
  return {
    tool: 'kubernetes',
    title: 'Kubernetes: kubelet memory manager, and a pod with huge pages',
    text: [
      '# kubelet configuration of this node',
      'apiVersion: kubelet.config.k8s.io/v1beta1',
      'kind: KubeletConfiguration',
      'cpuManagerPolicy: static',
      'topologyManagerPolicy: single-numa-node',
      'memoryManagerPolicy: Static',
      `kubeReserved: { cpu: 500m, memory: ${KUBE}Mi }`,
      `systemReserved: { cpu: 500m, memory: ${SYSTEM}Mi }`,
      // One that is written sets those that are not to nothing.
      `evictionHard: { memory.available: ${EVICTION}Mi, nodefs.available: "10%", nodefs.inodesFree: "5%", imagefs.available: "15%", imagefs.inodesFree: "5%" }`,
      'reservedMemory:',
      `- numaNode: ${system}`,
      '  limits:',
      `    memory: ${KUBE + SYSTEM + EVICTION}Mi`,
      '---',
      '# pod: Guaranteed, so that CPUs, memory and huge pages come from one node',
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: your-pod',
      'spec:',
      '  containers:',
      '  - name: your-container',
      '    image: YOUR_IMAGE',
      '    resources:',
      `      requests: { cpu: "2", memory: 1Gi, ${resource}: ${amount} }`,
      `      limits: { cpu: "2", memory: 1Gi, ${resource}: ${amount} }`,
      '    volumeMounts:',
      '    - name: hugepages',
      '      mountPath: /hugepages',
      '  volumes:',
      '  - name: hugepages',
      '    emptyDir:',
      `      medium: HugePages-${sizeName(sizeBytes)}i`,
    ].join('\n'),
    note: `The pages have to be reserved on the host before the kubelet starts; it counts them then. A pod cannot name node ${node.id}: the topology manager takes one that has CPUs, memory and pages together. reservedMemory has to add up to kubeReserved, systemReserved and the eviction threshold. A changed policy needs a drained node and /var/lib/kubelet/memory_manager_state removed.`,
  };
}

/** Virtual CPUs of the example; a number to be changed. */
const VCPUS = 4;

export function libvirt({ node, sizeBytes, needed }: Wanted): HugePagesRecommendation {
  const kib = (needed * sizeBytes) / 1024;
  const cpus = node.cpus === '' || node.inferred ? '' : ` cpuset='${node.cpus}'`;
  const count = node.cpus === '' ? VCPUS : Math.min(VCPUS, parseCpuList(node.cpus).length);
  const bound = node.inferred
    ? []
    : [
        '<numatune>',
        `  <memory mode='strict' nodeset='${node.id}'/>`,
        `  <memnode cellid='0' mode='strict' nodeset='${node.id}'/>`,
        '</numatune>',
      ];
  return {
    tool: 'libvirt',
    title: 'libvirt: a virtual machine whose memory is huge pages of this node',
    text: [
      '<!-- virsh edit YOUR_DOMAIN: these replace elements of the same names inside <domain> -->',
      `<memory unit='KiB'>${kib}</memory>`,
      `<vcpu placement='static'${cpus}>${count}</vcpu>`,
      '<memoryBacking>',
      '  <hugepages>',
      `    <page size='${sizeBytes / 1024}' unit='KiB' nodeset='0'/>`,
      '  </hugepages>',
      '</memoryBacking>',
      ...bound,
      '<cpu>',
      '  <numa>',
      `    <cell id='0' cpus='0-${count - 1}' memory='${kib}' unit='KiB'/>`,
      '  </numa>',
      '</cpu>',
    ].join('\n'),
    note: `nodeset of <page> counts the nodes of the guest, that of <numatune> those of this host. The guest does not start where fewer than ${needed} pages of ${formatBytes(sizeBytes)} are free. Change the number of vCPUs in both places to what you need.`,
  };
}

/** Programs that cannot be changed. */
export function malloc({ node, sizeBytes, needed }: Wanted): HugePagesRecommendation {
  const bind = node.inferred ? '' : `numactl --membind=${node.id} `;
  return {
    tool: 'malloc',
    title: 'Programs that cannot be changed: malloc in huge pages (glibc 2.35)',
    text: [
      `GLIBC_TUNABLES=glibc.malloc.hugetlb=${sizeBytes} ${bind}./your-program`,
      '# or transparent huge pages, which need no reservation but are not certain:',
      `# GLIBC_TUNABLES=glibc.malloc.hugetlb=1 ${bind}./your-program`,
    ].join('\n'),
    note: `The first takes pages of ${formatBytes(sizeBytes)} from the pool (${needed} are planned here; hugetlb=2 would take the default size of the host) and falls back to small ones when none is left, so check HugetlbPages in /proc/PID/status. The second has malloc call madvise(MADV_HUGEPAGE), which counts where /sys/kernel/mm/transparent_hugepage/enabled says madvise or always: see AnonHugePages in /proc/PID/smaps_rollup. It works for programs that use malloc of glibc: not for Go, nor with jemalloc or tcmalloc, which have settings of their own. The JVM: -XX:+UseLargePages -XX:LargePageSizeInBytes=${sizeName(sizeBytes).toLowerCase()}; PostgreSQL: huge_pages = on and huge_page_size = ${sizeBytes / 1024}kB.`,
  };
}

/** cloud-init: huge pages that the plan's blocks need, reserved on their nodes at boot. */

import { poolFile } from '../../hugepages/pools.ts';
import { formatBytes, plural } from '../../text/format.ts';
import type { Placement } from '../place.ts';
import type { PlanExporter } from './exported.ts';

/** Pages by size and node. */
function pagesOf({
  blocks,
}: Placement): { readonly sizeBytes: number; readonly node: number; readonly pages: number }[] {
  const pools = new Map<string, { sizeBytes: number; node: number; pages: number }>();
  for (const { block, memory } of blocks) {
    if (!block.hugepages || !block.memoryBytes) continue;
    const share = block.hugepages.memoryBytes / block.memoryBytes;
    for (const [node, bytes] of memory) {
      const { sizeBytes } = block.hugepages;
      const key = `${String(sizeBytes)} ${String(node)}`;
      const pool = pools.get(key) ?? { sizeBytes, node, pages: 0 };
      pool.pages += Math.ceil((bytes * share) / sizeBytes);
      pools.set(key, pool);
    }
  }
  return [...pools.values()].toSorted((a, b) => a.sizeBytes - b.sizeBytes || a.node - b.node);
}

export const cloudInit: PlanExporter = {
  name: 'cloud-init',
  title: 'cloud-init',
  write: (_, placement) => {
    const pools = pagesOf(placement);
    if (pools.length === 0) return [];
    const lines = pools.map(({ node, sizeBytes, pages }) => {
      const file = poolFile({ id: node, inferred: false }, sizeBytes);
      return `- [sh, -c, ${JSON.stringify(`echo ${String(pages)} > ${file}`)}]`;
    });
    const words = pools.map(
      ({ node, sizeBytes, pages }) => `${plural(pages, 'page')} of ${formatBytes(sizeBytes)} on node ${String(node)}`,
    );
    return [
      {
        path: 'user-data.yaml',
        text: ['#cloud-config', `# ${words.join('; ')}`, 'bootcmd:', ...lines, ''].join('\n'),
        note: 'bootcmd runs at every boot, early, while memory is still whole; look at what was given: `numa-pinboard hugepages`. Pages of 1 GB are surer on the kernel’s command line (`hugepages plan --recommend`).',
      },
    ];
  },
};

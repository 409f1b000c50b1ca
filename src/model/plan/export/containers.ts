/** Containers as Docker and Podman start them. */

import { formatCpuList } from '../../text/cpulist.ts';
import { MIB, toolNames } from './exported.ts';
import type { PlanExporter } from './exported.ts';

export const containers: PlanExporter = {
  name: 'containers',
  title: 'Docker and Podman',
  write: (_, { blocks }) => {
    const own = blocks.filter(({ block, cpus }) => block.kind === 'container' && cpus.length > 0);
    if (own.length === 0) return [];
    const names = toolNames(own);
    const lines = own.map((placed) => {
      const { block, cpus, memory } = placed;
      const mems = formatCpuList(memory.keys());
      return [
        ...['docker run --detach', `--name ${names.get(placed) ?? 'block'}`, `--cpuset-cpus=${formatCpuList(cpus)}`],
        ...(mems === '' ? [] : [`--cpuset-mems=${mems}`]),
        ...(block.memoryBytes === null ? [] : [`--memory=${String(Math.floor(block.memoryBytes / MIB))}m`]),
        'YOUR_IMAGE',
      ].join(' ');
    });
    return [
      {
        path: 'run.sh',
        text: ['#!/bin/sh', '# `podman run` takes the same options.', 'set -e', ...lines, ''].join('\n'),
        note: 'Fences, not pins: threads move freely inside them, and other processes of the host may use these CPUs, too. With --cpuset-mems a container runs out of memory when its nodes are full.',
      },
    ];
  },
};

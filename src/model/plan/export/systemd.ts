/** Programs and pools as slices of systemd, the host's own work on what stays for it, and pages reserved at boot. */

import { formatCpuList } from '../../text/cpulist.ts';
import type { Placed, Placement } from '../place.ts';
import { hostCpus, MIB, toolNames } from './exported.ts';
import type { ExportedFile, PlanExporter } from './exported.ts';

/** A slice is a folder for each hyphen in its name: without them it stays at the top. */
const sliceName = (name: string): string => `${name.replaceAll('-', '_')}.slice`;

function sliceText({ block, cpus, memory }: Placed): string {
  const nodes = formatCpuList(memory.keys());
  return [
    '[Unit]',
    `Description=Placement of ${block.name.replaceAll('%', '%%')}`,
    '',
    '[Slice]',
    `AllowedCPUs=${formatCpuList(cpus)}`,
    ...(nodes === '' ? [] : [`AllowedMemoryNodes=${nodes}`]),
    ...(block.memoryBytes === null ? [] : [`MemoryMax=${String(Math.floor(block.memoryBytes / MIB))}M`]),
    '',
  ].join('\n');
}

function dropInText(slice: string, { block, memory }: Placed): string {
  const policy = { strict: 'bind', preferred: 'preferred', interleave: 'interleave' }[block.memoryPolicy];
  const nodes = formatCpuList(memory.keys());
  return [
    '[Service]',
    `Slice=${slice}`,
    ...(nodes === '' ? [] : [`NUMAPolicy=${policy}`, `NUMAMask=${nodes}`]),
    '',
  ].join('\n');
}

function hostSlices(placement: Placement): ExportedFile[] {
  const cpus = formatCpuList(hostCpus(placement));
  if (cpus === '') return [];
  return ['system', 'user', 'init'].map((name) => {
    const unit = name === 'init' ? 'init.scope' : `${name}.slice`;
    return {
      path: `${unit}.d/placement.conf`,
      text: [`[${name === 'init' ? 'Scope' : 'Slice'}]`, `AllowedCPUs=${cpus}`, ''].join('\n'),
      note: `Keeps the host's own work to CPUs ${cpus}. Virtual machines and containers lie in machine.slice and in the slices of their runtime, which this does not touch.`,
    };
  });
}

export const systemd: PlanExporter = {
  name: 'systemd',
  title: 'systemd slices and drop-ins',
  write: (_, placement) => {
    const own = placement.blocks.filter(
      ({ block, cpus }) => (block.kind === 'process' || block.kind === 'pool') && cpus.length > 0,
    );
    const names = toolNames(own);
    const units = own.flatMap((placed): ExportedFile[] => {
      const slice = sliceName(names.get(placed) ?? 'block');
      return [
        {
          path: slice,
          text: sliceText(placed),
          note: 'A fence: threads move freely inside it. AllowedMemoryNodes= moves pages that lie elsewhere when it is set, and needs cgroup v2.',
        },
        {
          path: `${names.get(placed) ?? 'block'}.service.d/placement.conf`,
          text: dropInText(slice, placed),
          note: `Name the folder as your service is called. It takes effect at the service's next start.`,
        },
      ];
    });
    return [...units, ...hostSlices(placement)];
  },
};

/** A plan as what makes it so: files for the tools that place things. A row a tool. */

import type { Placement } from '../place.ts';
import type { Plan } from '../plan.ts';
import { cloudInit } from './cloud-init.ts';
import { containers } from './containers.ts';
import type { ExportedFile, PlanExporter } from './exported.ts';
import { kubernetes } from './kubernetes.ts';
import { libvirt } from './libvirt.ts';
import { slurm } from './slurm.ts';
import { systemd } from './systemd.ts';

export const PLAN_EXPORTERS: readonly PlanExporter[] = [libvirt, kubernetes, systemd, containers, slurm, cloudInit];

/** Files of which the same is to be said, in the order of the first ones. */
function alike(files: readonly ExportedFile[]): [note: string, paths: string[]][] {
  const paths = new Map<string, string[]>();
  for (const { path, note } of files) paths.set(note, [...(paths.get(note) ?? []), path]);
  return [...paths];
}

/** Files of the tools named, each in the tool's folder, and a page that says what each is and what it does not promise. */
export function exportPlan(plan: Plan, placement: Placement, only: readonly string[]): ExportedFile[] {
  const parts = PLAN_EXPORTERS.filter(({ name }) => only.includes(name)).flatMap((exporter) => {
    const files = exporter.write(plan, placement);
    return files.length === 0 ? [] : [{ exporter, files }];
  });
  if (parts.length === 0) return [];
  const page = parts.flatMap(({ exporter: { name, title }, files }) => [
    `## ${title}`,
    '',
    ...alike(files).map(
      ([note, paths]) => `- ${paths.map((path) => `[${name}/${path}](${name}/${path})`).join(', ')}: ${note}`,
    ),
    '',
  ]);
  const readme = {
    path: 'README.md',
    text: [
      '# Placement',
      '',
      'Made from a plan by `numa-pinboard plan export`. Change the plan, not these files.',
      '',
      ...page,
    ].join('\n'),
    note: '',
  };
  return [
    ...parts.flatMap(({ exporter: { name }, files }) =>
      files.map((file) => ({ ...file, path: `${name}/${file.path}` })),
    ),
    readme,
  ];
}

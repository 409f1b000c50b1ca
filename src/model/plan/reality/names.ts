/** What tools say of names (remote/scripts/names.ts), bounded and made into data. */

import { clean } from '../../text/clean.ts';
import type { ToolNames } from './reality.ts';

const MOST = 20_000;
const MAX_NAME = 256;

export const NO_TOOLS: ToolNames = { containers: new Map(), domains: null, silent: [] };

export function parseNames(lines: readonly string[]): ToolNames {
  const containers = new Map<string, { tool: 'docker' | 'podman'; name: string }>();
  const domains = new Map<string, boolean>();
  const [asked, silent] = [new Set<string>(), new Set<string>()];
  for (const line of lines.slice(0, MOST)) {
    const [, what, rest = ''] = /^=(container|domain|active|asked|silent) (.{1,1000})$/.exec(line) ?? [];
    if (what === 'container') {
      const [, tool, id, name = ''] = /^(docker|podman) ([0-9a-f]{64}) ([\w.,-]{1,256})$/.exec(rest) ?? [];
      // A container has several names where others link to it.
      if (id !== undefined)
        containers.set(id, { tool: tool === 'podman' ? tool : 'docker', name: name.split(',')[0] ?? name });
    } else if (what === 'domain' || what === 'active') domains.set(clean(rest, MAX_NAME), what === 'active');
    else if (what === 'asked') asked.add(rest);
    else if (what === 'silent' && /^(docker|podman|virsh)$/.test(rest)) silent.add(rest);
  }
  return { containers, domains: asked.has('virsh') ? domains : null, silent: [...silent] };
}

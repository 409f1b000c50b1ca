/** What tools say of names (remote/scripts/names.ts), bounded and made into data. */

import { clean } from '../../text/clean.ts';
import type { ToolNames } from './reality.ts';

const MOST = 20_000;
const MAX_NAME = 256;
const TOOLS = ['docker', 'podman', 'virsh'];

const DENIED = 'may not be asked by this login';
/** Without it a daemon that hangs would hold the look up. */
const UNTIMED =
  'is not asked: this host has no `timeout` (coreutils or BusyBox), without which an answer could be waited for without end';

/** Whatever is there did not answer: @param seconds that it was given. */
export const lateTools = (seconds: number): ToolNames => ({
  containers: new Map(),
  domains: null,
  silent: new Map(TOOLS.map((tool) => [tool, `did not answer within ${seconds} s`])),
});

export function parseNames(lines: readonly string[]): ToolNames {
  const containers = new Map<string, { tool: 'docker' | 'podman'; name: string }>();
  const domains = new Map<string, boolean>();
  const asked = new Set<string>();
  const silent = new Map<string, string>();
  for (const line of lines.slice(0, MOST)) {
    const [, what, rest = ''] = /^=(container|domain|active|asked|silent) (.{1,1000})$/.exec(line) ?? [];
    if (what === 'container') {
      const [, tool, id, name = ''] = /^(docker|podman) ([0-9a-f]{64}) ([\w.,-]{1,256})$/.exec(rest) ?? [];
      // A container has several names where others link to it.
      if (id !== undefined)
        containers.set(id, { tool: tool === 'podman' ? tool : 'docker', name: name.split(',')[0] ?? name });
    } else if (what === 'domain' || what === 'active') domains.set(clean(rest, MAX_NAME), what === 'active');
    else if (what === 'asked') asked.add(rest);
    else if (what === 'silent') {
      const [tool = '', why] = rest.split(' ');
      if (TOOLS.includes(tool)) silent.set(tool, why === 'untimed' ? UNTIMED : DENIED);
    }
  }
  return { containers, domains: asked.has('virsh') ? domains : null, silent };
}

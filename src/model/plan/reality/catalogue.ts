/** Who there is, from one look at all processes: what a plan may call them, before anybody is looked at closely. */

import type { Table, TableRow } from '../../doctor/facts/table.ts';
import type { Running, ToolNames } from './reality.ts';

export type Listed = Omit<Running, 'processes' | 'whole'> & { readonly rows: readonly TableRow[] };

/** Programs that run virtual machines, by the 15 characters of a name that the kernel keeps. */
const EMULATOR = /^(qemu-|kvm$|cloud-hyperviso|firecracker)/;
const CONTAINER = /(?:^|[-.:])([0-9a-f]{64})(?:\.scope)?$/;
const POD = /pod([0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12})/;
const UNIT = /\.(?:service|scope|slice)$/;
/** Kubernetes keeps one in each pod, which does nothing. */
const PAUSE = 'pause';

const partsOf = ({ group }: TableRow): string[] => (group ?? '').split('/').filter(Boolean);

export const isMachine = (row: TableRow): boolean =>
  EMULATOR.test(row.name) || partsOf(row).some((part) => part.startsWith('machine-qemu'));

function add<K>(to: Map<K, TableRow[]>, key: K, row: TableRow): void {
  const before = to.get(key);
  if (before) before.push(row);
  else to.set(key, [row]);
}

/** @returns containers, pods, units and programs; virtual machines are known by name only once they were looked at closely. */
export function catalogue({ rows, pods }: Table, names: ToolNames): { machines: TableRow[]; others: Listed[] } {
  const machines = rows.filter(isMachine);
  const fresh = (): Map<string, TableRow[]> => new Map();
  const [containers, inPods, units, programs] = [fresh(), fresh(), fresh(), fresh()];
  for (const row of rows) {
    const parts = partsOf(row);
    const pod = parts.flatMap((part) => POD.exec(part)?.[1] ?? [])[0]?.replaceAll('_', '-');
    const container = parts.flatMap((part) => CONTAINER.exec(part)?.[1] ?? []).at(-1);
    if (pod !== undefined && row.name !== PAUSE) add(inPods, pod, row);
    else if (container !== undefined && pod === undefined) add(containers, container, row);
    for (const [at, part] of parts.entries())
      if (UNIT.test(part)) add(units, `/${parts.slice(0, at + 1).join('/')}`, row);
    if (!machines.includes(row)) add(programs, row.name, row);
  }
  const listed = (
    kind: Listed['kind'],
    label: string,
    called: readonly string[],
    own: readonly TableRow[],
    by: Listed['by'],
  ): Listed => ({ kind, label, names: called, rows: own, pids: own.map(({ pid }) => pid), by });
  const named = new Map(
    pods.map((folder) => {
      const [namespace = '', ...rest] = folder.split('_');
      const uid = rest.pop() ?? '';
      return [uid, { namespace, name: rest.join('_') }];
    }),
  );
  return {
    machines,
    others: [
      ...[...inPods].map(([uid, own]) => {
        const known = named.get(uid);
        const full = known ? `${known.namespace}/${known.name}` : uid;
        return listed('container', `pod ${full}`, [...(known ? [known.name, full] : []), uid], own, {
          tool: 'kubernetes',
          name: full,
        });
      }),
      ...[...containers].map(([id, own]) => {
        const known = names.containers.get(id);
        const short = id.slice(0, 12);
        const called = known ? [known.name, id, short] : [id, short];
        const by = known ? { tool: known.tool, name: known.name } : null;
        return listed('container', `container ${known?.name ?? short}`, called, own, by);
      }),
      ...[...units].map(([path, own]) => {
        const unit = path.slice(path.lastIndexOf('/') + 1);
        const called = [unit, unit.replace(UNIT, ''), path];
        return listed('unit', unit, called, own, { tool: 'systemd', name: unit });
      }),
      ...[...programs].map(([name, own]) => listed('program', name, [name], own, null)),
    ],
  };
}

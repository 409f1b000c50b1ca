/**
 * Whose threads and memory are looked at: one process with its children, or all of a name, control group, unit, container or pod.
 * Its written form, `unit:nginx.service`, is the same in a field, on the command line and for the agent.
 */

export const SELECTION_KINDS = ['pid', 'name', 'cgroup', 'unit', 'container', 'pod'] as const;
export type SelectionKind = (typeof SELECTION_KINDS)[number];

export interface Selection {
  readonly kind: SelectionKind;
  /** A process ID, a name, a path below the cgroup root, a unit, the ID of a container or its beginning, a pod's name or UID. */
  readonly value: string;
}

interface KindWords {
  /** What the value is called. */
  readonly value: string;
  readonly about: string;
  readonly example: string;
}

export const SELECTIONS: Readonly<Record<SelectionKind, KindWords>> = {
  pid: { value: 'pid', about: 'this process and its children', example: '4711' },
  name: { value: 'name', about: 'all processes of this name and their children', example: 'postgres' },
  cgroup: { value: 'path', about: 'this control group and those below it', example: '/system.slice/nginx.service' },
  unit: { value: 'unit', about: 'this systemd unit', example: 'nginx.service' },
  container: { value: 'id', about: 'this container, by its ID or the beginning of it', example: '3f4e1c0a9b2d' },
  pod: { value: 'pod', about: 'this Kubernetes pod, by name or UID', example: 'web-0 or shop/web-0' },
};

export const SELECTION_FORMS =
  '4711, name:postgres, cgroup:/system.slice, unit:nginx.service, container:ID or pod:NAME';

const MAX_VALUE = 1024;
const MAX_PID = 4_194_304;
const UNIT = /\.(?:service|scope|slice)$/;
const WRITTEN = new RegExp(`^(${SELECTION_KINDS.join('|')}):(.*)$`, 's');

export const ofProcess = (pid: number): Selection => ({ kind: 'pid', value: String(pid) });

/** The process ID of a selection by it, else null. */
export const pidOf = ({ kind, value }: Selection): number | null => (kind === 'pid' ? Number(value) : null);

export const selectionText = ({ kind, value }: Selection): string => `${kind}:${value}`;

/** What is meant by a value of a kind; null: it cannot be one. */
export function selectionOf(kind: SelectionKind, typed: string): Selection | null {
  const value = typed.trim();
  // The kernel, systemd and Kubernetes allow no such character in what these name.
  if (value === '' || value.length > MAX_VALUE || /[\u0000-\u001f\u007f]/.test(value)) return null;
  switch (kind) {
    case 'pid':
      return /^[1-9]\d{0,6}$/.test(value) && Number(value) <= MAX_PID ? { kind, value } : null;
    case 'name':
      return value.includes('/') ? null : { kind, value };
    case 'cgroup':
      return { kind, value: `/${value.replace(/^\/sys\/fs\/cgroup(?=\/|$)/, '').replaceAll(/^\/+|\/+$/g, '')}` };
    case 'unit':
      return value.includes('/') ? null : { kind, value: /\.[a-z]+$/.test(value) ? value : `${value}.service` };
    case 'container':
      return /^[\w.-]+$/.test(value) ? { kind, value } : null;
    case 'pod':
      return /^[\w.-]+(?:\/[\w.-]+)?$/.test(value) ? { kind, value } : null;
  }
}

/** One field for all: a bare number is a process, a path a control group, `x.service` a unit, anything else a name. */
export function parseSelection(typed: string): Selection | null {
  const text = typed.trim();
  const [, kind, value = ''] = WRITTEN.exec(text) ?? [];
  const known = SELECTION_KINDS.find((one) => one === kind);
  if (known) return selectionOf(known, value);
  if (/^\d+$/.test(text)) return selectionOf('pid', text);
  if (text.startsWith('/')) return selectionOf('cgroup', text);
  return selectionOf(UNIT.test(text) ? 'unit' : 'name', text);
}

/** "process 4711", "unit nginx.service": within a sentence. */
export function selectionWords({ kind, value }: Selection): string {
  switch (kind) {
    case 'pid':
      return `process ${value}`;
    case 'name':
      return `processes named ${value}`;
    case 'cgroup':
      return `control group ${value}`;
    case 'container':
      return `container ${value.length > 12 && /^[0-9a-f]+$/.test(value) ? value.slice(0, 12) : value}`;
    default:
      return `${kind} ${value}`;
  }
}

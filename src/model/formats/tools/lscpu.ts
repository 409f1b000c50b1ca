/** What `lscpu` prints a line a CPU: `-p` with any columns, `-e`, and either with `-J`. */

import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { MAX_ROWS, topologyOfRows } from './rows.ts';
import type { CpuRow } from './rows.ts';

const PARSABLE = /^# ?CPU(?:,[A-Za-z0-9:]*)*\s*$/im;
const EXTENDED = /^\s*CPU(?:[ \t]+[A-Za-z][\w:%]*)+[ \t]*$/m;

export const looksLikeLscpu = (text: string): boolean =>
  (text.startsWith('#') && PARSABLE.test(text)) ||
  EXTENDED.test(text.slice(0, text.indexOf('\n') + 1 || undefined)) ||
  /^\s*\{\s*"cpus"\s*:\s*\[\s*\{\s*"cpu"\s*:/.test(text);

type Cells = ReadonlyMap<string, string>;

function rowOf(cells: Cells): CpuRow | null {
  const number = (name: string): number | null => {
    const cell = cells.get(name) ?? '';
    return /^\d{1,5}$/.test(cell) ? Number(cell) : null;
  };
  const id = number('cpu');
  if (id === null) return null;
  const caches = [...cells].flatMap(([name, cell]): [string, number][] =>
    /^l[1-9][di]?$/.test(name) && /^\d{1,6}$/.test(cell) ? [[`L${name.slice(1)}`, Number(cell)]] : [],
  );
  return {
    id,
    online: !/^(?:no|n|false)$/i.test(cells.get('online') ?? 'yes'),
    core: number('core'),
    socket: number('socket'),
    node: number('node'),
    caches: new Map(caches),
  };
}

/** "L1d:L1i:L2:L3" with "0:0:0:0" is four columns. */
function cellsOf(names: readonly string[], values: readonly string[]): Cells {
  return new Map(
    names.flatMap((name, i): [string, string][] => {
      const [heads, parts] = [name.toLowerCase().split(':'), (values[i] ?? '').split(':')];
      return heads.map((head, at) => [head, parts[at] ?? '']);
    }),
  );
}

function ofText(text: string): Cells[] {
  const lines = text.split(/\r?\n/);
  const parsable = text.startsWith('#');
  const head = lines.findIndex((line) => (parsable ? PARSABLE : EXTENDED).test(line));
  const split = (line: string): string[] => (parsable ? line.split(',') : line.trim().split(/\s+/));
  const names = split((lines[head] ?? '').replace(/^# ?/, '')).map((name) => name.trim());
  // The empty column stands before the caches, in the head as in the lines.
  return lines
    .slice(head + 1, head + 2 + MAX_ROWS)
    .filter((line) => /^\s*\d/.test(line))
    .map((line) => cellsOf(names, split(line)));
}

function ofJson(text: string): Cells[] {
  const parsed: unknown = JSON.parse(text);
  const list = typeof parsed === 'object' && parsed !== null && 'cpus' in parsed ? parsed.cpus : null;
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_ROWS + 1).flatMap((one: unknown): Cells[] => {
    if (typeof one !== 'object' || one === null) return [];
    const entries = Object.entries(one).map(([name, value]): [string, string] => [name, String(value ?? '')]);
    return [
      cellsOf(
        entries.map(([name]) => name),
        entries.map(([, value]) => value),
      ),
    ];
  });
}

/** @throws PinboardError `bad-file`. */
export function readLscpu(text: string, name: string): Topology {
  let cells: Cells[];
  try {
    cells = /^\s*\{/.test(text) ? ofJson(text) : ofText(text);
  } catch (error) {
    throw new PinboardError('bad-file', 'This JSON of lscpu breaks off.', 'Write it again with `lscpu -J -e`.', {
      cause: error,
    });
  }
  return topologyOfRows(
    cells.flatMap((one) => rowOf(one) ?? []),
    name,
    'lscpu',
  );
}

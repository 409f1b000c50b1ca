// Logical indexes held against the real lstopo: on every machine of the fixtures, and on machines of paper.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import { logicalOf } from '../../src/model/topology/logical.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { readDump } from '../../src/remote/recorded/dump.ts';
import { readRecording } from '../support/recording.ts';
import { honestMachine } from './arbitrary.ts';
import { paperFiles } from './paper.ts';

const MACHINES = new URL('../fixtures/machines/', import.meta.url);
const RUNS = Number(process.env['PINBOARD_MACHINES'] ?? 30);

/** "PU P#12 L#3", and what is numbered twice by the host by the PUs it holds: "Core of P#12 L#3". */
type Indexes = readonly string[];

/** What lstopo prints, as people read it: each line of its tree ends in its indexes. */
function printed(text: string): Indexes {
  const found: string[] = [];
  const open: { type: string; at: string; deep: number; pus: number[] }[] = [];
  const close = (): void => {
    const part = open.pop();
    if (part) found.push(`${part.type} of ${String(Math.min(...part.pus))} L#${part.at}`);
  };
  for (const line of text.split('\n')) {
    const deep = /^ */.exec(line)?.[0].length ?? 0;
    if (line.trim() === '') continue;
    while ((open.at(-1)?.deep ?? -1) >= deep) close();
    for (const [, type = '', at = '', id = ''] of line.matchAll(
      /\b(Package|Core|PU|NUMANode) L#(\d+)(?: \(P#(\d+))?/g,
    )) {
      if (type === 'PU' || type === 'NUMANode') found.push(`${type} ${id} L#${at}`);
      else open.push({ type, at, deep, pus: [] });
      if (type === 'PU') for (const part of open) part.pus.push(Number(id));
    }
  }
  while (open.length > 0) close();
  return found.sort();
}

/**
 * hwloc counts by depth: where threads of one core have caches of their own and those of another have not, its cores lie
 * at two depths and it gives `L#0` twice. Here a kind is counted through; such a kind is not compared.
 */
function withoutTwice(theirs: Indexes, ours: Indexes): [Indexes, Indexes] {
  const kindOf = (line: string): string => line.split(' ')[0] ?? '';
  const at = theirs.map((line) => `${kindOf(line)} ${line.split('#')[1] ?? ''}`);
  const twice = new Set(at.filter((one, i) => at.indexOf(one) !== i).map(kindOf));
  const rest = (lines: Indexes): Indexes => lines.filter((line) => !twice.has(kindOf(line)));
  return [rest(theirs), rest(ours)];
}

function lstopoSays(args: readonly string[], env: NodeJS.ProcessEnv = {}): Indexes | null {
  const run = spawnSync(
    'lstopo-no-graphics',
    [...args, '--of', 'console', '--disallowed', '--no-io', '--no-collapse', '--filter', 'all:all'],
    { env: { ...process.env, HWLOC_HIDE_ERRORS: '2', ...env }, encoding: 'utf8', timeout: 60_000 },
  );
  return run.status === 0 && run.stdout.includes('PU L#') ? printed(run.stdout) : null;
}

function weSay(topology: Topology): Indexes {
  const { cpus, nodes, cores, packages } = logicalOf(topology);
  const lowest = (list: string): string => String(Math.min(...parseCpuList(list).filter((cpu) => cpus.has(cpu))));
  return [
    ...[...cpus].map(([id, at]) => `PU ${String(id)} L#${String(at)}`),
    ...[...nodes].map(([id, at]) => `NUMANode ${String(id)} L#${String(at)}`),
    ...[...cores].map(([core, at]) => `Core of ${lowest(core.cpus)} L#${String(at)}`),
    ...[...packages].map(([item, at]) => `Package of ${lowest(item.cpus)} L#${String(at)}`),
  ].sort();
}

for (const name of readdirSync(MACHINES).filter((file) => file.endsWith('.tar.gz'))) {
  test(`${name}: logical indexes are lstopo's`, async (t) => {
    const { files, lstopo } = await readRecording(new URL(name, MACHINES));
    assert.ok(lstopo);
    const folder = mkdtempSync(join(tmpdir(), 'pinboard-logical-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'machine.xml');
    writeFileSync(path, lstopo);
    const theirs = lstopoSays(['-i', path]);
    assert.ok(theirs && theirs.length > 3);
    assert.deepEqual(weSay(readTopology(files, { name })), theirs);
  });
}

test('logical indexes of machines of every kind are lstopo’s', () => {
  let compared = 0;
  fc.assert(
    fc.property(honestMachine, (machine) => {
      const dir = mkdtempSync(join(tmpdir(), 'pinboard-logical-'));
      try {
        for (const [path, content] of paperFiles(machine)) {
          mkdirSync(dirname(join(dir, path)), { recursive: true });
          writeFileSync(join(dir, path), `${content}\n`);
        }
        const theirs = lstopoSays([], { HWLOC_FSROOT: dir, HWLOC_THISSYSTEM: '0', HWLOC_COMPONENTS: 'linux,stop' });
        if (theirs === null) return;
        compared++;
        const [their, our] = withoutTwice(theirs, weSay(readTopology(readDump(dir))));
        assert.ok(their.some((line) => line.startsWith('PU ')));
        assert.deepEqual(our, their);
      } finally {
        rmSync(dir, { recursive: true });
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(compared > RUNS / 2, `lstopo answered for ${String(compared)} of ${String(RUNS)} machines`);
});

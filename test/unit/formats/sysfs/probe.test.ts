import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { clean } from '../../../../src/model/text/clean.ts';
import { DUMP_GLOBS, PROBE_GLOBS, isKnownFile } from '../../../../src/model/formats/sysfs/globs.ts';
import { PROBE_WARNINGS, parseProbe } from '../../../../src/model/formats/sysfs/probe.ts';
import { probeText, syntheticProbe } from '../../machines.ts';

const CORE_ID = 'sys/devices/system/cpu/cpu0/topology/core_id';

test('what grep printed is read back file by file', () => {
  const files = syntheticProbe({ packages: 2, coresPerNode: 4, threads: 2, rated: true, cpulessNodes: 1 });
  const read = parseProbe(probeText(files));
  assert.deepEqual([...read.keys()].sort(), [...files.keys()].sort());
  for (const [path, content] of files) assert.equal(read.get(path), content.replaceAll('\t', ' '), path);
});

test('a value may hold colons, a path outside the allow-list may not come in', () => {
  const read = parseProbe(
    ['/proc/cpuinfo:model name\t: A: B', `/${CORE_ID}:7`, '/etc/shadow:root', '/sys/../etc/passwd:x', 'junk'].join(
      '\n',
    ),
  );
  assert.equal(read.get('proc/cpuinfo'), 'model name : A: B');
  assert.equal(read.get(CORE_ID), '7');
  assert.equal(read.size, 3);
  assert.match(read.get(PROBE_WARNINGS) ?? '', /ignored: 3/);
});

test("grep's word about a binary file is no warning", () => {
  const text = 'Binary file /sys/firmware/devicetree/base/model matches\ngrep: /sys/x: binary file matches\n';
  assert.equal(parseProbe(text).size, 0);
});

test('control and bidirectional characters do not survive', () => {
  const read = parseProbe('/proc/sys/kernel/hostname:ev\u202eil\u0007\u001b[31m\u200bhost');
  assert.equal(read.get('proc/sys/kernel/hostname'), 'evil[31mhost');
});

test('clean keeps what people write, cuts to length and leaves no half of a pair', () => {
  assert.equal(clean('  Grüße, 机器 🚀\t1 ', 100), 'Grüße, 机器 🚀 1');
  assert.equal(clean('🚀🚀', 3), '🚀');
  assert.equal(clean('\ud800x', 9), 'x');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 20 }), (text, max) => {
      const safe = clean(text, max);
      assert.ok(safe.length <= max && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(safe));
      assert.equal(clean(safe, max), safe);
      // Throws on half a surrogate pair.
      encodeURIComponent(safe);
    }),
  );
});

test('bounds hold: a file, a line and the whole may not grow without end', () => {
  const long = parseProbe(`/${CORE_ID}:${'9'.repeat(1_000_000)}`).get(CORE_ID) ?? '';
  assert.ok(long.length <= 8192);
  const many = parseProbe(`/proc/cpuinfo:${'x'.repeat(5000)}\n`.repeat(1000));
  assert.ok((many.get('proc/cpuinfo') ?? '').length <= 2 * 1024 * 1024);
  assert.match(many.get(PROBE_WARNINGS) ?? '', /left out: \d+/);
});

test('no text makes it throw', () => {
  const good = probeText(syntheticProbe({ packages: 1, coresPerNode: 1 }));
  const path = fc.constantFrom(...good.split('\n').map((line) => line.split(':')[0] ?? ''));
  const line = fc.tuple(path, fc.string({ unit: 'binary' })).map(([at, value]) => `${at}:${value}`);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), (lines) => {
      for (const [key, value] of parseProbe(lines.join('\n'))) {
        assert.ok(key === PROBE_WARNINGS || isKnownFile(key));
        assert.equal(typeof value, 'string');
      }
    }),
  );
});

test('the globs are what every sh expands: no braces, no spaces, no quotes, no way up', () => {
  for (const glob of DUMP_GLOBS) assert.match(glob, /^(sys|proc)\/[\w./*[\]-]+$/);
  assert.ok(DUMP_GLOBS.every((glob) => !glob.includes('..')));
  assert.equal(new Set(DUMP_GLOBS).size, DUMP_GLOBS.length);
  // Masks cost as much as lists and say the same.
  assert.ok(
    PROBE_GLOBS.every((glob) => !/_map$|cpumap$|_siblings$|_cpus$/.test(glob) || glob.endsWith('effective_cpus')),
  );
});

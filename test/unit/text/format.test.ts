import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  formatBound,
  formatBytes,
  formatChange,
  formatCount,
  formatCpus,
  formatDuration,
  formatFigure,
  formatMetric,
  formatNs,
  formatPercent,
  plural,
} from '../../../src/model/text/format.ts';
import { spscWords } from '../../../src/model/bench/spsc/repeat.ts';
import { exportFolderName } from '../../../src/model/run/folder-name.ts';
import { quoteWord, repeatCommand } from '../../../src/model/text/command-line.ts';
import { DEFAULT_WORKLOAD } from '../../../src/model/bench/spsc/workload.ts';
import { execFileSync } from 'node:child_process';
import { spscCase } from '../topologies.ts';
import { needsLinux } from '../../support/linux.ts';

test('figures carry about three digits and their unit', () => {
  assert.deepEqual([21.52, 112.4, 8.1, 0.1234, 0, 1234.5, -3.21, 0.00123].map(formatFigure), [
    ...['21.5', '112', '8.1', '0.12', '0', '1235', '−3.21', '0.0012'],
  ]);
  assert.equal(formatMetric(21.5e6, 'items/s'), '21.5 M items/s');
  assert.equal(formatMetric(31e9, 'B/s'), '31 GB/s');
  assert.equal(formatMetric(112, 'ns'), '112 ns');
  assert.equal(formatMetric(1200, 'ns'), '1200 ns');
  assert.equal(formatMetric(12, 'items/s'), '12 items/s');
});

test('a single time moves to the unit that it reads best in', () => {
  assert.deepEqual([843, 7551, 12_345, 174_063_615, 2e10].map(formatNs), [
    '843 ns',
    '7551 ns',
    '12.3 µs',
    '174 ms',
    '20 s',
  ]);
});

test('memory is binary under lstopo’s names', () => {
  assert.equal(formatBytes(54.4 * 1024 ** 3), '54.4 GB');
  assert.equal(formatBytes(45 * 1024 ** 2), '45 MB');
  assert.equal(formatBytes(256 * 1024), '256 KB');
  assert.equal(formatBytes(512), '512 B');
});

test('changes are signed with a true minus', () => {
  assert.deepEqual([-0.58, 0.04, -0.587, 0.0001, 1.5].map(formatChange), ['−58 %', '+4 %', '−59 %', '0 %', '+150 %']);
  assert.deepEqual([0.42, 0.415, 0.0412, 1.21].map(formatPercent), ['42 %', '42 %', '4.1 %', '121 %']);
});

test('bounds of an interval keep a digit more', () => {
  assert.deepEqual([-0.587, -0.57, 0.0004, 0.213].map(formatBound), ['−58.7 %', '−57 %', '0 %', '+21.3 %']);
});

test('durations roll over into minutes', () => {
  assert.deepEqual([250, 15_200, 59_960, 60_000, 119_999, 90_000].map(formatDuration), [
    ...['250 ms', '15.2 s', '1 min', '1 min', '2 min', '1 min 30 s'],
  ]);
});

test('CPU sets read as on a package’s header', () => {
  assert.equal(formatCpus('0-17,36-53'), 'P#0–17, 36–53');
  assert.equal(formatCpus(''), 'no CPUs');
  assert.equal(formatCpus('0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30'), '16 CPUs');
  assert.equal(plural(1, 'node'), '1 node');
  assert.equal(plural(2000, 'page'), '2,000 pages');
  assert.equal(formatCount(-1234), '−1,234');
});

test('no figure prints a hyphen for a minus or more than it can carry', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), (value) => {
      const text = formatFigure(value);
      assert.match(text, /^−?[\d.]+(e−?-?\d+)?$/);
      if (Math.abs(value) >= 1) assert.ok(Math.abs(Number(text.replace('−', '-')) - value) <= Math.abs(value) * 0.006);
    }),
  );
});

test('a repeated command reads back in a shell as the words it was made of', { skip: needsLinux }, () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'binary' }).filter((word) => !/[\0\ud800-\udfff]/.test(word)),
        { maxLength: 4 },
      ),
      (words) => {
        const script = `printf '%s\\0' ${words.map(quoteWord).join(' ')}`;
        const out = execFileSync('/bin/sh', ['-c', words.length === 0 ? ':' : script], { encoding: 'utf8' });
        assert.deepEqual(out.split('\0').slice(0, -1), words);
      },
    ),
    { numRuns: 30 },
  );
});

test('the command names every choice of a case, and the host', () => {
  const words = spscWords([spscCase(0, 18, { pin: false, pages: '2m' })], true, DEFAULT_WORKLOAD);
  assert.equal(
    repeatCommand(words, 'my host'),
    'numa-pinboard bench spsc --producer 0 --consumer 18 --memory 0 --padding 128 --capacity 4096 --batch 1 --pages 2m ' +
      "--duration 1000ms --repeat 7 --no-pin --latency --host 'my host'",
  );
});

test('the command names what the second case differs in', () => {
  const words = spscWords([spscCase(0, 18), spscCase(0, 1, { pin: false })], false, DEFAULT_WORKLOAD);
  assert.match(repeatCommand(words, null), / --against consumer=1,pin=0$/);
  assert.ok(!spscWords([spscCase(0, 18)], false, DEFAULT_WORKLOAD).includes('--against'));
});

test('an export’s folder is a plain name, whatever the host is called', () => {
  assert.match(exportFolderName('2026-01-02T03:04:05Z', 'xeon-2s'), /^2026-01-0[123]-\d{4}-xeon-2s$/);
  assert.match(exportFolderName('2026-01-02T03:04:05Z', '../../etc'), /^[\d-]+-etc$/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (host) => {
      assert.match(
        exportFolderName('2026-01-02T03:04:05Z', host),
        /^\d{4}-\d\d-\d\d-\d{4}-[A-Za-z0-9_][A-Za-z0-9._-]{0,59}$/,
      );
    }),
  );
});

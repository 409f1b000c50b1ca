// Choosing a process: what typing finds, and what a row says of memory and work.
import assert from 'node:assert/strict';
import test from 'node:test';
import { busyWords, matching, memoryWords } from '../../../src/model/live/processes.ts';
import type { ProcessRow } from '../../../src/model/live/processes.ts';

const row = (pid: number, name: string, of: Partial<ProcessRow> = {}): ProcessRow => ({
  ...{ pid, name, command: `/usr/bin/${name} --serve`, own: true, busy: 0.5, threads: 4 },
  ...{ residentBytes: 2 ** 31, onNodes: { 0: 2 ** 30, 1: 2 ** 30 }, ...of },
});
const LIST = {
  count: 9,
  processes: [row(1234, 'java', { command: 'java -jar Search.jar' }), row(12, 'nginx'), row(777, 'sh1234')],
};
const found = (typed: string): number[] => matching(LIST, typed).map(({ pid }) => pid);

test('every word counts, in name, number or command, and a whole number comes first', () => {
  assert.deepEqual(found(''), [1234, 12, 777]);
  assert.deepEqual(found('search'), [1234]);
  assert.deepEqual(found(' serve  NGINX '), [12]);
  assert.deepEqual(found('12'), [12, 1234, 777]);
  assert.deepEqual(found('.*'), []);
});

test('memory is told by node as far as it was read, and never as none', () => {
  assert.equal(memoryWords(row(1, 'a')), '2 GB: 50 % on node 0, 50 % on node 1');
  assert.equal(memoryWords(row(1, 'a', { onNodes: { 3: 5 } })), '2 GB on node 3');
  assert.equal(memoryWords(row(1, 'a', { onNodes: null })), '2 GB, nodes not read');
  assert.equal(memoryWords(row(1, 'a', { onNodes: { unavailable: 'why' } })), '2 GB, nodes unavailable');
  assert.equal(busyWords(row(1, 'a', { busy: 1.5, threads: 1 })), '150 % CPU, 1 thread');
});

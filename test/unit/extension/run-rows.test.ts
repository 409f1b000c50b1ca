// What the view of runs and recordings shows: by host and day, the newest first, the question as label.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runRows } from '../../../src/extension/views/run-rows.ts';
import type { Row } from '../../../src/extension/views/rows.ts';
import type { RunHead } from '../../../src/protocol/run.ts';

const NOW = new Date(2026, 10, 29, 13, 0);
const at = (day: number, hour: number): string => new Date(2026, 10, day, hour, 5).toISOString();
const box = { name: 'box', transport: 'ssh' } as const;
const head = (id: string, time: string, more: Partial<RunHead> = {}): RunHead => ({
  id,
  time,
  host: box,
  verdict: { question: 'Does the queue hold its rate?', sentence: 'It loses 40 %.', tone: 'loss' },
  partial: null,
  ...more,
});
const NOTHING = { runs: [], recordings: [], unread: [], more: 0 };
const lines = (rows: readonly Row[], indent = ''): string[] =>
  rows.flatMap(({ label, description, children = [] }) => [
    `${indent}${[label, description].filter((words) => words !== '').join(': ')}`,
    ...lines(children, `${indent}  `),
  ]);

describe('rows of the view of runs and recordings', () => {
  it('stand by host and day, the newest first', () => {
    const here = { name: 'desk', transport: 'local' } as const;
    const runs = [
      head('old', at(2, 9)),
      head('named', at(28, 23), { name: 'SMT off' }),
      head('cut', at(29, 8), { partial: 'The connection was lost.' }),
      head('mine', at(29, 12), { host: here, verdict: null }),
      head('new', at(29, 11)),
    ];
    assert.deepEqual(lines(runRows({ ...NOTHING, runs }, NOW)), [
      'desk: 1 run',
      '  Today',
      '    A run without an answer: 12:05',
      'box: 4 runs, SSH',
      '  Today',
      '    Does the queue hold its rate?: 11:05 \u00b7 It loses 40 %.',
      '    Does the queue hold its rate?: 08:05 \u00b7 cut short \u00b7 It loses 40 %.',
      '  Yesterday',
      '    SMT off: 23:05 \u00b7 It loses 40 %.',
      '  2026-11-02',
      '    Does the queue hold its rate?: 09:05 \u00b7 It loses 40 %.',
    ]);
  });

  it('are recordings, too, under the host they are of', () => {
    const recordings = [{ path: '/home/me/night.numarec', host: box, time: at(29, 10) }];
    const rows = runRows({ ...NOTHING, runs: [head('new', at(29, 11))], recordings }, NOW);
    assert.deepEqual(lines(rows), [
      'box: 1 run, 1 recording, SSH',
      '  Today',
      '    Does the queue hold its rate?: 11:05 \u00b7 It loses 40 %.',
      '    night.numarec: 10:05 \u00b7 recording',
    ]);
    const [, made] = rows[0]?.children?.[0]?.children ?? [];
    assert.deepEqual(made?.of, { kind: 'recording', path: '/home/me/night.numarec' });
  });

  it('name what cannot be read and how many are not listed', () => {
    const unread = [{ file: 'ssh-box-1/a.numa.json', why: 'This is not a run.' }];
    assert.deepEqual(lines(runRows({ ...NOTHING, unread, more: 3 }, NOW)), [
      'Cannot be read: 1 file',
      '  a.numa.json: This is not a run.',
      '3 older runs not listed',
    ]);
    assert.deepEqual(runRows(NOTHING, NOW), [], 'then the view says what can be done');
  });

  it('have ids of their own that stay, whatever is measured later', () => {
    const all = (rows: readonly Row[]): string[] => rows.flatMap(({ id, children = [] }) => [id, ...all(children)]);
    const before = all(runRows({ ...NOTHING, runs: [head('a', at(29, 8)), head('b', at(28, 8))] }, NOW));
    assert.equal(new Set(before).size, before.length);
    const runs = [head('a', at(29, 8), { name: 'named' }), head('b', at(28, 8)), head('c', at(29, 9))];
    const after = all(runRows({ ...NOTHING, runs }, new Date(2026, 10, 30)));
    assert.deepEqual(
      before.filter((id) => !after.includes(id)),
      [],
    );
  });
});

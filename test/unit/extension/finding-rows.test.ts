// What the view of findings shows of a look of the doctor.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Checkup } from '../../../src/model/doctor/checkup.ts';
import type { Diagnosis } from '../../../src/model/doctor/examine.ts';
import type { DoctorFinding, Severity } from '../../../src/model/doctor/base/finding.ts';
import { findingRows, findingsOf, findingsWords } from '../../../src/extension/views/finding-rows.ts';

const finding = (severity: Severity, sentence: string, more: Partial<DoctorFinding> = {}): DoctorFinding => ({
  id: 'zone-reclaim',
  kind: severity === 'low' ? 'note' : 'fault',
  topic: 'memory',
  heading: 'Memory',
  severity,
  confidence: 0.9,
  sentence,
  evidence: ['vm.zone_reclaim_mode is 1'],
  cause: 'Caches are given up early.',
  advice: null,
  remedy: [],
  undo: [],
  where: { nodes: [], cpus: [], pids: [] },
  gain: null,
  ...more,
});
const diagnosis: Diagnosis = {
  host: 'box',
  verdict: 'findings',
  sentence: 'Two faults were found.',
  seconds: 1.2,
  findings: [
    finding('high', 'Pages are far.', { remedy: ['migratepages 1 0 1'], undo: ['migratepages 1 1 0'] }),
    finding('medium', 'A setting is odd.', { remedy: ['sysctl vm.zone_reclaim_mode=0'] }),
  ],
  notes: [finding('low', 'SMT is off.')],
  notChecked: [{ id: 'x', title: 'interrupts', why: 'no right' }],
};
const looked: Checkup = { startedAt: '2026-11-29T13:00:00.000Z', of: null, step: null, diagnosis };

describe('rows of the view of findings', () => {
  it('stand by severity, and offer a command where there is one', () => {
    const rows = findingRows(looked);
    assert.deepEqual(
      rows.map(({ label, description, below, children = [] }) => [
        label,
        description,
        below,
        children.map((one) => one.label),
      ]),
      [
        ['Serious', '1', 'open', ['Pages are far.']],
        ['Faults', '1', 'open', ['A setting is odd.']],
        ['Worth knowing', '1', 'closed', ['SMT is off.']],
        ['Not checked', '1', 'closed', ['Interrupts: no right']],
      ],
    );
    const all = rows.flatMap(({ children = [] }) => children);
    assert.deepEqual(
      all.map(({ context }) => context),
      ['finding.remedy.undo', 'finding.remedy', 'finding', 'notChecked'],
    );
    assert.match(all[0]?.tooltip ?? '', /Seen: vm.zone_reclaim_mode is 1\nCause: Caches.*\nType:\nmigratepages 1 0 1$/);
  });

  it('are numbered as the board numbers them', () => {
    const numbered = findingRows(looked)
      .flatMap(({ children = [] }) => children)
      .flatMap(({ of, label }) => (of?.kind === 'finding' ? [[findingsOf(looked)[of.at]?.sentence, label]] : []));
    assert.equal(numbered.length, 3);
    for (const [sentence, label] of numbered) assert.equal(sentence, label);
  });

  it('say what is being looked at, what came of it, and nothing where nobody looked', () => {
    assert.equal(findingsWords(null), null);
    assert.deepEqual(findingRows(null), []);
    const looking = { ...looked, step: 'reading /proc', diagnosis: null };
    assert.equal(findingsWords(looking), 'Looking: reading /proc …');
    assert.deepEqual(findingRows(looking), []);
    assert.equal(findingsWords(looked), 'box: Two faults were found.');
  });
});

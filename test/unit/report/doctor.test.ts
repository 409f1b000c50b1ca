// What the doctor found, from its JSON into Markdown: whole, and with nothing of a hostile host in it that is markup.
import assert from 'node:assert/strict';
import test from 'node:test';
import { doctorJson } from '../../../src/model/doctor/text.ts';
import { doctorMarkdown } from '../../../src/model/report/doctor.ts';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { parseDiagnosis } from '../../../src/protocol/diagnosis.ts';
import { runOf } from '../topologies.ts';
import { examined } from '../doctor/hosts.ts';

const TIME = '2026-11-29T10:00:00.000Z';
const sick = examined({
  'proc/sys/vm/zone_reclaim_mode': '1',
  'proc/cmdline': 'hugepages=8 quiet',
  'sys/kernel/mm/transparent_hugepage/defrag': null,
});
const again = (diagnosis = sick): NonNullable<ReturnType<typeof parseDiagnosis>> => {
  const read = parseDiagnosis(JSON.stringify(doctorJson(diagnosis, TIME)));
  assert.ok(read);
  return read;
};

test('what doctor --format json wrote is read back as it was', () => {
  assert.deepEqual(again(), { time: TIME, diagnosis: sick });
});

test('a page has the verdict, each finding with evidence, commands and undo, the notes, and what was not checked', () => {
  const page = doctorMarkdown(again());
  assert.match(page, /^# Is NUMA the problem of this host\?\n\n\*\*1 finding\\?\.\*\*/);
  assert.match(page, /looked at 2026-11-29T10:00:00\.000Z/);
  assert.match(page, /- Seen: vm\.zone\\_reclaim\\_mode = 1/);
  assert.match(page, /Type:\n\n```sh\nsudo sysctl -w vm\.zone_reclaim_mode=0\n/);
  assert.match(page, /Undo:\n\n```sh\nsudo sysctl -w vm\.zone_reclaim_mode=1\n/);
  assert.match(page, /## Worth knowing\n\n- hugepages=8: /);
  assert.match(page, /## Not checked\n\n- .*transparent/i);
});

test("a run's page has it as a part", () => {
  const page = reportMarkdown(runOf({ figures: [[1], [2]] }), [], again());
  assert.match(page, /## What the doctor found on this host\n\n\*\*1 finding/);
  assert.match(page, /### A full node drops its file cache/);
  assert.doesNotMatch(reportMarkdown(runOf({ figures: [[1], [2]] }), []), /doctor/);
});

test('what a host calls itself is no markup, and a file that is broken, newer or another is told apart', () => {
  const hostile = doctorMarkdown({ time: TIME, diagnosis: { ...sick, host: '<img src=x>\n# [a](b)' } });
  assert.doesNotMatch(hostile, /<img|\n# \[/);
  assert.equal(parseDiagnosis('{"schema":"numa-pinboard/snapshot/1"}'), null);
  assert.equal(parseDiagnosis('no JSON'), null);
  assert.throws(() => parseDiagnosis('{"schema":"numa-pinboard/doctor/2"}'), /newer/);
  assert.throws(() => parseDiagnosis('{"schema":"numa-pinboard/doctor/1"}'), /cannot be read: time/);
  const json = doctorJson(sick, 'yesterday');
  assert.throws(() => parseDiagnosis(JSON.stringify(json)), /"time"/);
});

// `doctor` on this machine and on recorded ones: formats, the contract of its JSON, exit codes.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { filesOf } from '../unit/doctor/hosts.ts';
import { cli } from './cli.ts';

interface Json {
  schema: string;
  verdict: string;
  seconds: number;
  findings: {
    id: string;
    severity: string;
    confidence: number;
    evidence: string[];
    remedy: string[];
    undo: string[];
  }[];
}

test('doctor says of this machine what it found, in words and as JSON, and exits by that', async () => {
  const { code, stdout, stderr } = await cli(['doctor', '--format', 'json']);
  const json = JSON.parse(stdout) as Json;
  assert.equal(json.schema, 'numa-pinboard/doctor/1');
  assert.equal(code, json.verdict === 'findings' ? 1 : json.verdict === 'no-problem' ? 0 : 4, stderr);
  assert.equal(
    json.verdict === 'findings',
    json.findings.some(({ severity }) => severity !== 'low'),
  );
  const text = await cli(['doctor']);
  assert.ok(text.stdout.length > 0);
});

test('a recorded host with faults exits with 1 and tells what to type and how to undo it; thresholds are options', async () => {
  const sick = dumpOf(filesOf({ 'proc/sys/vm/zone_reclaim_mode': '1', 'proc/cmdline': 'numa=fake=4 quiet' }));
  const { code, stdout } = await cli(['doctor', '--from', sick, '--format', 'json']);
  assert.equal(code, 1);
  const { verdict, findings } = JSON.parse(stdout) as Json;
  assert.equal(verdict, 'findings');
  assert.deepEqual(findings.map(({ id }) => id).sort(), ['kernel-command-line', 'zone-reclaim']);
  const text = await cli(['doctor', '--from', sick]);
  assert.equal(text.code, 1);
  assert.match(text.stdout, /sudo sysctl -w vm\.zone_reclaim_mode=0/);
  assert.match(text.stdout, /Undo {4}sudo sysctl -w vm\.zone_reclaim_mode=1/);

  const well = await cli(['doctor', '--from', dumpOf(filesOf())]);
  assert.equal(well.code, 0, well.stdout);
  // What runs there, a recording does not show.
  assert.match(well.stdout, /^Nothing was found, but not everything was seen/);
  const one = await cli(['doctor', '--from', dumpOf(filesOf({}, { packages: 1 }))]);
  assert.equal(one.code, 0, one.stdout);
  assert.match(one.stdout, /^NUMA is not your problem/);

  const unknown = await cli(['doctor', '--from', sick, '--threshold', 'nonsense=1']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no threshold named "nonsense"/);
});

test('report makes a page of what doctor found, as a folder of its own where no run of that host is given', async () => {
  const folder = temporaryFolder('doctor-report');
  try {
    const sick = dumpOf(filesOf({ 'proc/sys/vm/zone_reclaim_mode': '1' }));
    const file = join(folder, 'doctor.json');
    writeFileSync(file, (await cli(['doctor', '--from', sick, '--format', 'json'])).stdout);
    const { code, stdout, stderr } = await cli(['report', file, '--to', join(folder, 'docs')]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /-doctor\n$/);
    assert.match(readFileSync(join(stdout.trim(), 'report.md'), 'utf8'), /vm\.zone\\_reclaim\\_mode = 1/);
    assert.equal(readFileSync(join(stdout.trim(), 'doctor.json'), 'utf8'), readFileSync(file, 'utf8'));
  } finally {
    removeFolder(folder);
  }
});

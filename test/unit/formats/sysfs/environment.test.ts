import assert from 'node:assert/strict';
import test from 'node:test';
import { readEnvironment } from '../../../../src/model/formats/sysfs/environment.ts';
import { syntheticProbe } from '../../machines.ts';

const CPU = 'sys/devices/system/cpu';

test('what a host tells is a value', () => {
  const files = new Map([
    ...syntheticProbe({ packages: 1, coresPerNode: 2, threads: 2 }),
    [`${CPU}/cpufreq/policy0/scaling_governor`, 'performance'],
    [`${CPU}/cpufreq/policy1/scaling_governor`, 'powersave'],
    [`${CPU}/intel_pstate/no_turbo`, '1'],
    [`${CPU}/isolated`, ''],
    ['sys/kernel/mm/transparent_hugepage/enabled', 'always [madvise] never'],
    ['proc/sys/kernel/perf_event_paranoid', '-1'],
  ]);
  assert.deepEqual(readEnvironment(files), {
    kernel: '6.8.0-synthetic',
    cpuModel: 'Paper CPU @ 2.00GHz',
    governor: 'performance,powersave',
    boost: false,
    smt: true,
    numaBalancing: 0,
    thp: 'madvise',
    hypervisor: 'none',
    loadBefore: 0.1,
    isolatedCpus: '',
    perfEventParanoid: -1,
  });
});

test('what a host does not tell says why, and is never 0', () => {
  for (const [key, value] of Object.entries(readEnvironment(new Map()))) {
    if (key === 'hypervisor') continue;
    assert.ok(typeof value === 'object' && value.unavailable.length > 10, key);
  }
});

test('the agent’s word on the hypervisor counts', () => {
  assert.equal(readEnvironment(new Map(), { hypervisor: 'tcg', emulated: true }).hypervisor, 'tcg');
});

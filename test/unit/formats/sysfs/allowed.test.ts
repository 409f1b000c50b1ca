import assert from 'node:assert/strict';
import test from 'node:test';
import { cpusetFiles, readAllowed } from '../../../../src/model/formats/sysfs/allowed.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { syntheticProbe } from '../../machines.ts';

function limits(files: Record<string, string>): { cpus: number[] | null; nodes: number[] | null } {
  const { cpus, nodes } = readAllowed(new Map(Object.entries(files)));
  return { cpus: cpus && [...cpus], nodes: nodes && [...nodes] };
}

const STATUS = { 'proc/self/status': 'Cpus_allowed_list:\t0-7\nMems_allowed_list:\t0-1' };

test('every online CPU is listed, allowed or not', () => {
  const topology = readTopology(syntheticProbe({ packages: 1, coresPerNode: 4, allowed: '1,3' }));
  assert.deepEqual(
    topology.cpus.map(({ online, allowed }) => [online, allowed]),
    [false, true, false, true].map((allowed) => [true, allowed]),
  );
});

test('affinity counts where there is no cpuset, and nothing where there is neither', () => {
  assert.deepEqual(limits(STATUS), { cpus: [0, 1, 2, 3, 4, 5, 6, 7], nodes: [0, 1] });
  assert.deepEqual(limits({}), { cpus: null, nodes: null });
});

test('cgroup v2: the innermost group that has the controller cuts the affinity', () => {
  assert.deepEqual(
    limits({
      ...STATUS,
      'proc/self/cgroup': '0::/job/step',
      'sys/fs/cgroup/cpuset.cpus.effective': '0-63',
      'sys/fs/cgroup/job/cpuset.cpus.effective': '4-9',
      'sys/fs/cgroup/job/cpuset.mems.effective': '1-2',
    }),
    { cpus: [4, 5, 6, 7], nodes: [1] },
  );
});

test('cgroup v1: what is in effect comes before what was asked for', () => {
  const cgroup = { 'proc/self/cgroup': '5:cpu,cpuset,cpuacct:/docker/1\n0::/' };
  const group = 'sys/fs/cgroup/cpuset/docker/1';
  assert.deepEqual(limits({ ...STATUS, ...cgroup, [`${group}/cpuset.cpus`]: '0-1' }).cpus, [0, 1]);
  assert.deepEqual(
    limits({ ...STATUS, ...cgroup, [`${group}/cpuset.cpus`]: '', [`${group}/cpuset.effective_cpus`]: '2' }).cpus,
    [2],
  );
});

test('a cpuset file system of its own has bare names, and the mount table says where it is', () => {
  const files = {
    'proc/self/cpuset': '/torque/job',
    'proc/mounts': 'none /dev/cpuset cpuset rw 0 0\nnone /old cgroup rw,cpuset,noprefix 0 0',
    'dev/cpuset/torque/job/cpus': '0-3',
    'dev/cpuset/torque/job/mems': '0',
    'old/torque/job/cpus': '2-5',
  };
  assert.deepEqual(limits(files), { cpus: [2, 3], nodes: [0] });
  assert.ok(cpusetFiles(new Map(Object.entries(files))).includes('dev/cpuset/torque/cpus'));
});

test('no path that a host names leads up', () => {
  const files = new Map([
    ['proc/self/cgroup', '0::/../../etc\n3:cpuset:/a/../../b'],
    ['proc/mounts', 'x /../.. cgroup2 rw 0 0\nx /sys/fs/cgroup cgroup2 rw 0 0'],
  ]);
  assert.deepEqual(cpusetFiles(files), []);
});

// What was asked for processes, and what holds: places of OpenMP, masks of Slurm, cpusets, affinities, the kubelet's list.
import assert from 'node:assert/strict';
import test from 'node:test';
import { askedRows } from '../../../src/model/live/asked.ts';
import type { AskedProcess, AskedRow } from '../../../src/model/live/asked.ts';
import { placesOf, slurmCpus } from '../../../src/model/live/places.ts';
import type { Asked } from '../../../src/model/live/group.ts';
import { twoSockets } from '../topologies.ts';

/** CPUs 0-3 and 8-11 are of node 0; 0 and 8 share a core. */
const TOPOLOGY = twoSockets();
const listed = (places: readonly ReadonlySet<number>[] | null): number[][] | null =>
  places?.map((place) => [...place].sort((a, b) => a - b)) ?? null;

test('places are read in all the ways that OpenMP has, and what is not understood is not claimed', () => {
  const of = (value: string): number[][] | null => listed(placesOf(TOPOLOGY, 'OMP_PLACES', value));
  assert.deepEqual(of('{0,1},{4:2}'), [
    [0, 1],
    [4, 5],
  ]);
  assert.deepEqual(of('{0:2}:3:4'), [
    [0, 1],
    [4, 5],
    [8, 9],
  ]);
  assert.deepEqual(of('{0:2}:2'), [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(of('sockets')?.[0], [0, 1, 2, 3, 8, 9, 10, 11]);
  assert.deepEqual(of('cores(2)')?.[0], [0, 8]);
  assert.equal(of('threads')?.length, 16);
  for (const value of ['', 'magic', '{0:2},!{1}', '{x}', '{0:99999}']) assert.equal(of(value), null, value);
  assert.deepEqual(listed(placesOf(TOPOLOGY, 'GOMP_CPU_AFFINITY', '0-1 4-8:2')), [[0], [1], [4], [6], [8]]);
  assert.equal(placesOf(TOPOLOGY, 'GOMP_CPU_AFFINITY', 'all'), null);
});

test('a mask and a map of Slurm are CPUs; other bindings are not understood', () => {
  const of = (value: string): number[] | null => {
    const cpus = slurmCpus({ SLURM_CPU_BIND: value });
    return cpus && [...cpus].sort((a, b) => a - b);
  };
  assert.deepEqual(of('quiet,mask_cpu:0x00000003,0x30'), [0, 1, 4, 5]);
  assert.deepEqual(of('verbose,map_cpu:0,4'), [0, 4]);
  assert.equal(of('cores'), null);
  assert.deepEqual(
    [...(slurmCpus({ SLURM_CPU_BIND: 'quiet', SLURM_CPU_BIND_TYPE: 'mask_cpu:', SLURM_CPU_BIND_LIST: '0x3' }) ?? [])],
    [0, 1],
  );
});

const NOTHING: Asked = { environment: {}, cpuset: null };
function rows(asked: Partial<Asked>, of: Partial<AskedProcess> = {}, state: string | null = null): AskedRow[] {
  const threads = [
    { tid: 1, name: 'a', cpu: 0, migrations: 0, allowed: '0-15' },
    { tid: 2, name: 'b', cpu: 5, migrations: 0, allowed: '0-15' },
  ];
  const process: AskedProcess = {
    ...{ pid: 1, name: 'a', cpus: '0-15', mems: '0-1', residentBytes: { 0: 990, 1: 500 }, threads },
    ...{ asked: { ...NOTHING, ...asked } },
    ...of,
  };
  return askedRows(TOPOLOGY, [process, process], state);
}
const short = (found: readonly AskedRow[]): [string, boolean | null][] => found.map(({ who, holds }) => [who, holds]);

test('where nothing was asked there is nothing to tell', () => {
  assert.deepEqual(rows({}), []);
  assert.deepEqual(rows({ environment: { unavailable: 'no right' } }), []);
});

test('an affinity narrower than what was to be had was asked for', () => {
  const [row] = rows({}, { cpus: '0-7' });
  assert.deepEqual(row, { who: 'CPU affinity (taskset)', asked: 'cpu 0–7', got: 'ran on cpu 0, 5', holds: true });
  const cpuset = { path: '/a', cpus: '0-7', mems: null };
  assert.deepEqual(short(rows({ cpuset }, { cpus: '0-7' })), [['cpuset of /a', true]]);
});

test('a cpuset holds for memory only where no pages are elsewhere, and asks for nothing where it leaves out nothing', () => {
  const cpuset = { path: '/a', cpus: '0-15', mems: '0' };
  assert.deepEqual(short(rows({ cpuset })), [['cpuset of /a', false]]);
  assert.deepEqual(short(rows({ cpuset }, { residentBytes: { 0: 990 } })), [['cpuset of /a', true]]);
  assert.deepEqual(short(rows({ cpuset }, { residentBytes: { unavailable: 'no right' } })), [['cpuset of /a', null]]);
  assert.deepEqual(rows({ cpuset: { path: '/', cpus: '0-15', mems: '0-1' } }), []);
});

test('places that no thread is kept in do not hold', () => {
  const environment = { OMP_PLACES: 'cores', OMP_PROC_BIND: 'close' };
  assert.deepEqual(short(rows({ environment })), [
    ['OMP_PLACES', false],
    ['OMP_PROC_BIND', null],
  ]);
  const threads = [
    { tid: 1, name: 'a', cpu: 0, migrations: 0, allowed: '0,8' },
    { tid: 2, name: 'b', cpu: 5, migrations: 0, allowed: '5' },
  ];
  assert.equal(rows({ environment }, { threads }).find(({ who }) => who === 'OMP_PLACES')?.holds, true);
});

test('what the kubelet wrote down is held against its container alone', () => {
  const uid = '0a1b2c3d-1111';
  const state = JSON.stringify({
    policyName: 'static',
    defaultCpuSet: '2-15',
    entries: { [uid]: { main: '0-1' }, other: { x: '2' } },
  });
  const cpuset = { path: '/kubepods-pod0a1b2c3d_1111.slice/cri-x.scope', cpus: null, mems: null };
  assert.deepEqual(
    rows({ cpuset }, { cpus: '0-1' }, state).find(({ who }) => who.startsWith('kubelet')),
    {
      ...{ who: 'kubelet (static), container main', asked: 'cpu 0–1', got: 'may use cpu 0–1', holds: true },
    },
  );
  for (const broken of ['', '{', '[]', 'null', '{"entries":7}'])
    assert.doesNotThrow(() => rows({ cpuset }, {}, broken));
});

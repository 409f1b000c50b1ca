// A plan beside what runs as a board tells and draws it: who is where, whose memory, what could not be read, and nothing that was not seen.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { layoutMachine } from '../../../src/model/layout/layout.ts';
import { besideOf } from '../../../src/model/plan/drift/beside.ts';
import type { SeenBeside } from '../../../src/model/plan/drift/beside.ts';
import { planMachine } from '../../../src/model/plan/machine.ts';
import { placePlan } from '../../../src/model/plan/place.ts';
import type { Mark } from '../../../src/model/svg/marks.ts';
import { planMarks } from '../../../src/model/svg/plan/marks.ts';
import { toPageSchema } from '../../../src/protocol/messages.ts';
import { blockLine, newsOf } from '../../../src/webview/plan/beside-words.ts';
import { ownMachine, PAPER, planOf } from './machines.ts';
import { beside } from './running.ts';
import type { Program, Thread } from './running.ts';

const plan = planOf(`${PAPER}
blocks:
  - { name: web, kind: vm, cpus: "0-1,36-37", memory: 100MB }
  - { name: hosts, kind: emulator, node: 0, cores: 1, serves: [web] }
  - { name: cache, kind: process, cpus: "18-19", memory: 80MB }
  - { name: shop, kind: container, cpus: "20-21" }
  - { name: secret, kind: process, cpus: "22", memory: 10MB }
`);
const topology = ownMachine(plan);
const vcpu = (at: number, allowed: string, ran?: number): Thread => ({
  ...{ name: `CPU ${String(at)}/KVM`, allowed, ticks: 50 },
  ...(ran === undefined ? {} : { ran }),
});
const web = (...threads: Thread[]): Program => ({
  ...{ pid: 1000, name: 'qemu-system-x86', threads, pages: { 0: 60, 1: 30 } },
  command: '/usr/bin/qemu-system-x86_64 -name guest=web,debug-threads=on -m 100',
});
const cache: Program = {
  ...{ pid: 2000, name: 'cache', threads: [{ name: 'cache', allowed: '18-19', ran: 19 }], pages: { 1: 70 } },
};
const secret: Program = { ...cache, pid: 3000, name: 'secret', threads: [{ name: 's', allowed: '22' }], pages: null };
const stranger: Program = {
  ...{ pid: 4000, name: 'backup', threads: [{ name: 'backup', allowed: '0-71', ran: 21, ticks: 90 }] },
};

const seen = (...programs: Program[]): SeenBeside =>
  besideOf(beside(plan, topology, { programs }), '2026-01-01T00:00:00.000Z', 2);
const emulator: Thread = { name: 'qemu-system-x86', allowed: '2,38' };
const kept = [vcpu(0, '0'), vcpu(1, '1'), vcpu(2, '36'), vcpu(3, '37')];
const moved = seen(
  web({ ...emulator, allowed: '0-71', ran: 18 }, ...kept.slice(0, 3), vcpu(3, '40', 40)),
  ...[cache, secret, stranger],
);
const block = (name: string, of = moved): SeenBeside['blocks'][number] => {
  const found = of.blocks.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

test('each block is told with the CPUs that its threads were on, as planned and off the plan', () => {
  assert.deepEqual([block('web').here, block('web').away, block('web').emulatorAway], ['0-1,36', '40', '18']);
  assert.deepEqual([block('cache').here, block('cache').away], ['19', '']);
  const ids = block('web').drifts.map((at) => moved.diagnosis.findings[at]?.id ?? '');
  assert.deepEqual(new Set(ids), new Set(['plan-emulator-off', 'plan-memory-off', 'plan-vcpus-off']));
  assert.deepEqual(block('web').memory, { 0: 60 * 2 ** 20, 1: 30 * 2 ** 20 });
});

test('what does not run, and what could not be read, is neither kept nor drifted, and the sum says so', () => {
  assert.deepEqual([block('shop').runs, block('shop').here, block('shop').away], [[], '', '']);
  assert.match(block('secret').unread.join(), /^its memory: .*only its own user and root/);
  assert.ok('unavailable' in Object(block('secret').memory), 'no figure in place of what may not be read');
  assert.equal(
    moved.diagnosis.sentence,
    '1 of 4 blocks runs as planned; 1 has drifted; 1 does not run here; of 1 not all could be read; others work on CPUs of 1.',
  );
  assert.deepEqual(
    moved.blocks.map(({ standing }) => standing),
    ['drifted', 'kept', 'absent', 'unread'],
  );
  // Where names may not be asked, nobody knows whether it runs, whoever works on its CPUs.
  const silent = besideOf(beside(plan, topology, { programs: [stranger], tools: ['=silent docker'] }), '', 2);
  assert.equal(block('shop', silent).standing, 'unread');
  assert.match(
    silent.diagnosis.sentence,
    /^0 of 4 blocks run as planned; 3 do not run here; of 1 not all could be read; others/,
  );
  const all = seen(web(emulator, ...kept), cache);
  assert.match(all.diagnosis.sentence, /^1 of 4 blocks runs as planned; 1 has drifted; 2 do not run here\.$/);
});

test('a thread that is to come back with its next step is off nothing', () => {
  const back = seen(web(emulator, ...kept.slice(0, 3), vcpu(3, '37', 40)));
  assert.deepEqual([block('web', back).here, block('web', back).away], ['0-1,36', '']);
});

test('pages accept it, and nothing larger than a message may be', () => {
  const told = (patch: object): boolean => v.safeParse(toPageSchema, { type: 'event', event: 'board', patch }).success;
  assert.ok(told({ beside: { waits: null, problem: null, seen: moved } }));
  assert.ok(told({ beside: null }));
  const [first] = moved.blocks;
  for (const wrong of [{ away: 'all' }, { memory: { 0: -1 } }, { runs: Array.from({ length: 100_001 }, () => '') }])
    assert.ok(!told({ beside: { waits: null, problem: null, seen: { ...moved, blocks: [{ ...first, ...wrong }] } } }));
});

const flat = (marks: readonly Mark[]): Mark[] =>
  marks.flatMap((one) => [one, ...flat(one.children.filter((child): child is Mark => typeof child !== 'string'))]);
const words = ({ children }: Mark): string =>
  children.map((child) => (typeof child === 'string' ? child : words(child))).join('');

test('the picture flags threads off the plan on their CPUs, by shape and letters, at every size', () => {
  const away = [
    { cpu: 40, kind: 'block' as const, tag: 'WE' },
    { cpu: 18, kind: 'emulator' as const, tag: 'WE' },
    { cpu: 18, kind: 'stranger' as const, tag: '?' },
    { cpu: 4095, kind: 'block' as const, tag: 'NO' },
  ];
  for (const [width, height] of [
    [1200, 800],
    [300, 240],
    [120, 90],
  ] as const) {
    const layout = layoutMachine(topology, { width, height });
    const { blocks } = placePlan(plan, planMachine(topology));
    assert.equal(blocks.length, 5);
    const all = flat(planMarks(layout, [], [], { here: [0, 1], away }));
    const flags = all.filter(({ attrs }) => String(attrs['class']).startsWith('away'));
    assert.deepEqual(
      flags.map(({ attrs }) => attrs['class']),
      ['away block', 'away emulator'],
      'one flag a CPU, none for a CPU that is not there',
    );
    for (const one of flags) assert.equal(one.children.filter((child) => typeof child !== 'string').length > 0, true);
    if (width === 1200) assert.deepEqual(flags.map(words), ['WE', 'WE ?']);
    assert.deepEqual(flat(planMarks(layout, [], [], null)), []);
  }
});

test('memory stands on the bar of the node that it is on, and what is off the plan is told apart', () => {
  const layout = layoutMachine(topology, { width: 1200, height: 800 });
  const node = {
    ...{ node: 1, parts: [{ name: 'cache', bytes: 80, chosen: false, huge: 0 }], kept: 0, total: 400, over: false },
    words: ['100 seen, 30 of it off plan', '30 off plan'],
  };
  const parts = [
    { name: 'cache', tag: 'CA', bytes: 70, away: false },
    { name: 'web', tag: 'WE', bytes: 30, away: true },
  ];
  const rects = (seenParts: typeof parts | null): [string, number][] =>
    flat(planMarks(layout, [], [{ ...node, seen: seenParts }], null))
      .filter(({ tag, attrs }) => tag === 'rect' && String(attrs['class']).startsWith('mem'))
      .map(({ attrs }) => [String(attrs['class']), Math.round(Number(attrs['width']))]);
  const meter = Number(
    flat(planMarks(layout, [], [{ ...node, seen: parts }], null)).find(({ attrs }) => attrs['class'] === 'meter')
      ?.attrs['width'],
  );
  const share = (bytes: number): number => Math.round((bytes / 400) * meter);
  assert.deepEqual(rects(parts), [
    ['mem', share(80)],
    ['mem kept', 0],
    ['mem-seen', share(70)],
    ['mem-seen away', share(30)],
  ]);
  assert.deepEqual(
    rects(null).map(([name]) => name),
    ['mem', 'mem kept'],
  );
});

test('a block is told in a line by how it stands, and only what changed is said aloud', () => {
  const line = (of: SeenBeside, name: string): string => blockLine(of, name)?.words ?? '';
  assert.match(line(moved, 'web'), /^Drifted: 1 vCPU of VM web ran on CPU 40; the plan gives it .* And 2 more\.$/);
  assert.equal(line(moved, 'cache'), 'Runs as planned: cache');
  assert.match(line(moved, 'shop'), /^Not running here: there is no container called shop\.$/);
  assert.match(line(moved, 'secret'), /^Unavailable: its memory: /);
  assert.equal(blockLine(moved, 'hosts'), null);
  const busy: Program = { ...stranger, threads: [{ name: 'backup', allowed: '0-71', ran: 18, ticks: 90 }] };
  assert.match(line(seen(cache, busy), 'cache'), /^Runs as planned, but backup \(process 4000\) works on CPU 18/);
  assert.equal(newsOf(moved, moved), '');
  assert.equal(newsOf(seen(cache), seen(cache, busy)), '', 'who else is there');
  assert.match(newsOf(null, moved), /^1 of 4 blocks .* 1 vCPU of VM web ran on CPU 40/);
  assert.match(newsOf(seen(web(emulator, ...kept), cache), moved), /ran on CPU 40/);
});

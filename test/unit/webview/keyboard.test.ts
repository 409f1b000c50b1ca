import assert from 'node:assert/strict';
import test from 'node:test';
import type { Step } from '../../../src/model/layout/step.ts';
import { MEMORY_SLOTS } from '../../../src/model/bench/memory/slots.ts';
import { widened } from '../../../src/model/placement/placement.ts';
import type { Part } from '../../../src/model/placement/placement.ts';
import { SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';
import { costsFrom, memoryCostsFrom } from '../../../src/webview/machine/cost.ts';
import { Carry } from '../../../src/webview/machine/carry.ts';
import { textColourOn } from '../../../src/webview/machine/contrast.ts';
import { createKeys } from '../../../src/webview/machine/keyboard.ts';
import { cpuLabel, moveWords, nodeLabel } from '../../../src/webview/machine/labels.ts';
import { FOUR_AND_CXL, machine, TWO_SOCKETS } from '../layout/topologies.ts';
import { CONSUMER, MEMORY, placed } from '../../support/slots.ts';

/** A key as the browser would give it, at a time in ms. */
const press = (key: string, timeStamp = 0, more: object = {}): KeyboardEvent =>
  ({ key, timeStamp, altKey: false, ctrlKey: false, metaKey: false, ...more }) as KeyboardEvent;

test('keys on the board: digits make a number, what is not the board’s is left to the page', () => {
  const done: string[] = [];
  const host = {
    carrying: true,
    step: (step: Step) => done.push(step),
    widens: false,
    widen: (by: number) => done.push(`widen ${by}`),
    act: (takes: boolean) => done.push(takes ? 'take' : 'act'),
    remove: () => done.push('remove'),
    cancel: () => done.push('cancel'),
    jump: (id: number) => done.push(`jump ${id}`),
  };
  const keys = createKeys(host);
  for (const [key, at] of [
    ['1', 0],
    ['8', 300],
    ['3', 2000],
    ['Enter', 2100],
    ['7', 2200],
    ['PageDown', 2300],
    ['Escape', 2400],
  ] as const) {
    assert.ok(keys(press(key, at)));
  }
  assert.ok(keys(press('ArrowRight', 2500, { shiftKey: true })));
  assert.deepEqual(done, ['jump 1', 'jump 18', 'jump 3', 'act', 'jump 7', 'next', 'cancel', 'node-right']);
  assert.equal(keys(press('+')), false, 'a token of one CPU leaves it to the zoom');
  assert.equal(keys(press('r')), false);
  assert.equal(keys(press('z', 0, { ctrlKey: true })), false);
  host.widens = true;
  for (const key of ['+', '=', '-']) assert.ok(keys(press(key)));
  assert.ok(keys(press('Enter', 0, { altKey: true })));
  assert.deepEqual(done.slice(-4), ['widen 1', 'widen 1', 'widen -1', 'take']);
  assert.equal(keys(press('ArrowLeft', 0, { altKey: true })), false);
  host.widens = false;
  host.carrying = false;
  assert.equal(keys(press('1')), false);
  assert.equal(keys(press('Escape')), false);
});

test('one hand for pointer and keys: dropped, refused with the reason, or nowhere', () => {
  const topology = machine({ packages: 2, coresPerNode: 2, allowed: '0-2' });
  const said: string[] = [];
  const hand = new Carry({
    move: (slot, made) => said.push(`move ${slot.name} ${JSON.stringify(made)}`),
    carry: (slot, over) => said.push(`carry ${slot?.name} ${over?.id}`),
    refuse: (why) => said.push(`refuse: ${why}`),
  });
  hand.sync(topology, null);
  hand.pick(CONSUMER, null);
  assert.equal(hand.drop(), 'nowhere');
  hand.move({ kind: 'cpu', id: 3 });
  assert.equal(hand.drop(), 'refused');
  assert.deepEqual(hand.carried, { slot: CONSUMER, over: { kind: 'cpu', id: 3 } });
  hand.move({ kind: 'cpu', id: 1 });
  assert.equal(hand.drop(), 'dropped');
  assert.equal(hand.carried, null);
  assert.deepEqual(said, [
    'carry consumer undefined',
    'carry consumer 3',
    'refuse: CPU 3 is outside the cpuset this session may use.',
    'carry consumer 1',
    'carry undefined undefined',
    'move consumer {"drop":[1]}',
  ]);
});

test('a token of many CPUs is dropped on whole parts, taken from them, and carried wider by steps that change something', () => {
  // Two sockets of four cores; a core is two CPUs, eight apart. An L3 and a node are as far as a socket.
  const topology = machine({ packages: 2, coresPerNode: 4, threads: 2 });
  const [workers] = MEMORY_SLOTS;
  const moves: unknown[] = [];
  const hand = new Carry({
    move: (_, made) => moves.push(made),
    carry: () => undefined,
    refuse: (why) => assert.fail(why),
  });
  hand.sync(topology, null);
  hand.pick(workers, { kind: 'package', id: 1 });
  assert.equal(hand.drop(), 'dropped');
  hand.pick(workers, { kind: 'core', id: 5 });
  assert.equal(hand.drop(true), 'dropped');
  assert.deepEqual(moves, [{ drop: [4, 5, 6, 7, 12, 13, 14, 15] }, { take: [5, 13] }]);
  const steps = (by: 1 | -1, from: Part): string[] => {
    const met = [from];
    for (;;) {
      const last = met.at(-1) ?? from;
      const next = widened(topology, last, 5, by);
      if (next === last) return met.map(({ kind }) => kind);
      met.push(next);
    }
  };
  assert.deepEqual(steps(1, { kind: 'cpu', id: 5 }), ['cpu', 'core', 'l3']);
  assert.deepEqual(steps(-1, { kind: 'package', id: 1 }), ['package', 'core', 'cpu']);
  const view = { topology, slots: MEMORY_SLOTS, placement: {}, group: null, costs: null };
  assert.equal(moveWords(view, workers, { kind: 'node', id: 1 }), 'node 1: cpus 4–7, 12–15');
});

test('a move says where, how far, or why not; costs follow what is shared', () => {
  const placement = placed({ producer: 0 });
  const view = { topology: TWO_SOCKETS, slots: SPSC_SLOTS, placement, group: null, costs: null };
  const say = (id: number): string => moveWords(view, CONSUMER, { kind: 'cpu', id });
  assert.equal(say(18), 'cpu 18: other socket, distance 21 from the producer, cost not measured');
  assert.equal(say(36), 'cpu 36: same core as the producer, cost not measured');
  assert.equal(moveWords(view, MEMORY, { kind: 'node', id: 0 }), 'node 0: local to the producer, cost not measured');
  assert.match(say(99), /not possible/);
  const costs = costsFrom(TWO_SOCKETS, { name: 'producer', short: 'P', cpu: 0, second: false }, null);
  assert.deepEqual(
    [36, 1, 18].map((cpu) => [costs.get(cpu)?.step, costs.get(cpu)?.short]),
    [
      [1, 'core'],
      [2, 'L3'],
      [4, 'd21'],
    ],
  );
  assert.equal(costs.has(0), false);
  assert.deepEqual(
    [...memoryCostsFrom(FOUR_AND_CXL, 0)].map(([node, cost]) => [node, cost.step]),
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 5],
      [4, 4],
    ],
  );
});

test('every part has a name for assistive technology, with its state and value', () => {
  const topology = machine({ packages: 2, coresPerNode: 2, offline: [3], allowed: '0-1' });
  const placement = placed({ producer: 0, memory: 1 });
  const label = (id: number, value: string | null = null, short: string | null = null): string | undefined => {
    const cpu = topology.cpus.find((one) => one.id === id);
    return cpu && cpuLabel(topology, cpu, { slots: SPSC_SLOTS, placement }, value, short);
  };
  // First what stands in the cell: who speaks to the page says what they see.
  assert.equal(label(0, '71 % busy', '71'), 'P#0 71 % busy, L#0, core 0, socket 0, node 0, holds the producer');
  assert.equal(label(0, '3 % busy'), 'P#0, L#0, core 0, socket 0, node 0, holds the producer, 3 % busy');
  assert.equal(label(1, 'same L3', 'L3'), 'P#1 L3, L#1, core 1, socket 0, node 0, same L3');
  assert.equal(label(2), 'P#2, L#2, core 0, socket 1, node 1, outside the allowed cpuset');
  assert.equal(label(3), 'P#3 off, place unknown, offline');
  const [, node] = topology.nodes;
  assert.ok(node);
  const named = nodeLabel(node, { slots: SPSC_SLOTS, placement }, 2 ** 33, null);
  assert.equal(named, 'NUMA node 1, 8 GB of 16 GB free, holds the memory');
  const seen = nodeLabel(
    node,
    { slots: SPSC_SLOTS, placement: {} },
    2 ** 33,
    '5 pages/s',
    'NUMA node 1 16 GB 8 GB free used 8 GB',
  );
  assert.equal(seen, 'NUMA node 1 16 GB 8 GB free used 8 GB, 5 pages/s');
});

test('ink on heat is told from every step of every theme', () => {
  const steps = ['#1f2f55', '#3fa577', '#95c84f', '#fbe73a', '#e9efbc', '#2c6497', '#0f2a5f', '#fff04a', '#0a2152'];
  assert.deepEqual(steps.map(textColourOn), ['#fff', '#000', '#000', '#000', '#000', '#fff', '#fff', '#000', '#fff']);
  assert.equal(textColourOn(' rgb(255, 255, 255)'), '#000');
});

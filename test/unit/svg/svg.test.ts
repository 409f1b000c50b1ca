import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Result } from '../../../src/model/run/run.ts';
import { escapeXml } from '../../../src/model/svg/render.ts';
import { chartSvg } from '../../../src/model/svg/chart.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import { DEFAULT_WORKLOAD } from '../../../src/model/bench/spsc/workload.ts';
import { runOf } from '../topologies.ts';
import { anyTopology, FOUR_AND_CXL, machine, SHAPES, TWO_SOCKETS } from '../layout/topologies.ts';
import { placed } from '../../support/slots.ts';
import { SPSC_SLOTS } from '../../../src/model/bench/spsc/slots.ts';
import { varied } from '../../support/long.ts';

/** A reader of XML that knows no more than it needs to refuse what is not well-formed. */
function elements(document: string): { tag: string; attrs: Map<string, string> }[] {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  assert.ok(document.startsWith(declaration));
  const svg = document.slice(declaration.length);
  const found: { tag: string; attrs: Map<string, string> }[] = [];
  const open: string[] = [];
  let at = 0;
  for (const match of svg.matchAll(/<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = svg.slice(at, match.index);
    assert.ok(!between.includes('<'), `stray < in ${between.slice(0, 60)}`);
    if (open.at(-1) !== 'style')
      assert.ok(!/&(?!(?:amp|lt|gt|quot|#39);)/.test(between + (match[3] ?? '')), 'entities');
    at = match.index + match[0].length;
    const [, close, tag = '', attributes = '', alone] = match;
    if (close) assert.equal(open.pop(), tag);
    else {
      const attrs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value] as const,
      );
      assert.equal(new Set(attrs.map(([name]) => name)).size, attrs.length, 'attributes once');
      found.push({ tag, attrs: new Map(attrs) });
      if (!alone) open.push(tag);
    }
  }
  assert.deepEqual(open, []);
  assert.equal(svg.slice(at).trim(), '');
  return found;
}

const classes = (svg: string, name: string): string[] =>
  elements(svg)
    .filter(({ attrs }) => attrs.get('class')?.split(' ').includes(name))
    .map(({ attrs }) => attrs.get('id') ?? '');

const RESULT: Result = {
  benchmark: 'spsc',
  metric: 'items/s',
  median: 21.5e6,
  interval: [21e6, 22e6],
  repetitions: [21.5e6],
  placement: { producer: 0, consumer: 18, memory: 0, pin: true, ...DEFAULT_WORKLOAD },
  seen: { cpus: {}, nodes: {}, pageBytes: null, migrations: null },
  valid: true,
  why: null,
  counters: {},
  polls: null,
  histogram: null,
  spread: null,
  noisy: false,
  emulated: true,
};

test("elements are named as lstopo's, each once, and the viewBox has plain numbers", () => {
  for (const shape of SHAPES) {
    const topology = machine(shape);
    const svg = topologySvg(topology);
    const ids = elements(svg).flatMap(({ attrs }) => attrs.get('id') ?? []);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      classes(svg, 'PU'),
      topology.cpus.map((cpu) => `PU_${cpu.id}_rect`),
    );
    assert.deepEqual(
      classes(svg, 'NUMANode'),
      topology.nodes.map((node) => `NUMANode_${node.id}_rect`),
    );
    assert.equal(classes(svg, 'Core').length, topology.cores.length);
    assert.equal(classes(svg, 'Package').length, topology.packages.length);
    for (const level of [2, 3]) {
      assert.equal(classes(svg, `L${level}Cache`).length, topology.caches.filter((one) => one.level === level).length);
    }
    const size = / width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number);
    assert.deepEqual(size?.slice(1, 3), size?.slice(3));
    assert.ok(size);
    for (const cpu of topology.cpus) {
      if (cpu.online) assert.match(svg, new RegExp(`id="PU_${cpu.id}_text"[^>]*>P#${cpu.id}<`));
    }
  }
});

test('it is well-formed whatever the host calls itself, and nothing of it becomes markup', () => {
  fc.assert(
    fc.property(anyTopology, fc.string({ unit: 'binary' }), (topology, name) => {
      const svg = topologySvg({ ...topology, machine: { ...topology.machine, name } });
      elements(svg);
    }),
    { numRuns: varied(35, 100) },
  );
  const evil = '</title><script>alert(1)</script>&"\'\u0000';
  const svg = topologySvg({ ...TWO_SOCKETS, machine: { ...TWO_SOCKETS.machine, name: evil } });
  assert.ok(!svg.includes('<script'));
  assert.equal(escapeXml(evil), '&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;');
});

test('a run is drawn with its tokens, its line and its figure, and says when it was emulated', () => {
  const placement = placed({ producer: 0, consumer: 18, memory: 0 });
  const comparison = { of: 0, against: 1, change: -0.58, interval: [-0.587, -0.57], shown: true } as const;
  const slots = SPSC_SLOTS;
  const svg = topologySvg(TWO_SOCKETS, {
    slots,
    placement,
    run: { results: [RESULT, RESULT], comparison },
    baseline: { from: 0, to: 1 },
  });
  for (const words of ['−58 %', '21.5 M items/s', 'emulated', 'base']) assert.ok(svg.includes(`>${words}<`), words);
  assert.deepEqual(
    elements(svg)
      .flatMap(({ attrs }) => attrs.get('data-token') ?? [])
      .sort(),
    ['consumer', 'memory', 'producer'],
  );
  assert.equal(classes(svg, 'solid').length, 1);
  // The link's own figure is told: "not measured" beside it would deny it.
  const unmeasured = /cost not(?: measured)?</;
  assert.match(topologySvg(TWO_SOCKETS, { slots, placement }), unmeasured);
  assert.doesNotMatch(svg, unmeasured);
  const even = topologySvg(TWO_SOCKETS, {
    slots,
    placement,
    run: { results: [RESULT, RESULT], comparison: { ...comparison, interval: [-0.587, 0.57], shown: false } },
  });
  assert.ok(even.includes('>not shown<') && even.includes('>−58.7 to +57\u00a0%<') && !even.includes('−58 %'));
  assert.doesNotMatch(even, /s (?:loss|gain)"/);
});

test('a plan is dashed and has no figure; states that refuse a token show', () => {
  const plan = topologySvg(FOUR_AND_CXL, { slots: SPSC_SLOTS, placement: placed({ producer: 0, consumer: 36 }) });
  assert.equal(classes(plan, 'plan').length, 1);
  assert.equal(classes(plan, 'chip').length, 0);
  const held = topologySvg(machine({ packages: 2, coresPerNode: 2, offline: [3], allowed: '0-1' }));
  assert.equal(classes(held, 'offline').length, 1);
  assert.equal(classes(held, 'forbidden').length, 1);
});

test('it says whose machine it is, and cuts what a host makes of its name', () => {
  const { machine: own } = TWO_SOCKETS;
  const svg = topologySvg({ ...TWO_SOCKETS, machine: { ...own, kernel: '6.8.0', emulated: true } });
  for (const words of [own.name, 'emulated', 'Linux 6.8.0, x86_64']) assert.ok(svg.includes(`>${words}<`), words);
  assert.ok(svg.includes('>2 sockets, 2 NUMA nodes, 36 cores, 72 CPUs, 32 GB<'));
  assert.ok(!topologySvg(TWO_SOCKETS).includes('class="badge"'));
  const long = topologySvg({ ...TWO_SOCKETS, machine: { ...own, name: 'x'.repeat(9000) } });
  assert.ok(Number(/ width="(\d+)"/.exec(long)?.[1]) < 1600);
});

test('distances of more than two nodes are always there as a table', () => {
  for (const shape of SHAPES) {
    const topology = machine(shape);
    const many = topology.nodes.length > 2 && topology.nodes.length <= 32;
    assert.equal(topologySvg(topology).includes('>Distances, from firmware<'), many, JSON.stringify(shape));
  }
});

test('both schemes are in it, and it is large enough to read each CPU', () => {
  const topology = machine({ packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 });
  const svg = topologySvg(topology);
  assert.match(svg, /prefers-color-scheme:dark/);
  for (const cpu of topology.cpus) assert.ok(svg.includes(`>P#${cpu.id}<`));
});

test('the chart of a run has every repetition, the medians, and no markup of the host', () => {
  const run = runOf({
    figures: [
      [21, 22, 21.5],
      [50, 52, 51],
    ],
    environment: {},
  });
  const hostile = { ...run, host: { ...run.host, name: '"><script>alert(1)</script>' } };
  const svg = chartSvg(hostile) ?? '';
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /P#0 → P#4/);
  assert.equal([...svg.matchAll(/M[\d.]+ [\d.]+v10/g)].length, 6);
  assert.match(svg, />Queue throughput, M items\/s</);
  assert.equal(chartSvg({ ...run, results: [] }), null);
});

test('the chart says what takes its weight from a figure, and shows times in a unit that fits', () => {
  const run = runOf({ figures: [[20], [50]] });
  const [one, two] = run.results;
  assert.ok(one && two);
  const slow = { ...one, benchmark: 'spsc-latency', metric: 'ns', median: 24e6, repetitions: [24e6], valid: false };
  const marked = chartSvg({ ...run, results: [slow as Result] }) ?? '';
  assert.match(marked, />Round trip, median per repetition, ms</);
  assert.match(marked, />24 ms<tspan[^>]*>too few rounds, not valid</);
  const printed = {
    ...two,
    benchmark: 'run' as const,
    metric: 'recall',
    placement: { kind: 'program' as const, command: ['x'], pins: [] },
  };
  const values = Array.from({ length: 200_000 }, (_, i) => i);
  assert.match(chartSvg({ ...run, results: [{ ...printed, repetitions: values }] }) ?? '', />recall</);
  assert.equal(chartSvg({ ...run, results: [{ ...printed, repetitions: [-1, 2] }] }), null);
});

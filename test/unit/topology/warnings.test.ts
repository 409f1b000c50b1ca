// Warnings about a machine wherever people look: grouped, cleaned, in the report and in the picture, and no count of what is made up.
import assert from 'node:assert/strict';
import test from 'node:test';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { coreWords, nodeWords, packageWords } from '../../../src/model/topology/counts.ts';
import { topologySvg } from '../../../src/model/svg/topology-svg.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { groupWarnings, warningCount } from '../../../src/model/topology/warnings.ts';
import { facts } from '../../../src/model/topology/facts.ts';
import { runOf } from '../topologies.ts';
import { TWO_SOCKETS } from '../layout/topologies.ts';

const HOSTILE = 'node 9: <script>alert(1)</script> \u202egnp.exe \u001b[31m';
const WARNINGS = [
  ...[1, 2, 3].map((id) => `Node ${id} claims CPUs 0-3, which another node has`),
  'Package 0 has no name',
  'Package 0 has no name',
  HOSTILE,
];
const warned: Topology = { ...TWO_SOCKETS, warnings: WARNINGS };

test('warnings that differ in their numbers are one, in the order in which they were said', () => {
  const groups = groupWarnings(WARNINGS);
  assert.deepEqual(
    groups.map(({ words, alike }) => [words.slice(0, 9), alike.length]),
    [
      ['Node 1 cl', 2],
      ['Package 0', 0],
      ['node 9: <', 0],
    ],
  );
  assert.equal(warningCount(WARNINGS), '3 warnings');
  assert.equal(warningCount(['one']), '1 warning');
  assert.equal(warningCount([]), '');
  assert.ok(!JSON.stringify(groups).includes('\\u202e') && !JSON.stringify(groups).includes('\\u001b'));
});

test('the picture says them in a line and in its description, the report in a section', () => {
  const svg = topologySvg(warned);
  const lines = [...svg.matchAll(/<text[^>]*class="warn"[^>]*>([^<]*)/g)].map(([, words]) => words ?? '');
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^3 warnings: Node 1 claims CPUs 0-3, which another node has \(and 2 more like it\)/);
  const description = /<desc id="facts">([^<]*)<\/desc>/.exec(svg)?.[1] ?? '';
  assert.match(description, /Warning: Package 0 has no name\. Warning: node 9: &lt;script&gt;/);
  assert.doesNotMatch(svg, /[\u202e\u001b]|<script/);
  assert.doesNotMatch(topologySvg(TWO_SOCKETS), /warning/i);

  const run = runOf({ figures: [[1, 2, 3]] });
  const page = reportMarkdown({ ...run, topology: { ...run.topology, warnings: WARNINGS } }, []);
  assert.match(page, /^> \*\*3 warnings about this machine\*\*/m);
  assert.match(
    page,
    /^## Warnings about this machine\n\n- Node 1 claims .*\n {2}- Node 2 .*\n {2}- Node 3 .*\n- Package 0/m,
  );
  assert.doesNotMatch(page, /[\u202e\u001b]|<script/);
  assert.doesNotMatch(reportMarkdown(run, []), /warnings about/i);
});

test('a long warning is cut to the width of the picture', () => {
  const long = `Node 1 ${'is far too long to be true, '.repeat(200)}`;
  const svg = topologySvg({ ...TWO_SOCKETS, warnings: [long] });
  const plain = topologySvg(TWO_SOCKETS);
  const width = (of: string): number => Number(/viewBox="0 0 (\d+)/.exec(of)?.[1]);
  assert.equal(width(svg), width(plain));
  assert.match(svg, /class="warn"[^>]*>1 warning: Node 1 [^<]*…</);
});

test('what the reader made up is not counted', () => {
  const made = <T>(items: readonly T[]): T[] => items.map((item) => ({ ...item, inferred: true }));
  const { packages, cores, nodes } = TWO_SOCKETS;
  const unknown: Topology = {
    ...TWO_SOCKETS,
    packages: made(packages),
    cores: made(cores),
    nodes: made(nodes.slice(0, 1)),
  };
  assert.equal(packageWords(unknown), 'sockets unknown');
  assert.equal(coreWords(unknown), 'cores unknown');
  assert.equal(nodeWords(unknown), 'no NUMA reported by this host');
  assert.match(facts(unknown), /^sockets unknown, cores unknown, 72 CPUs, no NUMA reported by this host/);
  assert.match(topologySvg(unknown), /sockets unknown, no NUMA reported by this host, cores unknown/);
  const some: Topology = { ...TWO_SOCKETS, cores: [...made(cores.slice(0, 1)), ...cores.slice(1)] };
  assert.equal(coreWords(some), '35 cores named');
  assert.equal(coreWords({ ...TWO_SOCKETS, cores: [] }), 'cores unknown');
  assert.equal(packageWords({ ...TWO_SOCKETS, packages: packages.slice(1) }), '1 socket named');
  assert.match(facts(TWO_SOCKETS), /^2 sockets, 36 cores, 72 CPUs, 2 nodes/);
});

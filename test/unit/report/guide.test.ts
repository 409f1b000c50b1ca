// The page of a guided run: its sentences by topic, marked where they claim nothing, and what to paste in blocks of its own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { reportMarkdown } from '../../../src/model/report/markdown.ts';
import { guidedRun } from '../bench/guide/guided.ts';
import { emulated, oneNode, runOf, spscCase, twoSockets } from '../topologies.ts';

const far = ({ label, latency }: { label: string; latency: boolean }): number => {
  const crossed = label.startsWith('across sockets');
  return latency ? (crossed ? 840 : 350) : crossed ? 21e6 : 50e6;
};

test('sentences by topic, with their advice', () => {
  const page = reportMarkdown(guidedRun(twoSockets(), { figure: far }), []);
  assert.match(page, /^# What does crossing sockets cost\?\n\n\*\*Across sockets a queue keeps 42 % of its rate\.\*\*/);
  assert.match(page, /### Throughput\n\n(- .*\n)*- Across sockets throughput changes by −58 % /);
  assert.match(page, /### One channel per socket\n\n- A channel .* \*\*Use one channel per socket,/);
  assert.match(page, /- \*\*Not shown:\*\* /);
  assert.match(page, /## Ready to paste[^]*```ini\n# systemctl edit YOUR\.service\n\[Service\]\nCPUAffinity=1-2\n/);
  assert.match(page, /```yaml\n[^]*cpuManagerPolicy: static/);
});

test('one node, and an emulated host, say so on the page', () => {
  const alone = reportMarkdown(guidedRun(oneNode(), { figure: far }), []);
  assert.match(alone, /- \*\*Not answered:\*\* This host has one NUMA node: /);
  const played = reportMarkdown(guidedRun(emulated(twoSockets()), { figure: far }), []);
  for (const line of played.split('\n').filter((each) => /\d (M items\/s|ns)/.test(each)))
    assert.match(line, /emulated/);
  assert.match(
    played,
    /> This only describes the placement: figures from an emulated host cannot tell whether it pays off\./,
  );
});

test('a run without a guide has no findings, one without pins nothing to paste', () => {
  const plain = reportMarkdown(runOf({ figures: [[1], [2]] }), []);
  assert.doesNotMatch(plain, /What was found/);
  assert.match(plain, /taskset --cpu-list 0,4 /);
  const free = reportMarkdown(runOf({ cases: [spscCase(0, 4, { pin: false })], figures: [[1]] }), []);
  assert.doesNotMatch(free, /Ready to paste/);
});

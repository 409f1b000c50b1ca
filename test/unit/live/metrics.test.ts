/** Metrics are well-formed in Prometheus' text format, add up between two questions, and leave out what is unknown. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { metricsText } from '../../../src/model/live/metrics/text.ts';
import { NO_TOTALS, totalsAfter } from '../../../src/model/live/metrics/totals.ts';
import { headOf, samplesOf } from '../../support/recorded.ts';
import { metricsIn } from '../../support/prometheus.ts';

const { topology } = headOf();
const cpusOf = (): number => 4;

test('what happened between two questions adds up', () => {
  const [first, second] = [...samplesOf({ topology }, 2)];
  const waiting = { ...second!, figures: { 'pressure-memory': { some: 50, full: 10 } } };
  const totals = totalsAfter(totalsAfter(NO_TOTALS, first!, cpusOf), waiting, cpusOf);
  const found = metricsIn(metricsText(topology, second!, totals));
  const value = (name: string, labels: Record<string, string>): number | undefined =>
    found.find((one) => one.name === name && Object.entries(labels).every(([key, own]) => one.labels[key] === own))
      ?.value;
  const busy = [first!, second!].map(({ cpus, intervalMs }) => (cpus[1]!.busy * intervalMs) / 1000);
  assert.equal(value('numa_pinboard_cpu_busy_seconds_total', { cpu: '1', node: '0' }), busy[0]! + busy[1]!);
  const pages = [first!, second!].map(({ nodes, intervalMs }) => (nodes[1]!.otherPerSecond! * intervalMs) / 1000);
  assert.equal(value('numa_pinboard_node_allocated_pages_total', { node: '1', kind: 'other' }), pages[0]! + pages[1]!);
  assert.equal(value('node_memory_numa_MemFree', { node: '0' }), second!.nodes[0]!.freeBytes);
  assert.equal(value('numa_pinboard_node_hugepages', { node: '0', size_bytes: '2097152' }), 512);
  const waited = value('numa_pinboard_pressure_seconds_total', { resource: 'memory', kind: 'some' });
  assert.equal(waited, (0.5 * second!.intervalMs) / 1000);
  assert.equal(value('numa_pinboard_samples_total', {}), 2);
});

test('a host that says little has few metrics, and none of them is 0 for it', () => {
  const [sample] = [...samplesOf({ topology }, 1)];
  const silent = {
    ...sample!,
    cpus: [],
    nodes: sample!.nodes.map(({ id }) => ({
      ...{ id, freeBytes: null, usedBytes: null, fileBytes: null, hitPerSecond: null, missPerSecond: null },
      ...{ foreignPerSecond: null, localPerSecond: null, otherPerSecond: null, hugepages: [] },
    })),
  };
  const text = metricsText(topology, silent, totalsAfter(NO_TOTALS, silent, cpusOf));
  assert.deepEqual(
    metricsIn(text).map(({ name }) => name),
    ['numa_pinboard_machine_info', 'numa_pinboard_samples_total'],
  );
});

test('hostile names stay inside their quotes', () => {
  const [sample] = [...samplesOf({ topology }, 1)];
  const name = 'a"} 1\n# TYPE x gauge\nx{y="\\';
  const machine = { ...topology.machine, name };
  const found = metricsIn(metricsText({ ...topology, machine }, sample!, NO_TOTALS));
  assert.equal(found[0]?.labels['name'], name);
});

// What live state shows of a host of four sockets: allocations on the wrong node, a busy CPU, and a process's pages that move;
// in the samples, and in the figures that the board colours the nodes by.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { measureOf } from '../../src/model/heat.ts';
import type { Sample } from '../../src/model/sample.ts';
import type { Topology } from '../../src/model/topology.ts';
import { waitFor } from '../support/processes.ts';
import { bootLab, type LabHost, type LabUser } from '../support/lab.ts';
import { ask, startAt, users } from './asking.ts';

describe('live heat on four sockets', { timeout: 900_000 }, () => {
  let lab: LabHost;
  before(async () => {
    lab = await bootLab('4s');
  });
  after(() => lab.stop());

  /** Starts something on the host, to stay; returns its process id. */
  const begin = (user: LabUser, command: string): Promise<string> =>
    lab.ask(user, `${command} >/dev/null 2>&1 </dev/null & echo $!`);

  /** Samples as they come, until one satisfies; the watch is ended then. */
  async function sampleWith(user: LabUser, words: readonly string[], wanted: (sample: Sample) => boolean): Promise<Sample> {
    const watch = await startAt(lab, user, ['watch', '--interval', '500ms', ...words]);
    try {
      return await waitFor(
        () => {
          const lines = watch.stdout().split('\n').slice(0, -1);
          return lines.map((line) => JSON.parse(line) as Sample).find(wanted);
        },
        { what: () => `a sample as wanted; the last was ${watch.stdout().split('\n').at(-2) ?? 'none'} ${watch.stderr()}`, timeoutMs: 120_000 },
      );
    } finally {
      await watch.stop();
    }
  }

  async function heat(user: LabUser, key: Parameters<typeof measureOf>[0], sample: Sample): Promise<(number | null)[]> {
    const answer = await ask(lab, user, ['topology', '--format', 'json']);
    const topology = JSON.parse(answer.stdout) as Topology;
    return topology.nodes.map(({ id }) => measureOf(key).value({ topology, sample, kind: 'node', id }));
  }
});

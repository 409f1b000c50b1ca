// Live sampling of this machine: by the real agent and by the real shell, and what is left when either ends.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as v from 'valibot';
import { isUnavailable } from '../../src/model/run/run.ts';
import { ofProcess } from '../../src/model/live/selection.ts';
import type { Selection } from '../../src/model/live/selection.ts';
import { SAMPLED_FILES } from '../../src/model/live/sampled-files.ts';
import { busy } from '../../src/model/live/measures/busy.ts';
import type { Measure } from '../../src/model/live/measures/measure.ts';
import type { Sample } from '../../src/model/live/sample.ts';
import { sampleSchema } from '../../src/protocol/sample.ts';
import type { Host } from '../../src/remote/host.ts';
import { watchHost } from '../../src/remote/sampling/sampler.ts';
import { parseReading } from '../../src/remote/scripts/sample.ts';
import { descendantsOf, signal } from '../support/process-table.mjs';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import {
  hasCode,
  killAgent,
  localHost,
  nothingRuns,
  processesNamed,
  shellOf,
  variant,
  withoutAgent,
} from './measuring.ts';

async function collect(host: Host, options: { count: number; selections?: Selection[] }): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of watchHost(host, { intervalMs: 50, ...options })) samples.push(sample);
  return samples;
}

describe('watchHost', { timeout: 240_000 }, () => {
  const host = localHost();
  after(() => host.close());

  const bash = '/bin/bash';
  const shells: [string, Host, boolean][] = [
    ['the agent', host, true],
    ['/bin/sh', withoutAgent(host), true],
    [
      'bash, which reads its script line by line',
      withoutAgent(variant(host, { transport: { ...host.transport, shell: () => shellOf(bash) } })),
      existsSync(bash),
    ],
  ];
  for (const [name, one, there] of shells) {
    it(`samples by ${name}`, { skip: there ? false : 'not on this machine' }, async () => {
      const { topology } = await host.discover();
      const samples = await collect(one, { count: 3, selections: [ofProcess(process.pid)] });
      assert.equal(samples.length, 3);
      for (const sample of samples) {
        v.parse(sampleSchema, sample);
        assert.ok(sample.intervalMs > 0);
        assert.deepEqual(
          sample.nodes.map((node) => node.id),
          topology.nodes.map((node) => node.id),
        );
        const [node] = sample.nodes;
        assert.ok(node);
        assert.notEqual(node.freeBytes, null);
        assert.ok((node.usedBytes ?? 0) > 0);
        const sizes = new Set(node.hugepages.map((pages) => pages.sizeBytes));
        assert.deepEqual(sizes, new Set(topology.nodes[0]?.hugepages.map((pages) => pages.sizeBytes)));
        const own = sample.processes.find(({ pid }) => pid === process.pid);
        assert.ok(own?.threads.some((thread) => thread.tid === process.pid && thread.name.length > 0));
      }
    });

    it(`sees every CPU by ${name}`, { skip: there ? false : 'not on this machine' }, async () => {
      const { topology } = await host.discover();
      const online = new Set(topology.cpus.filter((cpu) => cpu.online).map((cpu) => cpu.id));
      const seen = new Set<number>();
      // A CPU that had no tick in an interval is left out of it, so that one sample need not hold them all.
      for await (const sample of watchHost(one, { intervalMs: 100 })) {
        for (const cpu of sample.cpus) seen.add(cpu.id);
        if (seen.size >= online.size) break;
      }
      assert.deepEqual(seen, online);
    });
  }

  it('reads the files of a measure of its own by either sampler', async () => {
    const load: Measure = {
      ...busy,
      key: 'load',
      source: {
        files: [['/proc/no-such-fil[e]', '/proc/loadav[g]']],
        figures: (_, { files }) => ({ 7: Number(files.get('proc/loadavg')?.split(' ')[0]) }),
      },
      value: ({ figures }, id) => figures?.['load']?.[id] ?? null,
    };
    for (const one of [host, withoutAgent(host)]) {
      for await (const sample of watchHost(one, { intervalMs: 20, count: 1, measures: [busy, load] })) {
        v.parse(sampleSchema, sample);
        assert.ok((load.value(sample, 7) ?? -1) >= 0, JSON.stringify(sample.figures));
        assert.ok((sample.nodes[0]?.usedBytes ?? 0) > 0, 'beside what a sample holds anyway');
      }
    }
  });

  it('has figures that the agent sums up on the host, for a measure that names its reader', async () => {
    const summed: Measure = {
      ...busy,
      key: 'summed',
      source: {
        files: [],
        readers: ['nodes'],
        figures: (_, { tables }) => {
          const table = tables?.get('nodes');
          return table && 'get' in table ? Object.fromEntries(table.get('MemTotal') ?? []) : {};
        },
      },
    };
    for await (const sample of watchHost(host, { intervalMs: 20, count: 2, measures: [summed] })) {
      const [node] = sample.nodes;
      const kb = ((node?.freeBytes ?? 0) + (node?.usedBytes ?? 0)) / 1024;
      assert.equal(sample.figures?.['summed']?.[node?.id ?? -1], kb);
    }
  });

  it('reads pages by node with the agent only, and says so without', async () => {
    const [byAgent] = await collect(host, { count: 1, selections: [ofProcess(process.pid)] });
    const [byShell] = await collect(withoutAgent(host), { count: 1, selections: [ofProcess(process.pid)] });
    assert.ok(byAgent?.processes[0] && !isUnavailable(byAgent.processes[0].residentBytes));
    assert.ok(byShell?.processes[0] && isUnavailable(byShell.processes[0].residentBytes));
  });

  it('takes noise of a login for what it is', async () => {
    const shell = async (): ReturnType<typeof shellOf> => {
      const channel = await shellOf('/bin/sh');
      channel.stdin.write("printf 'Welcome!\\n\\nNo newline'\n");
      return channel;
    };
    const noisy = variant(host, { transport: { ...host.transport, shell } });
    assert.equal((await collect(withoutAgent(noisy), { count: 1 })).length, 1);
  });

  /** A shell that finds another grep than the machine's. */
  const withGrep = (script: string): Host => {
    const folder = temporaryFolder('grep');
    writeFileSync(join(folder, 'grep'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const shell = async (): ReturnType<typeof shellOf> => {
      const channel = await shellOf('/bin/sh');
      channel.stdin.write(`PATH='${folder}'; export PATH\n`);
      return channel;
    };
    return withoutAgent(variant(host, { transport: { ...host.transport, shell } }));
  };

  it('leaves out the moment in which the host answered nothing', async () => {
    const killed = withGrep(`[ -e "$0.again" ] || { : > "$0.again"; kill -9 $$; }\nexec /bin/grep "$@"`);
    const samples = await collect(killed, { count: 2 });
    assert.ok(samples.every((sample) => sample.nodes.every((node) => node.hitPerSecond !== null)));
  });

  it('says so when the host answers nothing at all', async () => {
    await assert.rejects(collect(withGrep('echo "no grep today" >&2; exit 127'), { count: 1 }), (error: Error) => {
      assert.match(error.message, /no grep today/);
      return hasCode('unsupported')(error);
    });
  });

  for (const [name, one, process_] of [
    ['the agent', host, 'numa-agent'],
    ['the shell', withoutAgent(host), 'sh'],
  ] as const) {
    it(`leaves nothing running of ${name} when aborted, or when nobody takes samples any more`, async () => {
      const end = new AbortController();
      const watch = process_ === 'sh' ? processesNamed('sh') : [];
      let seen = 0;
      for await (const sample of watchHost(one, { intervalMs: 20, signal: end.signal })) {
        assert.ok(sample.nodes.length > 0);
        if (++seen === 2) end.abort();
      }
      assert.equal(seen, 2);
      await nothingRuns(process_, watch);
      for await (const sample of watchHost(one, { intervalMs: 20 })) {
        assert.ok(sample);
        break;
      }
      await nothingRuns(process_, watch);
    });
  }

  it('does not begin when it was aborted before', async () => {
    const end = new AbortController();
    end.abort();
    for await (const sample of watchHost(host, { intervalMs: 20, signal: end.signal })) assert.fail(sample.time);
    assert.deepEqual(processesNamed('numa-agent'), []);
  });

  it('says that the agent died', async () => {
    const watching = (async () => {
      for await (const sample of watchHost(host, { intervalMs: 20 })) assert.ok(sample);
    })();
    watching.catch(() => undefined);
    await waitFor(() => processesNamed('numa-agent').length > 0, { what: 'the agent to run' });
    // All at once and until it is gone: of a guard and its worker, either may have been forked a moment ago.
    const killing = setInterval(killAgent, 20);
    await assert
      .rejects(watching, (error: unknown) => hasCode('agent-died')(error))
      .finally(() => clearInterval(killing));
  });

  it('says that the shell ended', async () => {
    const watching = (async () => {
      for await (const sample of watchHost(withoutAgent(host), { intervalMs: 20 })) {
        assert.ok(sample);
        for (const pid of descendantsOf(process.pid)) signal(pid, 'SIGKILL');
      }
    })();
    await assert.rejects(watching, hasCode('unsupported'));
  });
});

describe('parseReading', () => {
  it('takes nothing but the files that were asked for', () => {
    const reading = parseReading(
      [
        '#sample 12.34',
        '/proc/stat:cpu0 1 2 3',
        '/proc/stat:cpu1 1 2 3',
        '/etc/passwd:root:x:0',
        '/sys/devices/system/node/node0/compact:1',
        'noise',
        '/sys/devices/system/node/node0/numastat:numa_hit 5',
        '/proc/7/stat:7 (a) b (x) S 1 2',
        `/proc/7/task/8/stat:8 (evil\u202e) S ${'0 '.repeat(35)}3 0 0`,
      ],
      SAMPLED_FILES,
    );
    assert.equal(reading?.monotonicMs, 12_340);
    assert.deepEqual(
      [...reading.files],
      [
        ['proc/stat', 'cpu0 1 2 3\ncpu1 1 2 3'],
        ['sys/devices/system/node/node0/numastat', 'numa_hit 5'],
      ],
    );
    assert.equal(reading.processes[0]?.pid, 7);
    assert.deepEqual(reading.processes[0].threads, [{ tid: 8, name: 'evil', cpu: 3, migrations: null }]);
  });

  it('is null without its head', () => {
    assert.equal(parseReading(['/proc/stat:cpu0 1 2 3'], SAMPLED_FILES), null);
    assert.equal(parseReading([], SAMPLED_FILES), null);
  });
});

// Real programs, started by the real agent on this machine: what they print, where they were seen, how they ended.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Snapshot } from '../../src/model/run.ts';
import { parseSnapshot } from '../../src/protocol/snapshot.ts';
import { runProgram } from '../../src/remote/program.ts';
import { processesWith } from '../../scripts/setup/process-table.mjs';
import { waitFor } from '../support/processes.ts';
import { hasCode, killAgent, localHost, nothingRuns, twoCpus } from './measuring.ts';

const node = process.execPath;
const mark = 'NUMA_PINBOARD_TEST_PROGRAM';

describe('runProgram', { timeout: 240_000 }, () => {
  const host = localHost();
  after(() => host.close());

  const run = async (
    command: readonly string[],
    more: Omit<Partial<Parameters<typeof runProgram>[1]>, 'command'> = {},
  ): Promise<Snapshot> => parseSnapshot(JSON.stringify(await runProgram(host, { command, pins: [], ...more })));

  it('makes results of how long it took and of the figures it prints', async () => {
    const script = `
      console.log('hello');
      console.log('{"metric": "queries/s", "value": 812.5, "more": [1]}');
      console.log('{"metric": "queries/s", "value": 790}');
      console.log('{"metric": "p99 \\u202e ms", "value": 3}');
      console.log('{"metric": "words", "value": "many"}');
      console.log('{"metric": broken');
      console.error('{"metric": "stderr", "value": 1}');
      setTimeout(() => process.stdout.write('{"metric": "last", "value": -1}'), 400);`;
    const printed = { stdout: '', stderr: '' };
    const snapshot = await run([node, '-e', script], {
      onOutput: (stream, bytes) => (printed[stream] += Buffer.from(bytes).toString()),
    });
    assert.equal(snapshot.partial, null);
    assert.match(printed.stdout, /^hello\n/);
    assert.match(printed.stderr, /stderr/);
    assert.deepEqual(
      snapshot.results.map((result) => [result.benchmark, result.metric, result.repetitions.length]),
      [
        ['run', 's', 1],
        ['run', 'queries/s', 2],
        ['run', 'p99  ms', 1],
        ['run', 'last', 1],
      ],
    );
    assert.deepEqual(snapshot.results[1]?.repetitions, [812.5, 790]);
    const [time] = snapshot.results;
    assert.ok(time?.valid && time.why === null && time.median !== null && time.median > 0);
    assert.equal(typeof time.counters['user-seconds'], 'number');
    assert.equal(typeof time.counters['minor-faults'], 'number');
    assert.ok(Object.keys(time.seen.cpus).length > 0);
    assert.ok(Object.values(time.seen.nodes).reduce((sum, pages) => sum + pages, 0) > 0);
    assert.match(snapshot.repeat, /^numa-pinboard run -- \S+ -e '/);
  });

  it('holds a pin, and repeats with it', async () => {
    const [cpu] = await twoCpus(host);
    const pins = [{ name: 'sleep', cpus: String(cpu), node: 0 }];
    const snapshot = await run(['sleep', '0.5'], { pins });
    const [time] = snapshot.results;
    assert.deepEqual(time?.placement, { command: ['sleep', '0.5'], pins });
    assert.deepEqual(time.seen.cpus, { sleep: String(cpu) });
    assert.equal(time.why, null);
    assert.equal(snapshot.repeat, `numa-pinboard run --pin sleep=${cpu}@0 -- sleep 0.5`);
  });

  it('says what did not hold', async () => {
    const [cpu] = await twoCpus(host);
    const failed = await run(['sh', '-c', 'exit 3']);
    assert.equal(failed.results[0]?.valid, false);
    assert.match(failed.results[0].why ?? '', /status 3/);
    const killed = await run(['sh', '-c', 'kill -TERM $$']);
    assert.match(killed.results[0]?.why ?? '', /SIGTERM/);
    const pins = [
      { name: 'sleep', cpus: String(cpu), node: null },
      { name: 'no-such-thread', cpus: String(cpu), node: null },
    ];
    const unmatched = await run(['sleep', '0.3'], { pins });
    assert.match(unmatched.results[0]?.why ?? '', /no-such-thread/);
  });

  it('says why it did not start', async () => {
    await assert.rejects(run(['/no/such/program']), hasCode('not-found'));
    await assert.rejects(run([]), hasCode('usage'));
    await assert.rejects(run(['true'], { pins: [{ name: 'true', cpus: '9999', node: null }] }), hasCode('cpu-absent'));
    await assert.rejects(run(['true'], { pins: [{ name: 'true', cpus: '0', node: 99 }] }), hasCode('node-absent'));
  });

  it('is not drowned by a line without an end', async () => {
    const snapshot = await run([
      'sh',
      '-c',
      'head -c 3000000 /dev/zero | tr "\\0" "{"; echo; echo "{\\"metric\\":\\"m\\",\\"value\\":1}"',
    ]);
    assert.deepEqual(
      snapshot.results.map((result) => result.metric),
      ['s', 'm'],
    );
  });

  /** Prints a figure, starts a child that ignores SIGTERM, and stays. */
  const stubborn = [
    'sh',
    '-c',
    `export ${mark}=1; echo '{"metric":"m","value":1}'; (trap "" TERM; sleep 600) & sleep 600`,
  ];

  for (const [how, words] of [
    ['cancelled', /cancelled/],
    ['its agent is killed', /agent .* ended/],
  ] as const) {
    it(`keeps its figures when ${how}, and leaves nothing running`, async () => {
      const control = new AbortController();
      const snapshot = await run(stubborn, {
        signal: control.signal,
        onOutput: () => (how === 'cancelled' ? control.abort() : killAgent()),
      });
      assert.match(snapshot.partial ?? '', words);
      assert.deepEqual(
        snapshot.results.map((result) => [result.metric, result.repetitions.length]),
        [
          ['s', 0],
          ['m', 1],
        ],
      );
      assert.equal(snapshot.results[1]?.valid, false);
      await nothingRuns();
      const left = (): number[] => processesWith(mark, '1');
      // Killed itself, the agent cannot end what it started; its program dies with it, not the program's own children.
      if (how === 'cancelled') await waitFor(() => left().length === 0, { what: 'the program to be gone' });
      for (const pid of left()) process.kill(pid, 'SIGKILL');
    });
  }

  it('throws when it was cut short before it said anything', async () => {
    const control = new AbortController();
    setTimeout(() => control.abort(), 500);
    await assert.rejects(run(['sleep', '600'], { signal: control.signal }), hasCode('cancelled'));
    await nothingRuns();
  });
});

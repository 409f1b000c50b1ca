// Real programs, started by the real agent on this machine: what they print, where they were seen, how they ended.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { baseName } from '../../src/model/bench/program/command.ts';
import type { Run } from '../../src/model/run/run.ts';
import type { AgentLineOf } from '../../src/protocol/agent.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { runProgram } from '../../src/remote/bench/program.ts';
import { processesWith } from '../support/process-table.mjs';
import { buildProgram } from '../support/built.ts';
import { waitFor } from '../support/processes.ts';
import { hasCode, killAgent, localHost, nothingRuns, twoCpus } from './measuring.ts';

const node = process.execPath;
const mark = 'NUMA_PINBOARD_TEST_PROGRAM';

describe('runProgram', { timeout: 240_000 }, () => {
  const host = localHost();
  after(() => host.close());

  const run = async (
    command: readonly string[],
    more: Partial<Parameters<typeof runProgram>[1]> = {},
  ): Promise<Run> => {
    const programs = [{ name: baseName(command[0] ?? ''), command }];
    return parseRun(JSON.stringify(await runProgram(host, { programs, pins: [], ...more })));
  };

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
    assert.deepEqual(time?.placement, { kind: 'program', command: ['sleep', '0.5'], pins });
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

  it('one that a person ends has neither failed nor slipped', async () => {
    let ended = false;
    let ask: (line: string) => void = () => assert.fail('nothing can be asked yet');
    const snapshot = await run(['sh', '-c', `echo '{"metric":"queries/s","value":7}'; exec sleep 600`], {
      onStart: (way) => (ask = way),
      wasEnded: () => ended,
      onLine: (line) => {
        if (line.type !== 'output') return;
        ended = true;
        ask('end 1');
      },
    });
    const [time] = snapshot.results;
    assert.deepEqual([time?.valid, time?.why, time?.stopped, snapshot.partial], [true, null, true, null]);
    assert.match(snapshot.verdict?.sentence ?? '', /^It was stopped after [\d.]+ s\. Printed: 7 queries\/s\.$/);
  });

  it('starts several together, each with its own end, figures and pins', async () => {
    const [one, two] = await twoCpus(host);
    const pins = [
      { name: 'a', cpus: String(one), node: null },
      { name: 'b', cpus: String(two), node: null, memory: 'interleave' },
    ];
    const script = (figure: number, end: string): string[] => [
      ...[
        'sh',
        '-c',
        `grep Cpus_allowed_list /proc/self/status; echo '{"metric":"m","value":${figure}}'; sleep 0.5; ${end}`,
      ],
    ];
    const programs = [
      { name: 'a', command: script(1, 'exit 0') },
      { name: 'b', command: script(2, 'exit 4') },
    ];
    let printed = '';
    const snapshot = await run([], {
      programs,
      pins,
      onOutput: (_, bytes) => (printed += Buffer.from(bytes).toString()),
    });
    assert.match(printed, new RegExp(`list:\\s*${one}\n`));
    assert.match(printed, new RegExp(`list:\\s*${two}\n`));
    assert.deepEqual(
      snapshot.results.map(({ metric, placement, repetitions, why }) => [
        metric,
        placement.kind === 'program' && placement.name,
        metric === 'm' ? repetitions[0] : repetitions.length,
        why,
      ]),
      [
        ['s', 'a', 1, null],
        ['s', 'b', 1, 'the program exited with status 4'],
        ['m', 'a', 1, null],
        ['m', 'b', 2, 'the program exited with status 4'],
      ],
    );
    assert.match(snapshot.repeat, /--pin a=\d+ --pin b=\d+@interleave -- --name a sh -c .* --and --name b sh -c /);
    assert.equal(snapshot.comparison, null);
  });

  it('pins threads that start late by their name, and keeps where the pages lay over time', async () => {
    const program = buildProgram('threads');
    try {
      const [one, two] = await twoCpus(host);
      const pins = [
        { name: 'threads', cpus: [...new Set([one, two])].sort((a, b) => a - b).join(','), node: null },
        // On its own CPU's node a thread's memory lies by first touch.
        { name: 'late-*', cpus: String(two), node: 0 },
      ];
      const allowed = new Map<string, string>();
      const control = new AbortController();
      const snapshot = await run([program.path, '8', 'early:0:1', 'late-one:700:3'], {
        pins,
        signal: control.signal,
        onLine: (line) => {
          if (line.type !== 'observed') return;
          for (const thread of line.threads) allowed.set(thread.name, thread.allowed);
          if (allowed.get('late-one') === String(two)) control.abort();
        },
      });
      assert.equal(allowed.get('late-one'), String(two));
      assert.equal(allowed.get('early'), pins[0]?.cpus.replace('0,1', '0-1'));
      const looks = snapshot.results[0]?.resident ?? [];
      assert.ok(looks.some(({ nodes }) => Object.values(nodes).reduce((sum, bytes) => sum + bytes, 0) >= 8 << 20));
    } finally {
      program.remove();
    }
  });

  it('moves a thread while it runs, seen from /proc, and no thread that is not its own', async () => {
    const program = buildProgram('threads');
    try {
      const [one, two] = await twoCpus(host);
      const control = new AbortController();
      let ask = (() => undefined) as (line: string) => void;
      const answers: AgentLineOf<'answer'>[] = [];
      let tid = 0;
      let moved = '';
      await run([program.path, '1', 'mine:0:1'], {
        signal: control.signal,
        onStart: (asking) => (ask = asking),
        onLine: (line) => {
          const mine = line.type === 'observed' && line.threads.find(({ name }) => name === 'mine');
          if (mine && tid === 0) {
            ({ tid } = mine);
            ask(`pin 7 ${two} ${mine.tid}`);
            ask(`pin 8 ${one} ${process.pid}`);
            ask('pin 9 8000 1');
          }
          if (line.type !== 'answer') return;
          answers.push(line);
          if (line.request === 7) moved = readFileSync(`/proc/${tid}/status`, 'utf8');
          if (line.request === 9) control.abort();
        },
      });
      assert.deepEqual(
        answers.map(({ request, threads, error }) => [request, threads, error?.code ?? null]),
        [
          [7, 1, null],
          [8, 0, 'not-found'],
          [9, 0, 'not-found'],
        ],
      );
      assert.match(moved, new RegExp(`Cpus_allowed_list:\\s*${two}\n`));
    } finally {
      program.remove();
    }
  });

  it('ends it when its time is over, in words', async () => {
    const snapshot = await run(['sh', '-c', 'trap "" TERM; sleep 600 & wait; sleep 600'], { timeoutMs: 300 });
    assert.match(snapshot.results[0]?.why ?? '', /^the program was stopped after .*, the timeout that was set$/);
    assert.match(snapshot.repeat, /--timeout 300ms/);
    await nothingRuns();
  });

  it('names every counter, with its value or why there is none', async () => {
    const counters = (await run(['true'])).results[0]?.counters ?? {};
    for (const name of [
      'cycles',
      'instructions',
      'LLC-load-misses',
      'node-loads',
      'node-load-misses',
      'dTLB-load-misses',
    ]) {
      const value = counters[name];
      assert.ok(typeof value === 'number' || (value?.unavailable ?? '') !== '', name);
    }
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
    ['its agent is killed', /agent .* exited/],
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

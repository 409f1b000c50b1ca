// What services print, as figures: names of tokio, Go and the JVM, units in names, labels of workers; and whatever else may come.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bodyOf } from '../../../src/model/metrics/answer.ts';
import { figureNamed } from '../../../src/model/metrics/figures.ts';
import { parseMetricsSource } from '../../../src/model/metrics/source.ts';
import { readBody, readLines } from '../../../src/model/metrics/told.ts';
import type { Read } from '../../../src/model/metrics/told.ts';
import { randomFrom } from '../../../src/model/run/statistics.ts';

const figures = ({ told }: Read): string[] =>
  told.flatMap(({ values }) =>
    values.map(({ figure, worker, value, unit }) => `${figure} ${worker ?? '*'} ${String(value)}${unit ? '' : ' ?'}`),
  );

void test('names are known as tokio-metrics, tokio, Go and the JVM tell them, with the unit they name', () => {
  const named = (name: string): string => {
    const found = figureNamed(name);
    return found ? `${found.figure} ${String(found.scale)}` : '-';
  };
  for (const [name, figure] of [
    ...[['total_polls_count', 'polls 1'] as const, ['tokio_total_polls_count_total', 'polls 1'] as const],
    ...[
      ['tokio_worker_steal_operations_total', 'stealOperations 1'] as const,
      ['totalStealCount', 'stolen 1'] as const,
    ],
    ...[['rust_tokio_total_slow_poll_count', 'slowPolls 1'] as const, ['total_poll_count', 'taskPolls 1'] as const],
    ...[['total_poll_duration', 'pollTime null'] as const, ['total_slow_poll_duration_ns', 'slowTime 1e-9'] as const],
    ...[
      ['svc_total_busy_duration_seconds_total', 'busy 1'] as const,
      ['total_busy_duration_us', 'busy 0.000001'] as const,
    ],
    ...[['go_sched_latencies_seconds_count', 'polls 1'] as const, ['/cpu/classes/user:cpu-seconds', 'busy 1'] as const],
    ...[['executor_steals_total', 'stolen 1'] as const, ['executor_completed_tasks_total', 'polls 1'] as const],
    ...[['executor_seconds_sum', 'pollTime 1'] as const, ['executor.steals', 'stolen 1'] as const],
    // Of one worker, of others, or of something else.
    ...[
      ['max_steal_count', '-'] as const,
      ['total_steal_count_seconds', '-'] as const,
      ['process_cpu_seconds_total', '-'] as const,
    ],
    ...[['constructor', '-'] as const, ['', '-'] as const, ['x'.repeat(1000), '-'] as const],
  ])
    assert.equal(named(name), figure, name);
});

void test('a JSON line is a report: of all, by worker, nested, with durations as Rust and Go write them', () => {
  const text = [
    '{"time": 1700000000.5, "total_polls_count": 100, "other": "x", "total_poll_duration": 7}',
    '{"elapsed": {"secs": 1, "nanos": 0}, "runtime": {"total_steal_count": 3, "total_busy_duration": {"secs": 1, "nanos": 500000000}}}',
    '{"workers": [{"total_polls_count": 1}, {"worker": "b", "total_polls_count": 2}]}',
    '{"worker": 4, "total_polls_count": 9}',
    '{"worker_poll_count": [5, 6]}',
    '{"metric": "total_slow_poll_count", "value": 8}',
    '{"total_slow_poll_duration": "1.5ms", "total_steal_count": -1}',
    '{"metric": "queries/s", "value": 812.5}',
    '',
  ].join('\n');
  const read = readLines(text);
  assert.deepEqual(figures(read), [
    ...['polls * 100', 'pollTime * 7 ?', 'stolen * 3', 'busy * 1.5', 'polls 0 1', 'polls b 2', 'polls 4 9'],
    ...['polls 0 5', 'polls 1 6', 'slowPolls * 8', 'slowTime * 0.0015'],
  ]);
  assert.equal(read.malformed, 0);
  assert.deepEqual(
    read.told.map(({ interval }) => interval),
    [false, true, false, false, false, false, false],
  );
  assert.equal(read.told[0]?.wallMs, 1_700_000_000_500);
  const times = ['"2023-11-14T22:13:20Z"', '1700000000000', '1700000000000000000', '"never"', '-1'];
  assert.deepEqual(
    times.map((time) => readLines(`{"time": ${time}, "total_polls_count": 1}`).told[0]?.wallMs),
    [1.7e12, 1.7e12, 1.7e12, null, null],
  );
});

void test('Prometheus text is one report, whatever its labels; what is broken is counted', () => {
  const text = [
    '# HELP tokio_worker_poll_count Polls.',
    '# TYPE tokio_worker_poll_count counter',
    'tokio_worker_poll_count{runtime="a \\"b\\", }",worker="0"} 12 1700000000000',
    'tokio_worker_poll_count{worker="1"} 1.5e3 # {trace_id="x"} 1',
    'executor_steals_total{name="pool",} 7',
    'go_sched_latencies_seconds_bucket{le="+Inf"} 3',
    'total_steal_count NaN',
    'this is no metric',
    'total_polls_count{worker="0} 3',
    '{"broken": ',
  ].join('\n');
  const read = readLines(text);
  assert.deepEqual(figures(read), ['polls 0 12', 'polls 1 1500', 'stolen * 7']);
  assert.deepEqual([read.told.length, read.malformed], [1, 3]);
  const whole = readBody('{\n  "tokio": { "total_polls_count": 4 }\n}\n');
  assert.deepEqual([figures(whole), whole.malformed], [['polls * 4'], 0]);
});

void test('whatever comes, nothing throws, and figures are finite and not negative', () => {
  const random = randomFrom(5);
  const pieces = [
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '\n',
      ' ',
      '#',
      '=',
      'worker',
      '"worker"',
      '0',
      '-1',
      '1e999',
      'NaN',
      'null',
    ],
    ...[
      'total_polls_count',
      '"total_polls_count"',
      '"elapsed"',
      '"secs"',
      '{"total_steal_count":',
      '\u0000',
      '\u202e',
      '1.5ms',
    ],
  ];
  for (let at = 0; at < 3000; at++) {
    let text = '';
    for (let length = random() * 30; length > 0; length--) text += pieces[Math.floor(random() * pieces.length)] ?? '';
    for (const { told, malformed } of [readLines(text), readBody(text)]) {
      assert.ok(malformed >= 0);
      for (const { values } of told)
        for (const { value } of values) assert.ok(Number.isFinite(value) && value >= 0, text);
    }
    assert.ok(!('body' in bodyOf(text)));
    assert.doesNotThrow(() => bodyOf(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`));
    assert.doesNotThrow(() => parseMetricsSource(text));
  }
  const deep = readLines(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
  assert.deepEqual(deep.told, []);
  const long = `total_polls_count{${'a="b",'.repeat(100_000)}} 1`;
  assert.deepEqual(readLines(long), { told: [], malformed: 1 });
  // Time that grows with the square of a line would show here as a test that does not end.
  for (const hostile of [
    'total_polls_count{"'.padEnd(250_000, '"'),
    'a{'.padEnd(250_000, '\\"'),
    `a ${'1'.repeat(250_000)}x`,
  ])
    assert.deepEqual(readLines(hostile), { told: [], malformed: 1 });
});

void test('an answer over HTTP is its body, or why there is none', () => {
  assert.deepEqual(bodyOf('HTTP/1.0 200 OK\r\nServer: x\r\n\r\na 1\n'), { body: 'a 1\n' });
  assert.deepEqual(bodyOf('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na 1\n'), { body: 'a 1' });
  assert.deepEqual(bodyOf('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na 1\n'), { why: 'its answer was cut off' });
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\na 1\r\n1\r\n\n\r\n0\r\n\r\n';
  assert.deepEqual(bodyOf(chunks), { body: 'a 1\n' });
  assert.deepEqual(bodyOf('HTTP/1.1 401 No\r\n\r\n'), { why: 'it answered with status 401' });
  assert.deepEqual(bodyOf('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), { why: 'its answer is compressed' });
  assert.deepEqual(bodyOf('SSH-2.0-OpenSSH_9.2\r\n'), { why: 'it did not answer in HTTP' });
});

const wordsOf = (text: string): string => {
  const source = parseMetricsSource(text);
  return typeof source === 'string' ? source : 'it was taken';
};

void test('a source is a file of the host, its own output, or an address on the host itself', () => {
  const http = (port: number, path: string, address = '127.0.0.1'): object => ({ kind: 'http', address, port, path });
  assert.deepEqual(parseMetricsSource('-'), { kind: 'output' });
  assert.deepEqual(parseMetricsSource('var/x.jsonl'), { kind: 'file', path: 'var/x.jsonl' });
  assert.deepEqual(parseMetricsSource('http://localhost:9090/metrics?x=1'), http(9090, '/metrics?x=1'));
  assert.deepEqual(parseMetricsSource('http://[::1]'), http(80, '/', '::1'));
  for (const wrong of [
    '',
    'https://localhost/metrics',
    'http://u:p@localhost/',
    'http://localhost:0/',
    'http://localhost/a b',
  ])
    assert.match(wordsOf(wrong), /give http:\/\/127\.0\.0\.1|^Give a file/, wrong);
  assert.match(wordsOf('http://10.0.0.1/metrics'), /on the host itself/);
});

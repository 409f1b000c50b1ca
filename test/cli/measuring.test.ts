// `bench` and `run` on this machine with the real agent: figures, placement seen, exit codes, what a cut leaves.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Decision } from '../../src/model/bench/separation/decision.ts';
import { sampleSchema } from '../../src/protocol/sample.ts';
import { withPool } from '../support/pool.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { descendantsOf, processName } from '../support/process-table.mjs';
import { cpuSeconds } from '../support/cpu-time.ts';
import { varied } from '../support/long.ts';
import { install, missingOf } from '../../scripts/setup/programs.mjs';
import type { Figure } from '../../src/model/cases/service.ts';
import { freePort, removeFolder, startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { cli, start } from './cli.ts';

const SHORT = ['--duration', '300ms', '--repeat', '3'];
/** Where neither a spread nor a comparison is looked at. */
const ONCE = ['--duration', '300ms', '--repeat', '1'];
const SPSC = ['bench', 'spsc', '--producer', '0', '--consumer', '1', '--format', 'json'];
/** Longer than any test waits: it is to be cut short. */
const ENDLESS = ['--duration', '200ms', '--repeat', '900'];

test('bench spsc measures between two CPUs and says what held', async () => {
  const answer = await cli([...SPSC, ...SHORT]);
  assert.equal(answer.code, 0, answer.stderr);
  const [result] = parseRun(answer.stdout).results;
  assert.ok(result);
  assert.equal(result.benchmark, 'spsc');
  assert.equal(result.metric, 'items/s');
  assert.equal(result.repetitions.length, 3);
  assert.ok(result.valid, result.why ?? '');
  assert.deepEqual(result.seen.cpus, { producer: '0', consumer: '1' });
  assert.ok(Object.values(result.seen.nodes).some((pages) => pages > 0));
  const text = await cli(['bench', 'spsc', '--producer', '0', '--consumer', '1', '--latency', ...ONCE]);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /p99\.9/);
  assert.match(text.stdout, /To repeat it: numa-pinboard bench spsc/);
});

test('--against measures a second placement in turn, and the run says how to repeat both', async () => {
  const answer = await cli([...SPSC, '--against', 'pin=0', ...SHORT]);
  assert.equal(answer.code, 0, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.deepEqual(
    run.results.map((result) => 'pin' in result.placement && result.placement.pin),
    [true, false],
  );
  assert.match(run.repeat, /--against pin=0/);
  assert.ok(run.comparison);
  assert.equal((await cli([...SPSC, '--against', 'colour=red'])).code, 2);
});

test('bench memory measures latency and bandwidth', async () => {
  const answer = await cli([
    'bench',
    'memory',
    '--cpu',
    '0',
    '--node',
    '0',
    '--size',
    '16M',
    '--format',
    'json',
    ...ONCE,
  ]);
  assert.equal(answer.code, 0, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.deepEqual(run.results.map((result) => result.benchmark).sort(), ['memory-bandwidth', 'memory-latency']);
  for (const result of run.results) assert.ok(result.valid, result.why ?? '');
});

test('bench memory takes threads together, kernels, policies and page sizes, and answers what the pages change', async () => {
  const words = ['bench', 'memory', '--cpu', 'node:0', '--node', '0', '--size', '4M'];
  const together = await cli([
    ...[...words, '--together', '--what', 'bandwidth', '--kernel', 'read,copy'],
    ...['--memory', 'bind,local', '--format', 'json', ...ONCE],
  ]);
  assert.equal(together.code, 0, together.stderr);
  const { results } = parseRun(together.stdout);
  assert.deepEqual(
    results.map(({ placement }) => placement.kind === 'memory' && [placement.policy, placement.kernel]),
    ['bind', 'local'].flatMap((policy) => ['read', 'copy'].map((kernel) => [policy, kernel])),
  );
  for (const { valid, why, threads, placement } of results) {
    assert.ok(valid, why ?? '');
    if (placement.kind === 'memory' && placement.cpus.length > 1) assert.equal(threads?.length, placement.cpus.length);
  }
  // No other test reserves pages meanwhile, or takes back those that were to be compared.
  const pages = await withPool(() =>
    cli([...words, '--what', 'latency', '--pages', 'all', '--format', 'json', ...SHORT]),
  );
  assert.equal(pages.code, 0, pages.stderr);
  const { results: compared, verdict } = parseRun(pages.stdout);
  if (compared.some(({ placement }) => placement.kind === 'memory' && placement.pages === 'thp')) {
    assert.equal(verdict?.question, 'Do huge pages help on node 0?');
    assert.match(verdict.sentence, /ransparent huge pages/);
  }
});

test('bench memory refuses pages, CPUs and policies that the host lacks, with what it has', async () => {
  const words = ['bench', 'memory', '--node', '0', ...SHORT];
  const pages = await cli([...words, '--cpu', '0', '--pages', '128m']);
  assert.equal(pages.code, 4, pages.stderr);
  assert.match(pages.stderr, /no pages of 128m\.\n {2}Ask for one of those it has: \d+k, thp/);
  const part = await cli([...words, '--cpu', 'node:99']);
  assert.equal(part.code, 4, part.stderr);
  assert.match(part.stderr, /no node:99\.\n {2}It has NUMA nodes /);
  assert.equal((await cli([...words, '--cpu', 'core:0'])).code, 2);
  assert.equal((await cli([...words, '--cpu', '0', '--memory', 'moon'])).code, 2);
  assert.equal((await cli(['bench', 'memory', '--cpu', '0', ...SHORT])).code, 2);
});

test('bench pool measures loads under steal orders and touches, and counts who stole from whom', async () => {
  // What is named twice is measured once.
  const words = ['bench', 'pool', '--load', 'distance,tree,tree', '--size', '1M'];
  const answer = await cli([...words, '--touch', 'worker', ...ONCE, '--format', 'json']);
  assert.equal(answer.code, 0, answer.stderr);
  const { results, repeat, verdict } = parseRun(answer.stdout);
  assert.equal(results.length, 6);
  assert.equal(verdict?.question, 'Does it pay to steal from the nearest first?');
  assert.match(verdict.sentence, /steal orders|[Tt]oo few rounds|Part of the answer/);
  for (const { valid, why, workers, placement, metric } of results) {
    // A worker that was given no CPU says so, on a machine that is overrun.
    assert.ok(valid || why?.includes('in the measured time'), why ?? '');
    assert.equal(metric, 'jobs/s');
    assert.ok(placement.kind === 'pool' && workers?.length === placement.cpus.length);
    assert.ok(workers.every(({ tried, got }) => got.every((count, of) => count <= (tried[of] ?? 0))));
  }
  assert.match(repeat, /^numa-pinboard bench pool --cpu 0/);
  const bound = await cli([...words, '--touch', 'bind']);
  assert.equal(bound.code, 2, bound.stderr);
  assert.match(bound.stderr, /--touch bind and --node/);
  const none = await cli([...words, '--duration', '0']);
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /--duration <time>.*Give 1ms to 10m\./);
});

test('bench spsc-alternate is a benchmark of its own, in ops/s', async () => {
  const answer = await cli(['bench', 'spsc-alternate', '--cpu', '0', '--format', 'json', ...ONCE]);
  assert.equal(answer.code, 0, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.deepEqual(
    run.results.map(({ benchmark, metric, valid }) => [benchmark, metric, valid]),
    [['spsc-alternate', 'ops/s', true]],
  );
  assert.match(run.repeat, /^numa-pinboard bench spsc-alternate --cpu 0 /);
});

test('what the host does not have: exit 4, and what it has instead', async () => {
  const cpu = await cli(['bench', 'spsc', '--producer', '0', '--consumer', '9999', ...SHORT]);
  assert.equal(cpu.code, 4, cpu.stderr);
  assert.match(cpu.stderr, /no CPU 9999/);
  const node = await cli(['bench', 'memory', '--cpu', '0', '--node', '99', ...SHORT]);
  assert.equal(node.code, 4, node.stderr);
  assert.match(node.stderr, /no NUMA node 99/);
  assert.equal(node.stdout, '');
});

test('an interrupt keeps what was measured so far and ends with 5', async () => {
  const running = await start([...SPSC, ...ENDLESS]);
  // The agent works: its threads have been on the CPU for at least two repetitions.
  await waitFor(() => descendantsOf(running.pid).some(hasWorked), { what: 'the agent to measure', timeoutMs: 120_000 });
  process.kill(running.pid, 'SIGINT');
  const answer = await running.answer;
  assert.equal(answer.code, 5, answer.stderr);
  const run = parseRun(answer.stdout);
  assert.ok(run.partial !== null);
  assert.ok((run.results[0]?.repetitions.length ?? 0) >= 1);
  assert.match(answer.stderr, /cut short/);
});

test('an agent that dies half-way: exit 5, what was measured is printed', async () => {
  const running = await start([...SPSC, ...ENDLESS]);
  const agent = await waitFor(() => descendantsOf(running.pid).find(hasWorked), {
    what: 'the agent to measure',
    timeoutMs: 120_000,
  });
  process.kill(agent, 'SIGKILL');
  const answer = await running.answer;
  assert.equal(answer.code, 5, answer.stderr);
  assert.ok((parseRun(answer.stdout).results[0]?.repetitions.length ?? 0) >= 1);
});

/** By then the agent has finished several repetitions. */
const hasWorked = (pid: number): boolean => cpuSeconds(pid) > 1;

test('run starts a program with its placement, passes its output on, and takes its figures', async () => {
  const script = 'echo \'{"metric": "queries/s", "value": 812.5}\'; grep Cpus_allowed_list /proc/self/status >&2';
  const answer = await cli(['run', '--pin', 'sh=1', '--format', 'json', '--', 'sh', '-c', script]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.match(answer.stderr, /Cpus_allowed_list:\t1\n/);
  const run = parseRun(answer.stdout);
  assert.deepEqual(
    run.results.map((result) => result.metric),
    ['s', 'queries/s'],
  );
  assert.deepEqual(run.results[1]?.repetitions, [812.5]);
  assert.equal(run.repeat, `numa-pinboard run --pin sh=1 -- sh -c '${script.replaceAll("'", "'\\''")}'`);
});

test('run says what became of the program: not there 4, failed 1', async () => {
  const absent = await cli(['run', '--', '/no/such/program']);
  assert.equal(absent.code, 4, absent.stderr);
  assert.match(absent.stderr, /\/no\/such\/program/);
  const failed = await cli(['run', '--', 'sh', '-c', 'exit 3']);
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stderr, /status 3/);
});

const pool = fileURLToPath(new URL('../../docs/examples/services/pool.py', import.meta.url));

test('run and watch take what a service tells, join it with where it runs, and hold it against the signs', async () => {
  const port = String(await freePort());
  // The service goes on while it is watched.
  const set = ['--threshold', 'steal-rate-high=0.99'];
  const running = await start([
    'run',
    '--metrics',
    '-',
    ...set,
    '--format',
    'json',
    '--',
    'python3',
    pool,
    '3',
    '600',
    port,
  ]);
  const url = `http://127.0.0.1:${port}/metrics`;
  await waitFor(() => running.stderr().includes('total_polls_count'), { timeoutMs: 120_000, what: running.output });
  const pid = descendantsOf(running.pid).find((one) => processName(one).startsWith('python')) ?? 0;
  const watching = await start(['watch', '--pid', String(pid), '--metrics', url, ...set, '--format', 'json']);
  const joined = (): string | undefined =>
    watching
      .stdout()
      .split('\n')
      .find((line) => line.includes('"window":{'));
  const line = await waitFor(joined, { timeoutMs: 120_000, what: watching.output });
  await watching.stop();
  const { service: told, processes } = v.parse(sampleSchema, JSON.parse(line));
  assert.ok((told?.window?.counts.polls ?? 0) > 0, line);
  assert.deepEqual(
    processes.map((one) => one.pid),
    [pid],
  );
  process.kill(pid, 'SIGTERM');
  const answer = await running.answer;
  assert.equal(answer.code, 0, answer.stderr);
  const { decision } = JSON.parse(answer.stdout) as { decision: Decision };
  const kept = parseRun(answer.stdout);
  const { service } = kept;
  assert.deepEqual([service?.workers.length, service?.malformed, service?.names.polls], [3, 0, 'total_polls_count']);
  const polls = service?.windows.reduce((sum, { counts }) => sum + (counts.polls ?? 0), 0) ?? 0;
  const lines = answer.stderr.split('\n').filter((line) => line.startsWith('{'));
  const [last] = lines.slice(-1).map((line) => JSON.parse(line) as { workers: { total_polls_count: number }[] });
  assert.equal(
    polls,
    last?.workers.reduce((sum, one) => sum + one.total_polls_count, 0),
    'none is lost or counted twice',
  );
  assert.ok(service?.windows.some(({ busy }) => Object.values(busy).some((seconds) => seconds > 0)));
  const value = (sign: string): number | null | undefined => decision.rows.find((row) => row.sign === sign)?.value;
  assert.ok((value('stealRate') ?? 0) > 0 && (value('slowPollRatio') ?? 0) > 0 && (value('stealEfficiency') ?? 0) > 0);
  assert.ok(decision.rows.every(({ value: own, why }) => (own === null) === (why !== null)));
  const high = ({ rows }: Pick<Decision, 'rows'>): unknown =>
    rows.find(({ sign }) => sign === 'stealRate')?.thresholds[1];
  assert.deepEqual([told && high(told.decision), high(decision)], [0.99, 0.99]);
  assert.deepEqual(kept.thresholds, { 'steal-rate-high': 0.99 });
  assert.ok(kept.repeat.includes(set.join(' ')), kept.repeat);
  const alone = await cli(['run', ...set, '--', 'true']);
  assert.deepEqual([alone.code, alone.stderr.includes('Give --metrics as well')], [2, true], alone.stderr);
  const wrong = await cli(['watch', '--metrics', 'http://example.org/metrics']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /on the host itself/);
});

// Minutes of compiling, from Debian's packages of tokio.
for (const seconds of varied([], [9]))
  test('a tokio service tells polls and steals of its workers by the names of tokio', async () => {
    const missing = missingOf(['cargo', 'tokio']);
    if (missing.length > 0)
      assert.equal(
        install(missing, () => undefined),
        null,
      );
    const folder = temporaryFolder('tokio');
    cpSync(fileURLToPath(new URL('../../docs/examples/services/tokio', import.meta.url)), folder, { recursive: true });
    mkdirSync(join(folder, '.cargo'));
    writeFileSync(
      join(folder, '.cargo', 'config.toml'),
      '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "/usr/share/cargo/registry"\n',
    );
    const build = await startProcess('cargo', ['build', '--offline'], {
      cwd: folder,
      env: { ...process.env, RUSTFLAGS: '--cfg tokio_unstable' },
    });
    assert.equal((await build.ended).code, 0, build.output());
    const service = join(folder, 'target', 'debug', 'tokio-service');
    const answer = await cli(['run', '--metrics', '-', '--format', 'json', '--', service, '3', String(seconds)]);
    removeFolder(folder);
    assert.equal(answer.code, 0, answer.stderr);
    const { service: told } = parseRun(answer.stdout);
    assert.deepEqual([told?.workers.length, told?.resets, told?.why], [3, 0, null]);
    const grown = (figure: Figure): number =>
      told?.windows.reduce((sum, { counts }) => sum + (counts[figure] ?? 0), 0) ?? 0;
    assert.ok(
      grown('polls') > grown('taskPolls') / 2 && grown('taskPolls') > 100 && grown('stolen') > 0 && grown('busy') > 0,
    );
    const { rows } = (JSON.parse(answer.stdout) as { decision: Decision }).decision;
    assert.deepEqual(
      rows
        .filter(({ sign }) => sign === 'stealRate' || sign === 'stealEfficiency')
        .map(({ title, why }) => [title, why]),
      [
        ['Stolen tasks ÷ polls', null],
        ['Stolen tasks ÷ steal operations', 'the service does not tell total_steal_operations'],
      ],
    );
  });

test('report writes a page a run, and nothing when one of the files is broken', async () => {
  const folder = temporaryFolder('report');
  const answer = await cli([...SPSC, ...ONCE]);
  const good = join(folder, 'good.numa.json');
  writeFileSync(good, answer.stdout);
  const broken = join(folder, 'broken.numa.json');
  writeFileSync(broken, answer.stdout.slice(0, 500));
  const refused = await cli(['report', good, broken, '--to', join(folder, 'out')]);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(refused.stderr, /not JSON/);
  const newer = join(folder, 'newer.numa.json');
  writeFileSync(newer, answer.stdout.replace('snapshot/1', 'snapshot/2'));
  const future = await cli(['report', newer, '--to', join(folder, 'out')]);
  assert.equal(future.code, 2);
  assert.match(future.stderr, /newer/);
  const written = await cli(['report', good, '--to', join(folder, 'out')]);
  assert.equal(written.code, 0, written.stderr);
  assert.deepEqual(readdirSync(written.stdout.trim()).sort(), [
    'figures.svg',
    'report.md',
    'run.numa.json',
    'topology.svg',
  ]);
  assert.equal(readdirSync(join(folder, 'out')).length, 1);
  const several = await cli(['report', good, good, '--to', join(folder, 'several')]);
  assert.equal(several.code, 0, several.stderr);
  const index = readFileSync(several.stdout.trim().split('\n').at(-1) ?? '', 'utf8');
  const links = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => join(folder, 'several', link ?? ''));
  assert.equal(links.length, 2);
  for (const link of links) assert.ok(existsSync(link), link);
  const again = await cli(['topology', '--from', good, '--format', 'json']);
  assert.deepEqual(JSON.parse(again.stdout), parseRun(answer.stdout).topology);
  removeFolder(folder);
});

// `npm run bench:sampler [-- SECONDS [CPUS [NODES]]]`: what ten samples a second of a large machine cost, idle, half busy and with every CPU busy
// at random: the agent's sampler, our shell fallback as often as it lets itself be asked, and a loop of `numastat`, which tells only of
// nodes. The machine is invented (test/support/machine-tree.ts) and its files move ten times a second; the agent gets it by --root, the
// others see it mounted over /proc and /sys. Prints CPU time as a share of a core, and bytes a second on stdout. Method and figures: docs/BENCHMARKS.md.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentLines } from '../../src/model/live/agent-lines.ts';
import { Rates } from '../../src/model/live/rates.ts';
import { parseAgentLine } from '../../src/protocol/agent.ts';
import { shellReadings } from '../../src/remote/sampling/shell.ts';
import { SAMPLED_FILES } from '../../src/model/live/sampled-files.ts';
import type { Channel } from '../../src/remote/transport.ts';
import { agentPath, haveAgent } from '../../test/agent/process.ts';
import { MachineTree } from '../../test/support/machine-tree.ts';
import type { Work } from '../../test/support/machine-tree.ts';
import { descendantsOf, signal } from '../../test/support/process-table.mjs';
import { need } from './needs.ts';

const INTERVAL_MS = 100;
const WORKS: readonly Work[] = ['idle', 'half', 'random'];

interface Cost {
  /** Share of a core. */
  readonly cpu: number;
  readonly bytesPerSecond: number;
  /** Samples, or runs of the loop, a second. */
  readonly perSecond: number;
}

/** Seconds of CPU time of a process, to the nanosecond, and in hundredths of those that it started and waited for. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const own = Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
    return own + (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}

const familySeconds = (pid: number): number =>
  [pid, ...descendantsOf(pid)].reduce((sum, one) => sum + cpuSeconds(one), 0);

/** Counts what a program prints and uses while the machine's files move. */
async function measure(
  tree: MachineTree,
  work: Work,
  seconds: number,
  child: ChildProcess,
  mark: string,
): Promise<Cost> {
  let [bytes, made] = [0, 0];
  child.stdout?.on('data', (data: Buffer) => {
    bytes += data.length;
    made += data.toString('latin1').split(mark).length - 1;
  });
  const move = setInterval(() => tree.pass(INTERVAL_MS / 10, work), INTERVAL_MS);
  try {
    // What is told only once is not what it costs to go on.
    await sleep(3000);
    const [begun, used, printed, before] = [performance.now(), familySeconds(child.pid ?? 0), bytes, made];
    await sleep(seconds * 1000);
    const passed = (performance.now() - begun) / 1000;
    return {
      cpu: (familySeconds(child.pid ?? 0) - used) / passed,
      bytesPerSecond: (bytes - printed) / passed,
      perSecond: (made - before) / passed,
    };
  } finally {
    clearInterval(move);
  }
}

/** A shell for which the tree is /proc and /sys, as far as samplers read them. */
function mounted(tree: MachineTree, script: string): ChildProcess {
  const mounts = ['proc/stat', 'sys/devices/system/node'].map(
    (path) => `mount --bind "$TREE/${path}" "/${path}" || exit 9`,
  );
  return spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', [...mounts, script].join('\n')], {
    env: { ...process.env, TREE: tree.root },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function agentCost(tree: MachineTree, work: Work, seconds: number): Promise<Cost> {
  const options = ['--reader', 'nodes', '--reader', 'time', '--interval-ms', String(INTERVAL_MS)];
  const child = spawn(agentPath, ['sample', '--root', tree.root, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    return await measure(tree, work, seconds, child, '"type":"sample"');
  } finally {
    child.stdin.end();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function numastatCost(tree: MachineTree, work: Work, seconds: number): Promise<Cost> {
  const child = mounted(tree, `while numastat; do sleep ${INTERVAL_MS / 1000}; done`);
  try {
    return await measure(tree, work, seconds, child, 'numa_hit');
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for (const pid of [child.pid ?? 0, ...descendantsOf(child.pid ?? 0)]) signal(pid, 'SIGTERM');
    await ended;
  }
}

async function shellCost(tree: MachineTree, work: Work, seconds: number): Promise<Cost> {
  const child = mounted(tree, 'exec sh');
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout) throw new Error('The shell has no pipes.');
  const channel: Channel = { stdin, stdout, stderr: stderr ?? process.stdin, exited, close: () => void stdin.end() };
  const end = new AbortController();
  const transport = {
    kind: 'local',
    name: 'the tree',
    shell: () => Promise.resolve(channel),
    lost: new Promise<never>(() => undefined),
    close: () => Promise.resolve(),
  } as const;
  const options = { intervalMs: INTERVAL_MS, pids: [], files: SAMPLED_FILES, signal: end.signal };
  const reading = (async () => {
    for await (const one of shellReadings(transport, options)) void one;
  })();
  try {
    return await measure(tree, work, seconds, child, '#sample');
  } finally {
    end.abort();
    await reading;
    await exited;
  }
}

/** CPU time that our side takes to make a sample of a line, in ms, the mean over what an agent sent. */
async function decodeMs(tree: MachineTree): Promise<number> {
  const options = ['--reader', 'nodes', '--reader', 'time', '--interval-ms', '20', '--count', '200'];
  const child = spawn(agentPath, ['sample', '--root', tree.root, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  const move = setInterval(() => tree.pass(2, 'random'), 20);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(move);
  const [lines, rates] = [new AgentLines(), new Rates()];
  const all = text.split('\n').filter((line) => line.includes('"type":"sample"'));
  const begun = process.cpuUsage();
  for (const line of all) {
    const parsed = parseAgentLine(line);
    const reading = parsed.type === 'sample' ? lines.take(parsed) : '';
    if (typeof reading === 'string') throw new Error(reading);
    rates.take(reading, new Date().toISOString());
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / all.length;
}

const numbers = process.argv.slice(2).map(Number);
if (numbers.length > 3 || numbers.some((number) => !Number.isInteger(number) || number < 1)) {
  console.error('usage: npm run bench:sampler -- [SECONDS [CPUS [NODES]]]');
  process.exit(2);
}
const [seconds = 20, cpus = 1024, nodes = 32] = numbers;
need(['gcc', 'headers', 'numastat']);
if (spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true'], { stdio: 'inherit' }).status !== 0) {
  console.error('The shell and numastat cannot be shown the machine: user namespaces are not allowed here.');
  process.exit(4);
}
await haveAgent();
const tree = new MachineTree(mkdtempSync(join('/dev/shm', 'sampler-')), { cpus, nodes });
const ways: readonly [string, (tree: MachineTree, work: Work, seconds: number) => Promise<Cost>][] = [
  ['agent', agentCost],
  ['shell', shellCost],
  ['numastat', numastatCost],
];
try {
  console.log(
    `${cpus} CPUs, ${nodes} nodes, asked every ${INTERVAL_MS} ms, ${seconds} s each, load ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  );
  console.log('machine  sampler    % of a core    bytes/s   a second');
  for (const work of WORKS)
    for (const [name, cost] of ways) {
      const { cpu, bytesPerSecond, perSecond } = await cost(tree, work, seconds);
      const columns = [
        (cpu * 100).toFixed(2).padStart(11),
        Math.round(bytesPerSecond).toLocaleString('en').padStart(10),
      ];
      console.log(`${work.padEnd(8)} ${name.padEnd(9)} ${columns.join(' ')} ${perSecond.toFixed(1).padStart(10)}`);
    }
  console.log(`our side: ${(await decodeMs(tree)).toFixed(2)} ms of CPU time a sample, all CPUs busy at random`);
} finally {
  tree.remove();
}

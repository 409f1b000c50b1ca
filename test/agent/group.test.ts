/** The real agent looking at a selection: who is in it, where its memory is by sampled pages, and what was asked for it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { isUnavailable } from '../../src/model/run/run.ts';
import type { AgentLineOf } from '../../src/protocol/agent.ts';
import { first } from './here.ts';
import { descendantsOf, processName } from '../support/process-table.mjs';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { Agent, agent, assertDone, haveAgent, linesOf, until } from './process.ts';

before(haveAgent);

async function look(...words: string[]): Promise<AgentLineOf<'group'>> {
  const answer = await agent('group', ...words);
  assertDone(answer);
  const [line] = linesOf(answer, 'group');
  assert.ok(line);
  return line;
}

/** A shell with a child, both waiting. */
async function family(
  environment: NodeJS.ProcessEnv = {},
): Promise<{ parent: ChildProcess; end: () => Promise<void> }> {
  const parent = spawn('sh', ['-c', 'taskset -pc "$1" $$ >&2; sleep 1000 & echo; wait', 'sh', String(first)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
    detached: true,
  });
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  // The child is a copy of the shell first.
  await until('the child', () => descendantsOf(parent.pid!).some((pid) => processName(pid) === 'sleep'));
  const end = async (): Promise<void> => {
    process.kill(-parent.pid!, 'SIGKILL');
    await until('its end', () => parent.exitCode !== null || parent.signalCode !== null);
  };
  return { parent, end };
}

void test('a process comes with its children, its threads, and what it may use', async () => {
  const { parent, end } = await family();
  try {
    const { processes, groups } = await look('--select', `pid:${parent.pid}`);
    const [group] = groups;
    assert.equal(group?.selection, `pid:${parent.pid}`);
    assert.equal(group.count, 2);
    assert.deepEqual(new Set(processes.map(({ name }) => name)), new Set(['sh', 'sleep']));
    assert.ok(
      processes.every(({ own, cpus, threads }) => own === true && cpus === String(first) && threads.length === 1),
    );
    assert.ok(
      processes.every(({ threads: [thread] }) => thread?.allowed === String(first) && thread.cpuSeconds !== undefined),
    );
    assert.ok(isUnavailable(group.memory), 'no control group is this process alone');
    assert.ok(!isUnavailable(group.pages) && group.pages.processes === 2 && group.pages.unread === 0);
    // Both are small: every page of theirs is asked.
    assert.ok(group.pages.all && Object.values(group.pages.margins).every((margin) => margin === 0));
  } finally {
    await end();
  }
});

void test('of its environment nothing but the named variables leaves the host', async () => {
  const { parent, end } = await family({
    ...{
      OMP_PLACES: '{0:2}',
      GOMP_CPU_AFFINITY: '0 1',
      SLURM_CPU_BIND: 'quiet,mask_cpu:0x3',
      OMP_PLACES_SECRET: 'hush',
    },
    ...{ SECRET_TOKEN: 'hush', X_OMP_PLACES: 'hush' },
  });
  try {
    const answer = await agent('group', '--select', `pid:${parent.pid}`);
    assertDone(answer);
    const process = linesOf(answer, 'group')[0]?.processes.find(({ pid }) => pid === parent.pid);
    assert.deepEqual(process?.asked.environment, {
      ...{ OMP_PLACES: '{0:2}', GOMP_CPU_AFFINITY: '0 1', SLURM_CPU_BIND: 'quiet,mask_cpu:0x3' },
    });
    assert.doesNotMatch(JSON.stringify(answer.lines), /hush|SECRET/);
  } finally {
    await end();
  }
});

void test('sampled pages and numa_maps tell the same', async () => {
  const sampled = await look('--select', `pid:${process.pid}`);
  const whole = await look('--select', `pid:${process.pid}`, '--numa-maps');
  const [one, other] = [sampled.groups[0]?.pages, whole.groups[0]?.pages];
  assert.ok(one && other && !isUnavailable(one) && !isUnavailable(other));
  assert.ok(other.all);
  const rss = Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  assert.ok(Math.abs(one.residentBytes / rss - 1) < 0.5, `${one.residentBytes} of ${rss}`);
  // A program of this size is sampled; so many pages tell a share to ± 1 %.
  if (!one.all) assert.ok(one.found >= 8000, `${one.found} of ${one.asked}`);
});

/** The last line in which it looked at what is followed: where that is dear, not every line is one. */
const lastLook = (sampling: Agent): AgentLineOf<'sample'> | undefined =>
  sampling.lines.flatMap((line) => (line.type === 'sample' && line.groups ? [line] : [])).at(-1);

void test('by name all are found, and who ended is told of no more', async () => {
  const name = `pin${process.pid}`;
  const child = spawn('sh', ['-c', `printf ${name} >/proc/$$/comm; echo; read x`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const sampling = new Agent(['sample', '--interval-ms', '50', '--select', `name:${name}`]);
  try {
    const first = await sampling.line('sample');
    assert.deepEqual(
      first.processes?.map(({ pid }) => pid),
      [child.pid],
    );
    child.kill('SIGKILL');
    await until('a sample without it', () => {
      const last = lastLook(sampling);
      return last?.processes?.length === 0 && last.groups?.[0]?.count === 0;
    });
    assert.ok(isUnavailable(lastLook(sampling)?.groups?.[0]?.pages));
  } finally {
    child.kill('SIGKILL');
    sampling.endStdin();
    await sampling.ended();
  }
});

/** In a namespace of its own the next process ID can be chosen: the agent follows a process whose number another gets. */
const REUSE = `mount -t proc proc /proc || exit 9
agent=$1; shift
mkfifo "$FOLDER/go" "$FOLDER/told"
(
  sleep 1000 & first=$!
  echo "$first" >"$FOLDER/told"
  read -r go <"$FOLDER/go"
  sleep 0.1 # Beginnings are told in hundredths of a second
  kill -9 "$first"; wait "$first"
  echo $((first - 1)) >/proc/sys/kernel/ns_last_pid
  sleep 2000 & second=$!
  echo "$second" >"$FOLDER/second"
  wait
) >/dev/null 2>&1 </dev/null &
read -r first <"$FOLDER/told"
exec "$agent" "$@" --select "pid:$first"`;

const namespaces =
  spawnSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', '--mount', 'true']).status === 0;

void test(
  'a number that was given anew is another process',
  { skip: namespaces ? false : 'no namespaces here' },
  async () => {
    const folder = temporaryFolder('reuse');
    const under = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount'];
    const shell = ['env', `FOLDER=${folder}`, 'sh', '-c', REUSE, 'sh'];
    const sampling = new Agent(['sample', '--interval-ms', '20'], [...under, ...shell]);
    try {
      const { groups } = await sampling.line('sample');
      const [pid = 0] = groups?.[0]?.pids ?? [];
      assert.equal(groups?.[0]?.count, 1);
      writeFileSync(join(folder, 'go'), '\n');
      await until(
        'the second process',
        () => existsSync(join(folder, 'second')) && readFileSync(join(folder, 'second'), 'utf8').endsWith('\n'),
      );
      assert.equal(Number(readFileSync(join(folder, 'second'), 'utf8')), pid, 'it has the number of the first');
      // Looks at processes are rarer than samples.
      await until('a look that finds nobody', () => {
        const last = lastLook(sampling);
        return last?.groups?.[0]?.count === 0 && last.processes?.length === 0;
      });
    } finally {
      sampling.endStdin();
      await sampling.ended();
      removeFolder(folder);
    }
  },
);

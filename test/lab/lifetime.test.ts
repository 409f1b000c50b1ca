// What is left on a host of a client that is killed, and of one that falls silent: nothing of the agent's tree, by the host's own
// clock and process table.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signal } from '../support/process-table.mjs';
import { waitFor } from '../support/processes.ts';
import type { LabHost, LabUser } from '../support/lab.ts';
import type { Started } from '../cli/cli.ts';
import { forget, startAt, users } from './asking.ts';
import { sharedLab } from './shared.ts';

/** What tries hardest to stay: deaf to TERM and HUP, one half of it in a session of its own. Each client's sleeps for a time of its own. */
const stubborn = (seconds: number): string =>
  `trap "" TERM HUP; setsid sh -c "trap \\"\\" TERM HUP; sleep ${String(seconds)}; :" & echo $$ >/tmp/stubborn-${String(seconds)}; sleep ${String(seconds)}; :`;
/** Seconds: a killed client's connection ends at once; of a silent one SECURITY.md says how long it may take. */
const [promised, deadline] = [5, 20];

/** One that runs its program. */
interface Client {
  readonly started: Started;
  readonly seconds: number;
  /** On the host: what was brought for it. */
  readonly folder: string;
}

describe('the end of a client', { timeout: 900_000 }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  before(async () => {
    // What commands of other files keep there until they are forgotten is not what is looked for.
    await forget();
    lab = await shared.open();
  });
  after(() => shared.leave());

  const uptime = async (): Promise<number> => Number(await lab.ask('root', "cut -d' ' -f1 /proc/uptime"));

  /** A pattern of `pgrep -f` for the agent, its guard, and what it was told to run; it does not match the command line that it stands in. */
  const treeOf = ({ folder, seconds }: Client): string =>
    `[n]uma-pinboard${folder.split('numa-pinboard')[1] ?? ''}/|[s]leep ${String(seconds)}`;

  /**
   * Seconds of the host's clock from before `end` until the tree is gone. The host itself writes down when: asking over SSH
   * costs seconds here.
   */
  async function secondsUntilGone(client: Client, end: () => void): Promise<number> {
    const tree = `pgrep -f '${treeOf(client)}'`;
    const at = `/tmp/gone-${String(client.seconds)}`;
    // A look at all processes costs an emulator as much as all else here: it is taken when those that were seen first have gone.
    const watch = `for pid in $(${tree}); do while [ -e /proc/$pid ]; do sleep 0.5; done; done; while ${tree}; do sleep 0.5; done`;
    const tell = `cut -d' ' -f1 /proc/uptime >${at}.new; mv ${at}.new ${at}`;
    await lab.ask(
      'root',
      `rm -f ${at}; setsid sh -c "${watch.replaceAll('$', '\\$')}; ${tell}" >/dev/null 2>&1 </dev/null &`,
    );
    const begin = await uptime();
    end();
    const gone = await waitFor(async () => (await lab.sh('root', `cat ${at}`)).stdout, {
      what: 'the tree to be gone',
      timeoutMs: 240_000,
      everyMs: 1500,
    });
    return Number(gone) - begin;
  }

  async function atWork(user: LabUser, seconds: number): Promise<Client> {
    const started = await startAt(lab, user, ['run', '--', 'sh', '-c', stubborn(seconds)]);
    const own = `/tmp/stubborn-${String(seconds)}`;
    const program = await waitFor(
      async () => (await lab.sh('root', `read -r pid <${own} && echo $pid`)).stdout.trim(),
      {
        what: () => `the program to run: ${started.output()}`,
        timeoutMs: 120_000,
        everyMs: 500,
      },
    );
    await waitFor(
      async () => (await lab.sh('root', `pgrep -x -f 'sleep ${String(seconds)}' | wc -l`)).stdout.trim() === '2',
      {
        what: 'both its halves',
        timeoutMs: 120_000,
        everyMs: 500,
      },
    );
    // It is a child of the agent, which is run from what was brought.
    const agent = await lab.ask(
      'root',
      `rm ${own}; read -r _ _ _ agent _ </proc/${program}/stat; tr '\\0' '\\n' </proc/$agent/cmdline | head -n 1`,
    );
    const folder = agent.replace(/\/numa-agent$/, '');
    assert.match(folder, /\/numa-pinboard\.\w+$/);
    return { started, seconds, folder };
  }

  const folders = async (): Promise<string> =>
    lab.ask('root', "find / /dev/shm -xdev -name 'numa-pinboard*' -not -path '/proc/*' 2>/dev/null || true");

  // Each has processes and a folder of its own, and waits.
  describe('client', { concurrency: true }, () => {
    for (const [index, user] of users.entries())
      it(`${user}: nothing is left of one that is killed, after ${String(promised)} s at most`, async () => {
        const client = await atWork(user, 7001 + index);
        try {
          const seconds = await secondsUntilGone(client, () => signal(client.started.pid, 'SIGKILL'));
          console.log(`gone ${seconds.toFixed(1)} s after the kill`);
          assert.ok(seconds <= promised, `${String(seconds)} s`);
        } finally {
          await client.started.stop();
        }
      });

    it(`nothing is left of one that falls silent, after the deadline of ${String(deadline)} s`, async () => {
      const client = await atWork('bench', 7011);
      try {
        const seconds = await secondsUntilGone(client, () => signal(client.started.pid, 'SIGSTOP'));
        console.log(`gone ${seconds.toFixed(1)} s after it fell silent`);
        assert.ok(seconds <= deadline, `${String(seconds)} s`);
      } finally {
        signal(client.started.pid, 'SIGCONT');
        await client.started.stop();
      }
    });

    it('one that is asked to end takes with it what was brought there', async () => {
      const { started, folder } = await atWork('bench', 7012);
      assert.ok((await folders()).split('\n').includes(folder), 'it is where it is looked for');
      await started.stop();
      await waitFor(async () => (await lab.sh('root', `test -e ${folder}`)).code === 1, {
        what: 'the folder of the agent to be removed',
        timeoutMs: 240_000,
        everyMs: 500,
      });
    });
  });

  it('and nothing of any of them, nor of what was brought there', async () => {
    await waitFor(async () => (await folders()) === '', {
      what: 'the folders of the agent to be removed',
      timeoutMs: 240_000,
      everyMs: 2000,
    });
    assert.equal((await lab.sh('root', "pgrep -fa '[n]uma-agent|[s]leep 70[0-9][0-9]'")).stdout, '');
  });
});

// What is left on a host of a client that is killed, and of one that falls silent: nothing of the agent's tree, by the host's own
// clock and process table.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signal } from '../support/process-table.mjs';
import { waitFor } from '../support/processes.ts';
import type { LabHost, LabUser } from '../support/lab.ts';
import { forget, startAt, users } from './asking.ts';
import { sharedLab } from './shared.ts';

/** What tries hardest to stay: deaf to TERM and HUP, one half of it in a session of its own. */
const stubborn = 'trap "" TERM HUP; setsid sh -c "trap \\"\\" TERM HUP; sleep 7777; :" & sleep 7777; :';
/** The agent, its guard, and what it was told to run. */
const tree = "pgrep -f '[n]uma-agent|[s]leep 7777'";
/** Seconds: a killed client's connection ends at once; of a silent one SECURITY.md says how long it may take. */
const [promised, deadline] = [5, 20];

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

  /**
   * Seconds of the host's clock from before `end` until the tree is gone. The host itself writes down when: asking over SSH
   * costs seconds here.
   */
  async function secondsUntilGone(end: () => void): Promise<number> {
    // A look at all processes costs an emulator as much as all else here: it is taken when those that were seen first have gone.
    const watch = `for pid in $(${tree}); do while [ -e /proc/$pid ]; do sleep 0.5; done; done; while ${tree}; do sleep 0.5; done`;
    const tell = "cut -d' ' -f1 /proc/uptime >/tmp/going; mv /tmp/going /tmp/gone";
    await lab.ask(
      'root',
      `rm -f /tmp/gone; setsid sh -c "${watch.replaceAll('$', '\\$')}; ${tell}" >/dev/null 2>&1 </dev/null &`,
    );
    const begin = await uptime();
    end();
    const gone = await waitFor(async () => (await lab.sh('root', 'cat /tmp/gone')).stdout, {
      what: 'the tree to be gone',
      timeoutMs: 240_000,
      everyMs: 1500,
    });
    return Number(gone) - begin;
  }

  async function atWork(user: LabUser): Promise<Awaited<ReturnType<typeof startAt>>> {
    const client = await startAt(lab, user, ['run', '--', 'sh', '-c', stubborn]);
    await waitFor(
      async () => (await lab.sh('root', "pgrep -x sleep -a | grep -c 'sleep 7777'")).stdout.trim() === '2',
      {
        what: () => `the program to run: ${client.output()}`,
        timeoutMs: 120_000,
        everyMs: 500,
      },
    );
    return client;
  }

  const folders = async (): Promise<string> =>
    lab.ask('root', "find / /dev/shm -xdev -name 'numa-pinboard*' -not -path '/proc/*' 2>/dev/null || true");

  for (const user of users) {
    it(`${user}: nothing is left of a client that is killed, after ${String(promised)} s at most`, async () => {
      const client = await atWork(user);
      try {
        const seconds = await secondsUntilGone(() => signal(client.pid, 'SIGKILL'));
        console.log(`gone ${seconds.toFixed(1)} s after the kill`);
        assert.ok(seconds <= promised, `${String(seconds)} s`);
      } finally {
        await client.stop();
      }
    });
  }

  it(`nothing is left of a client that falls silent, after the deadline of ${String(deadline)} s`, async () => {
    const client = await atWork('bench');
    try {
      const seconds = await secondsUntilGone(() => signal(client.pid, 'SIGSTOP'));
      console.log(`gone ${seconds.toFixed(1)} s after it fell silent`);
      assert.ok(seconds <= deadline, `${String(seconds)} s`);
    } finally {
      signal(client.pid, 'SIGCONT');
      await client.stop();
    }
  });

  it('and nothing of what was brought there', async () => {
    const client = await atWork('bench');
    assert.notEqual(await folders(), '', 'it is where it is looked for');
    await client.stop();
    await waitFor(async () => (await folders()) === '', {
      what: 'the folder of the agent to be removed',
      timeoutMs: 240_000,
      everyMs: 2000,
    });
  });
});

/** The real agent where it gets no turn: what could not be measured has no figure, and says why. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test, { before } from 'node:test';
import { parseCpuList } from '../../src/model/text/cpulist.ts';
import type { AgentLineOf } from '../../src/protocol/agent.ts';
import { Agent, assertDone, haveAgent, linesOf } from './process.ts';

const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!);
const [first = 0] = allowed;
const last = allowed.at(-1) ?? first;

before(haveAgent);

void test('a repetition in which not one round trip was made has no median', async () => {
  // SCHED_IDLE beside a thread that never sleeps is given about a 300th of the CPU: for milliseconds at a time nothing.
  const hog = spawn('taskset', ['-c', String(last), process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    const cases = ['--case', `producer=${first},consumer=${last}`];
    const none: AgentLineOf<'repetition'>[] = [];
    for (let tries = 5; none.length === 0 && tries > 0; tries--) {
      const answer = await new Agent(
        ['spsc', '--latency', '--duration-ms', '2', ...cases],
        ['chrt', '-i', '0'],
      ).ended();
      assertDone(answer);
      none.push(...linesOf(answer, 'repetition').filter((one) => one.items === 0));
    }
    assert.ok(none.length > 0, 'the agent got its turns');
    for (const one of none) {
      assert.equal(one.value, null);
      assert.deepEqual(one.histogram, []);
      assert.equal(one.valid, false);
      assert.match(one.why ?? '', /no round trip was completed in the measured time/);
    }
  } finally {
    hog.kill('SIGKILL');
  }
});

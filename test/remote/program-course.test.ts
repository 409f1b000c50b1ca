// A program on a board while it runs: what is done to it is marked on its course, taken back, released, and kept in its run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import { steps } from '../../src/model/bench/program/course.ts';
import type { LiveThread } from '../../src/model/bench/program/threads.ts';
import { parseRun } from '../../src/protocol/run.ts';
import type { BoardSession } from '../../src/remote/board/session.ts';
import { waitFor } from '../support/processes.ts';
import { endSessions, newSession } from './boards.ts';
import { hasCode, localHost, twoCpus } from './measuring.ts';

const PATIENT = { timeoutMs: 120_000 };

/** Tells the CPUs that it may use as a rate: 1000 with all, twice that with one. */
const RATE = `while :; do
  case $(sed -n 's/^Cpus_allowed_list:[[:blank:]]*//p' /proc/$$/status) in *-*|*,*) rate=1000;; *) rate=2000;; esac
  echo "{\\"metric\\": \\"turns/s\\", \\"value\\": $rate}"; sleep 0.05
done`;

const main = ({ board: { program } }: BoardSession): LiveThread | undefined =>
  program?.threads.find(({ tid }) => tid === program.pid);
const allowed = (pid: number): string | undefined =>
  /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
const printed = ({ board: { program } }: BoardSession): number =>
  program?.course.series.find(({ metric }) => metric === 'turns/s')?.points.length ?? 0;

describe('the course of a program', { timeout: 240_000 }, () => {
  afterEach(endSessions);

  async function started(words: readonly string[], pin: string | null = null) {
    const session = newSession();
    const host = localHost();
    await session.useHost(host);
    const run = session.program(words, pin);
    run.catch(() => undefined);
    await waitFor(() => main(session) !== undefined, { what: 'its first thread', ...PATIENT });
    return { session, run, cpus: await twoCpus(host) };
  }
  /** So many more figures. */
  async function more(session: BoardSession, count: number): Promise<void> {
    const before = printed(session);
    await waitFor(() => printed(session) >= before + count, { what: 'more figures', ...PATIENT });
  }

  it('has a mark for each move, undo and release, and says what changed; ended by a person, it is valid', async (t) => {
    // It starts on the first CPU alone: what it starts after it was moved by hand is not held against that pin.
    const { session, run, cpus } = await started(['sh', '-c', RATE], '0');
    const [first, second] = cpus;
    if (first === second) {
      t.skip('there is one CPU');
      return;
    }
    const pid = main(session)?.tid ?? 0;
    assert.equal(main(session)?.pinned, true);
    await assert.rejects(session.acts.undoMove([pid]), hasCode('usage'));
    await more(session, 8);
    await session.acts.pin([pid], `${String(first)},${String(second)}`);
    await waitFor(() => main(session)?.moved === true, { what: 'the move on the board', ...PATIENT });
    await more(session, 8);
    await session.acts.undoMove([pid]);
    assert.equal(allowed(pid), '0');
    await waitFor(() => main(session)?.moved === false, { what: 'nothing to undo', ...PATIENT });
    await more(session, 8);
    await session.acts.pin([pid], String(second));
    assert.equal(allowed(pid), String(second));
    const { topology } = session.board;
    const all = topology?.cpus.filter((cpu) => cpu.online && cpu.allowed).map(({ id }) => id) ?? [];
    await session.acts.pin([pid], all.join());
    await waitFor(() => main(session)?.pinned === false, { what: 'it to be free', ...PATIENT });
    await more(session, 8);
    await session.cancelRun();
    const { run: id } = await run;
    const { results, verdict } = parseRun(JSON.stringify(session.findRun(id)));
    const [time] = results;
    assert.deepEqual([time?.valid, time?.stopped, time?.why], [true, true, null]);
    const course = time?.course;
    assert.ok(course);
    const acts = all.length === 2 ? ['release', 'undo', 'pin', 'release'] : ['pin', 'undo', 'pin', 'release'];
    assert.deepEqual(
      course.marks.map(({ act }) => act),
      acts,
    );
    assert.match(course.marks[1]?.what ?? '', /^sh \d+: back to cpu 0$/);
    assert.ok(
      course.marks.every(({ seconds, until }, i) => seconds <= until && seconds >= (course.marks[i - 1]?.until ?? 0)),
    );
    assert.deepEqual(
      course.series.map(({ kind }) => kind),
      ['printed', 'cpus', 'threads'],
    );
    const told = steps(course).map(({ changes }) => changes[0]?.weight);
    // The last two moves came at once, and together they are one.
    assert.deepEqual(told, ['shown', 'shown', 'shown']);
    assert.match(verdict?.sentence ?? '', /turns\/s \u221250 % .* It was stopped after/);
  });

  it('asked twice to end, it ends once, and what is started next goes on', async () => {
    const { session, run } = await started(['sleep', '600']);
    const ending = [session.cancelRun(), session.cancelRun()];
    await run;
    const next = session.program(['sleep', '600'], null);
    next.catch(() => undefined);
    await waitFor(() => main(session) !== undefined, { what: 'the next one', ...PATIENT });
    await Promise.all(ending);
    assert.ok(session.board.program, 'it goes on');
    await session.cancelRun();
    await next;
  });

  it('a person who disconnects while it runs ends it as by its own button', async () => {
    const { session, run } = await started(['sh', '-c', RATE]);
    await more(session, 1);
    await session.disconnect();
    const { run: id } = await run;
    const { results, partial } = session.findRun(id);
    assert.deepEqual([partial, results[0]?.valid, results[0]?.stopped], [null, true, true]);
  });
});

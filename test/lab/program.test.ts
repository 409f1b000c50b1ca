// Own programs on a host of four sockets: pages moved between nodes while one runs, and each of them moved back; held against its own metrics;
// and a race between placements of which counts say, every time alike, which is the best: memory bound to the wrong node; in a long run also
// a ring that crosses sockets.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { BoardSession } from '../../src/remote/board/session.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { decideService } from '../../src/model/metrics/decide.ts';
import { runProgram } from '../../src/remote/bench/program.ts';
import { isUnavailable, type Result } from '../../src/model/run/run.ts';
import { bringProgram, type BroughtProgram } from '../support/brought.ts';
import type { LabHost } from '../support/lab.ts';
import { varied } from '../support/long.ts';
import { waitFor } from '../support/processes.ts';
import { measure } from './asking.ts';
import { sharedLab } from './shared.ts';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));
const MIB = 1 << 20;
/** Of the 64 MiB that the program holds. */
const MOST = 63 * MIB;
const PATIENT = { timeoutMs: 240_000 };

/** Of the pages seen; the others are of its code, and when it is looked at it may still be filling its own. */
const ALMOST = 0.8;

function shareOn(node: number, { seen }: Result): number {
  const all = Object.values(seen.nodes).reduce((sum, pages) => sum + pages, 0);
  return (seen.nodes[String(node)] ?? 0) / all;
}

// Counts tell, not times: the race mostly waits, and runs beside what works.
describe('programs on four sockets', { timeout: 900_000, concurrency: true }, () => {
  const shared = sharedLab('4s');
  let lab: LabHost;
  before(async () => {
    lab = await shared.open();
  });
  after(() => shared.leave());

  describe('pages of a program', { concurrency: false }, () => {
    it('are moved to another node, and back to where each came from', async () => {
      const session = new BoardSession({
        connector: async () => connectHost(await lab.open('bench'), { agentDir }),
        listHosts: () => [],
        exporter: () => Promise.reject(new Error('not asked for')),
      });
      /** Bytes by node, as the board has them. */
      const held = (): Record<string, number> => {
        const resident = session.board.program?.residentBytes ?? {};
        return isUnavailable(resident) ? {} : { ...resident };
      };
      const on = (node: number): number => held()[String(node)] ?? 0;
      /** The same from outside, by the host's own tool. */
      const outside = async (pid: number): Promise<string> => lab.ask('bench', `numastat -p ${String(pid)}`);
      try {
        await session.connect('lab');
        // memhog goes over its memory again and again: what is moved under it is still used.
        const run = session.program(['memhog', '-r100000', '64m'], '0-3@1');
        // Its end is awaited below; a failure before that is the one to be told.
        run.catch(() => undefined);
        await waitFor(() => on(1) >= 64 * MIB, { what: 'its memory on node 1', ...PATIENT });
        const pid = session.board.program?.pid ?? 0;
        const before = on(2);
        const found = on(1);
        const moved = await session.acts.movePages(2);
        assert.ok(moved.movedBytes >= MOST, JSON.stringify(moved));
        const told = moved.movedBytes + moved.leftBytes;
        assert.ok(told >= found - MIB, `of ${String(found)} bytes: ${JSON.stringify(moved)}`);
        await waitFor(() => on(2) >= before + MOST && on(1) < 64 * MIB - MOST + 8 * MIB, {
          what: 'its memory on node 2',
          ...PATIENT,
        });
        assert.match(await outside(pid), /memhog/);
        assert.equal(session.board.program?.moved?.to, 2);
        const back = await session.acts.movePagesBack();
        assert.ok(back.movedBytes >= MOST, JSON.stringify(back));
        await waitFor(() => on(1) >= MOST && on(2) < 64 * MIB - MOST + 8 * MIB, {
          what: 'its memory back on node 1',
          ...PATIENT,
        });
        assert.equal(session.board.program.moved, null);
        const thread = session.board.program.threads[0];
        assert.ok(thread);
        await session.acts.pin([thread.tid], '12');
        await waitFor(
          () => session.board.program?.threads.some(({ cpu, allowed }) => cpu === 12 && allowed === '12') === true,
          {
            what: 'its thread on CPU 12',
            ...PATIENT,
          },
        );
        await session.cancelRun(); // as a person ends it: what it used is told
        const { run: id } = await run;
        const looks = session.findRun(id).results[0]?.resident ?? [];
        const { marks = [] } = session.findRun(id).results[0]?.course ?? {};
        assert.deepEqual(
          marks.map(({ act }) => act),
          ['pages', 'pages-back', 'pin'],
          'it keeps what was done',
        );
        assert.ok(
          looks.some(({ nodes }) => (nodes['2'] ?? 0) >= MOST),
          'the run keeps where its pages were',
        );
        assert.equal(session.board.program, null);
      } finally {
        await session.dispose();
      }
    });

    it('are held against the work of a service that tells its own metrics', async () => {
      const host = connectHost(await lab.open('bench'), { agentDir });
      const file = '/tmp/service-metrics.jsonl';
      // Its work on node 0, its memory on node 1; a fifth of what it polls it stole.
      const script = [
        'memhog -r100000 64m >/dev/null & hog=$!; polls=0',
        'while [ "$polls" -lt 8000 ]; do polls=$((polls + 1000))',
        `echo "{\\"total_polls_count\\": $polls, \\"total_steal_operations\\": $((polls / 5))}" >>${file}; sleep 1; done`,
        'kill "$hog"; exit 0',
      ].join('\n');
      try {
        const run = await runProgram(host, {
          programs: [{ name: 'service', command: ['sh', '-c', script] }],
          pins: [{ name: 'service', cpus: '0', node: 1 }],
          metrics: { text: file, source: { kind: 'file', path: file } },
        });
        assert.ok(run.service);
        const { rows, verdict, sentence } = decideService(run.service, run.topology);
        const row = (name: string): (typeof rows)[number] | undefined => rows.find(({ sign }) => sign === name);
        assert.ok((row('crossNodeShare')?.value ?? 0) > 0.8, JSON.stringify(run.service));
        assert.ok(Math.abs((row('stealRate')?.value ?? 0) - 0.2) < 0.01, JSON.stringify(run.service));
        assert.equal(row('imbalance')?.value, 1);
        assert.equal(verdict, 'separate');
        assert.match(sentence, /^Signs speak for separating by node: .*, on an emulated host\.$/);
      } finally {
        await host.close();
      }
    });
  });

  describe('a race', { concurrency: false }, () => {
    let program: BroughtProgram;
    before(async () => {
      program = await bringProgram(lab, 'placed');
    });
    after(() => program.remove());

    it('is won by the node that is bound, not by memory that is bound to another, and the pages are where the run says', async () => {
      const words = [
        'race',
        '--budget',
        '9m',
        '--candidates',
        'node:2',
        '--also',
        'wrong=0-3@3',
        '--metric',
        'local reads',
      ];
      const run = await measure(lab, 'bench', [...words, '--better', 'more', '--', program.path]);
      assert.deepEqual(
        run.results.map(({ median }) => median),
        [0.25, 0, 1],
      );
      assert.equal(run.winner, 2, run.verdict?.sentence);
      assert.match(run.verdict?.sentence ?? '', /^node:2 beats unpinned: .* on an emulated host\.$/);
      assert.match(run.race?.candidates[1]?.out ?? '', /^behind after/);
      const [, wrong, node] = run.results;
      assert.ok(wrong && shareOn(3, wrong) > ALMOST, JSON.stringify(wrong?.seen));
      assert.ok(node && shareOn(2, node) > ALMOST, JSON.stringify(node?.seen));
    });

    for (const candidates of varied([], ['node:1+local']))
      it('is won by one socket where a ring would cross sockets', async () => {
        const words = [
          'race',
          '--budget',
          '9m',
          '--candidates',
          candidates,
          '--metric',
          'near hops',
          '--better',
          'more',
        ];
        const run = await measure(lab, 'bench', [...words, '--', program.path]);
        assert.deepEqual(
          run.results.map(({ median }) => median),
          [0.75, 1],
        );
        assert.equal(run.winner, 1, run.verdict?.sentence);
      });
  });
});

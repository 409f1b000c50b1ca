/** `serve`, also without a command: the machine as a tree, and the page in the browser until interrupted. */

import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { PinboardError } from '../../model/problem.ts';
import type { DoctorPart } from '../../model/report/doctor.ts';
import type { Run } from '../../model/run/run.ts';
import { formatCount } from '../../model/text/format.ts';
import { topologyTree } from '../../model/topology/text.ts';
import { BoardSession } from '../../remote/board/session.ts';
import { hostFromRun } from '../../remote/recorded/dump-host.ts';
import { recordingIn } from '../../remote/recording/place.ts';
import { RunStore } from '../../remote/store/run-store.ts';
import { Scraped } from '../../remote/sampling/scraped.ts';
import { listHosts } from '../../remote/ssh/config.ts';
import { fileOpener, openBrowser } from '../server/browser.ts';
import { print, say, sayProblem } from '../output.ts';
import { createScraper } from '../server/scraper.ts';
import { startServer } from '../server/server.ts';
import type { BoardServer } from '../server/server.ts';
import { wholeNumber } from '../values.ts';
import { connect, openHost, thisMachine, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  port: number;
  open: boolean;
  to: string;
  metrics?: string;
  plan?: string;
}

/** How the page names this machine among the hosts: the way back from another one. No alias holds a space. */
const THIS_MACHINE = 'this machine';

/** Machines with more PUs than this print a summary: the tree would scroll the address out of sight. */
const TREE_LINES = 60;

function shortTree(tree: string): string {
  const lines = tree.trimEnd().split('\n');
  if (lines.length <= TREE_LINES) return tree;
  const more = formatCount(lines.length - TREE_LINES);
  return [...lines.slice(0, TREE_LINES), `… ${more} more lines; "numa-pinboard topology" prints them all`].join('\n');
}

/** Each address opens the page once, in one browser; then the next one is printed, for another. */
function printAddress(server: BoardServer, words: string): void {
  const { url } = server.issue(() => printAddress(server, 'It is open. To open it in another browser:'));
  print(`${words} ${url}`);
}

function sayOpenIt(): void {
  say('Open it in a browser on this machine. Press Ctrl+C to stop.');
}

const elsewhere = (): PinboardError =>
  new PinboardError('unsupported', 'This page shows one run.', 'Go back to the board to connect.');

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

export function addServe(program: Command, signal: AbortSignal): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('serve the board on 127.0.0.1 and print its address (the default command)')
    .addOption(
      new Option('--port <n>', 'port on 127.0.0.1').argParser(wholeNumber(1, 65_535)).default(0, 'any free port'),
    )
    .option('--no-open', 'do not open a browser')
    .option('--to <dir>', 'folder for exported pages', 'docs/numa')
    .option(
      '--plan <file>',
      'show a placement plan (*.plan.yaml) on its machine, and write into it what is changed on the page',
    )
    .option(
      '--metrics <file>',
      'also answer /metrics for Prometheus, to who sends the token in this file (made if it is not there)',
    );
  withWhere(command).action(async (options: Options) => {
    const openFile = fileOpener();
    const shared = {
      recordTo: (host: string) => recordingIn(options.to, host),
      exporter: async (run: Run, looked: DoctorPart | null) => {
        const { exportRun } = await import('../../remote/store/export.ts');
        return exportRun(run, options.to, undefined, { looked });
      },
      openPage: openFile ? (folder: string) => openFile(join(folder, 'report.md')) : undefined,
      store: new RunStore(),
    };
    const session = new BoardSession({
      ...shared,
      connector: async (target, prompter, onStep, abort) =>
        target === null || target === THIS_MACHINE ? thisMachine() : connect(target, options, prompter, onStep, abort),
      listHosts: async () => [
        ...(process.platform === 'linux' ? [THIS_MACHINE] : []),
        ...(await listHosts(options.sshConfig)),
      ],
      hostsFrom: () => options.sshConfig ?? '~/.ssh/config',
    });
    const apart = async (id: string): Promise<BoardSession> => {
      const run = await session.kept.find(id);
      const shown = new BoardSession({ ...shared, connector: () => Promise.reject(elsewhere()), listHosts: () => [] });
      await shown.useHost(hostFromRun(run, 'To measure, go back to the board.'));
      shown.showRun(run.id);
      return shown;
    };
    let stopPlan = (): void => undefined;
    try {
      if (options.plan !== undefined) {
        const { servePlan } = await import('../plan-board.ts');
        stopPlan = await servePlan(session, options.plan, options, signal);
      } else if (process.platform === 'linux' || options.host !== undefined || options.from !== undefined) {
        await session.useHost(await openHost(options, signal), signal);
        const { topology } = session.board;
        if (topology) print(shortTree(topologyTree(topology)));
        if (session.board.measuring) {
          say(session.board.measuring.message);
          if (session.board.measuring.hint !== null) say(`  ${session.board.measuring.hint}`);
        }
      } else {
        // Elsewhere than on Linux the page opens on the hosts to connect to. This fails, with the reason at the head of the page's hosts: just what a person there has to know.
        await session.connect(THIS_MACHINE, signal).catch(sayProblem);
      }
      const scraped = new Scraped(() => session.alive);
      const scraper = options.metrics === undefined ? null : await createScraper(options.metrics, () => scraped.text());
      const server = await startServer(
        { board: session, apart, scraper },
        new URL('./', import.meta.url),
        options.port,
      );
      try {
        print('');
        print(`Runs are kept in ${shared.store.folder}.`);
        if (options.metrics !== undefined)
          print(`Metrics: ${server.metricsUrl} (authorization: credentials_file: ${options.metrics})`);
        printAddress(server, 'The board:');
        const opening = options.open ? openBrowser(server, sayOpenIt) : Promise.resolve(null);
        void opening.then((opened) => {
          if (opened) say('Opening it in your browser. Press Ctrl+C to stop.');
          else sayOpenIt();
        });
        await untilAborted(signal);
        void opening.then((opened) => opened?.end());
      } finally {
        scraped.close();
        await server.close();
      }
    } finally {
      stopPlan();
      await session.dispose();
    }
  });
}

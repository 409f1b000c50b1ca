/** The four views of the side bar, each drawn from the session or the store, and of each only what changed. */

import * as vscode from 'vscode';
import { formatBytes, plural } from '../../model/text/format.ts';
import type { BoardSession } from '../../remote/board/session.ts';
import type { RunStore } from '../../remote/store/run-store.ts';
import { findingRows, findingsWords } from './finding-rows.ts';
import { helpRows } from './help-rows.ts';
import { hostRows } from './host-rows.ts';
import type { LocalMachine } from './host-rows.ts';
import { Recordings } from './recordings.ts';
import { Room } from './room.ts';
import { runRows } from './run-rows.ts';
import type { Shelved } from './run-rows.ts';
import { Shelf } from './shelf.ts';
import type { SideBar } from './side-bar.ts';

export interface ViewsOf {
  readonly session: BoardSession;
  readonly runs: RunStore;
  readonly sideBar: SideBar;
  /** Where recordings are remembered. */
  readonly memory: vscode.Memento;
  readonly local: LocalMachine;
  /** Of ours, that can be executed. */
  readonly commands: readonly string[];
  readonly tell: (error: unknown) => void;
}

/** What of a board each view shows. */
const OF_HOSTS = ['host', 'hosts', 'connection', 'topology'] as const;

export class Views implements vscode.Disposable {
  readonly recordings: Recordings;
  readonly #of: ViewsOf;
  readonly #bar: SideBar;
  readonly #room = new Room();
  readonly #shelf: Shelf;
  readonly #listening: vscode.Disposable;

  constructor(of: ViewsOf) {
    this.#of = of;
    const { session, runs, sideBar, memory, commands, tell } = of;
    this.#bar = sideBar;
    this.recordings = new Recordings(memory);
    this.#shelf = new Shelf({
      store: runs,
      recordings: () => this.recordings.list(),
      isRunning: () => session.board.running !== null,
      onRead: (shelved, bytes) => this.#showRuns(shelved, bytes),
      onProblem: tell,
    });
    void vscode.commands.executeCommand('setContext', 'numaPinboard.local', of.local.lacks === null ? 'can' : 'cannot');
    this.#bar.help.show(helpRows(commands));
    this.#showHosts();
    const looked = (): void => {
      // What another window has measured is seen with the next look.
      if (this.#bar.runs.view.visible) this.#shelf.open();
    };
    this.#listening = vscode.Disposable.from(
      this.#bar.runs.view.onDidChangeVisibility(looked),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused && this.#bar.runs.view.visible) this.refreshRuns();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('numaPinboard.keptRuns')) this.refreshRuns();
      }),
      new vscode.Disposable(
        session.onChange((change) => {
          if (OF_HOSTS.some((key) => key in change)) this.#showHosts();
          if ('checkup' in change) this.#showFindings();
          if (change.running === null) void this.#shelf.settle();
          if (change.recording) this.#recorded(change.recording);
        }),
      ),
    );
    looked();
  }

  /** Reads again what is kept. */
  refreshRuns(): void {
    this.#shelf.changed();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#shelf.dispose();
  }

  #showHosts(): void {
    const { session, local } = this.#of;
    this.#bar.hosts.show(hostRows(session.board, session.standing, local));
  }

  #showRuns(shelved: Shelved, bytes: number): void {
    const { view } = this.#bar.runs;
    const { runs, more } = shelved;
    view.description = runs.length === 0 ? '' : `${plural(runs.length + more, 'run')}, ${formatBytes(bytes)}`;
    this.#bar.runs.say(this.#room.check(bytes));
    this.#bar.runs.show(runRows(shelved, new Date()));
  }

  #showFindings(): void {
    const { checkup } = this.#of.session.board;
    const count = checkup?.diagnosis?.findings.length ?? 0;
    this.#bar.findings.view.badge = count === 0 ? undefined : { value: count, tooltip: plural(count, 'finding') };
    this.#bar.findings.say(findingsWords(checkup));
    this.#bar.findings.show(findingRows(checkup));
  }

  #recorded({ path, since }: { readonly path: string; readonly since: string }): void {
    const { host } = this.#of.session.board;
    if (!host || host.transport === 'recorded') return;
    const { name, transport } = host;
    void this.recordings.add({ path, host: { name, transport }, time: since }).then(() => this.refreshRuns());
  }
}

/**
 * The processes that a board follows, which nobody started from it: what a person does to them, and takes back. The agent for that starts
 * with the first act and stays for as long as they are followed, for it knows where each page came from. What was done outlives it.
 */

import type { PagesMoved } from '../../model/bench/program/threads.ts';
import type { Sample } from '../../model/live/sample.ts';
import { followedGroup, NOTHING_HELD } from '../../model/live/live-group.ts';
import { selectionText, selectionWords } from '../../model/live/selection.ts';
import type { Selection } from '../../model/live/selection.ts';
import { askedRows } from '../../model/live/asked.ts';
import type { AskedRow } from '../../model/live/asked.ts';
import { PinboardError } from '../../model/problem.ts';
import { formatBytes, plural } from '../../model/text/format.ts';
import type { AgentProcess, Host } from '../host.ts';
import { lookAtGroup } from '../sampling/processes.ts';
import { Acts } from './acts.ts';
import type { BoardState } from '../../model/board/state.ts';

interface FollowedHooks {
  /** @throws PinboardError where none is connected. */
  readonly host: () => Host;
  readonly last: () => Sample | null;
  readonly warn: (message: string) => void;
}

export class Followed {
  readonly #state: BoardState;
  readonly #hooks: FollowedHooks;
  readonly acts: Acts;
  #agent: Promise<AgentProcess> | null = null;

  constructor(state: BoardState, hooks: FollowedHooks) {
    this.#state = state;
    this.#hooks = hooks;
    this.acts = new Acts({
      asker: async () => {
        const agent = await this.#running();
        return (line) => agent.ask(line);
      },
      live: () => {
        const { following, topology, held } = state.board;
        const sample = hooks.last();
        return following && sample && followedGroup(sample, following, topology, held);
      },
      topology: () => state.board.topology,
      done: () => void this.look(),
      changed: () => this.#tell(),
    });
  }

  /** A sample came: threads that have ended have no move to take back. */
  sampled(): void {
    const { held, following } = this.#state.board;
    const sample = this.#hooks.last();
    if (!following || !sample || held.threads.length === 0) return;
    this.acts.keepOnly(sample.processes.flatMap(({ threads }) => threads));
    if (this.acts.held.length !== held.threads.length) this.#tell();
  }

  /** What was asked for them: when they begin to be followed, and when something was done to them. */
  async look(): Promise<void> {
    const { following, topology } = this.#state.board;
    if (!following || !topology) return;
    let asked: AskedRow[] | null = null;
    try {
      const { processes, kubelet } = await lookAtGroup(this.#hooks.host(), following);
      asked = askedRows(topology, processes, kubelet);
    } catch {
      // Without an agent, or where they have ended, nothing is told of it; the samples say why.
    }
    if (this.#state.board.following === following) this.#state.patch({ asked });
  }

  /** Another is followed, or none: what was moved stays so, which is said. */
  async leave(): Promise<void> {
    const { following, held } = this.#state.board;
    const left = following ? leftWords(following, held.threads.length, held.moved) : null;
    const agent = this.#agent;
    this.#agent = null;
    this.acts.forget();
    this.#state.patch({ held: NOTHING_HELD, asked: null });
    if (left !== null) this.#hooks.warn(left);
    await agent?.then(
      (one) => one.stop(),
      () => undefined,
    );
  }

  #tell(): void {
    this.#state.patch({ held: { threads: [...this.acts.held], moved: this.acts.moved } });
  }

  #running(): Promise<AgentProcess> {
    const { following } = this.#state.board;
    if (!following) return Promise.reject(new PinboardError('not-found', 'No process is followed.'));
    this.#agent ??= this.#start(following);
    return this.#agent;
  }

  async #start(selection: Selection): Promise<AgentProcess> {
    let ready: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (ready = resolve));
    let agent: AgentProcess;
    try {
      agent = await this.#hooks.host().startAgent(['hold', '--select', selectionText(selection)]);
    } catch (error) {
      this.#agent = null;
      throw error;
    }
    const reading = this.#read(agent, ready);
    await Promise.race([holding, reading]);
    return agent;
  }

  async #read(agent: AgentProcess, ready: () => void): Promise<void> {
    const mine = this.#agent;
    try {
      for await (const line of agent.lines) {
        if (line.type === 'holding') ready();
        else if (line.type === 'answer') this.acts.take(line);
      }
    } catch {
      // It ended early: whoever asked it something is told below, and a lost connection is told elsewhere.
    }
    if (this.#agent !== mine) return;
    const { moved } = this.acts;
    this.#agent = null;
    this.acts.lost();
    this.#tell();
    if (moved)
      this.#hooks.warn(
        `The agent that moved ${formatBytes(moved.movedBytes)} of pages has ended: they stay on node ${moved.to}, and where each came from is forgotten.`,
      );
  }
}

function leftWords(selection: Selection, threads: number, moved: PagesMoved | null): string | null {
  const what = [
    threads > 0 ? `the CPUs of ${plural(threads, 'thread')}` : null,
    moved ? `${formatBytes(moved.movedBytes)} of pages on node ${moved.to}` : null,
  ].filter((words) => words !== null);
  if (what.length === 0) return null;
  return `${selectionWords(selection)} is no longer followed: ${what.join(' and ')} stay as they were set from here.`;
}

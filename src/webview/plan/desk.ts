/** Owns what a person does with the plan: what is chosen, carried and stretched, and every change on its way into the file. */

import { freeName, newBlock, renamed, withoutBlock } from '../../model/plan/edit/blocks.ts';
import { changeOf, changedPlan, listsChange } from '../../model/plan/edit/change.ts';
import type { BlockChange, BlockValues, PlanEdit, PlanLists } from '../../model/plan/edit/change.ts';
import { stretched, toCores, toNextNode, toNodes, toTray } from '../../model/plan/edit/fill.ts';
import type { Edge, Move } from '../../model/plan/edit/fill.ts';
import { planMachine } from '../../model/plan/machine.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Part } from '../../model/placement/placement.ts';
import { problemWords, toProblem } from '../../model/problem.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import type { Client } from '../../protocol/client.ts';
import type { PlanAct } from '../../protocol/plan-act.ts';
import type { Actions } from '../state/actions.ts';
import type { Store } from '../state/store.ts';
import { createReader } from './reading.ts';
import type { Reading } from './reading.ts';

/** What would become of a block, while it is carried or drawn out. */
export interface Trial {
  readonly block: string;
  readonly move: Move;
}

export interface Desk {
  /** Null: no plan is open, or it has no machine yet. */
  reading(): Reading | null;
  readonly chosen: string | null;
  choose(block: string | null): void;
  readonly trial: Trial | null;
  try(trial: Trial | null): void;
  /** The plan as the trial would leave it. */
  tried(): Plan | null;
  /** What dropping a block on a part of the machine does. */
  at(block: string, part: Part): Move;
  make(block: string, move: Move): void;
  stretch(block: string, by: number, edge?: Edge): void;
  nextNode(block: string, by: 1 | -1): void;
  unplace(block: string): void;
  set(block: string, to: BlockValues, words: string): void;
  /** Changes lists, and blocks with them, as one edit. */
  list(to: PlanLists, words: string, changes?: readonly BlockChange[]): void;
  /** A block more, which then is chosen. */
  add(): void;
  rename(block: string, name: string): void;
  /** What was given another name last. */
  readonly named: { readonly from: string; readonly to: string } | null;
  remove(block: string): void;
  edit(edit: PlanEdit): void;
  step(act: 'undo' | 'redo'): void;
  /** Raised with each edit that goes and comes. */
  readonly pending: readonly PlanEdit[];
}

export function createDesk(
  store: Store,
  client: Pick<Client, 'request'>,
  actions: Pick<Actions, 'notice' | 'announce'>,
): Desk {
  const read = createReader();
  let pending: readonly PlanEdit[] = [];
  let chosen: string | null = null;
  let trial: Trial | null = null;
  let named: Desk['named'] = null;
  const redraw = (): void => store.set({});

  const reading = (): Reading | null => {
    const { board } = store.get();
    return board?.plan && board.topology ? read(board.plan, board.topology, pending) : null;
  };
  const failed = (error: unknown): void => {
    const words = problemWords(toProblem(error));
    actions.notice('error', words);
  };
  const edit = (made: PlanEdit): void => {
    pending = [...pending, made];
    actions.announce(made.words);
    redraw();
    client
      .request('plan', { act: 'edit', edit: asSent(made) })
      .catch(failed)
      .finally(() => {
        pending = pending.filter((one) => one !== made);
        redraw();
      });
  };
  const make = (name: string, move: Move): void => {
    const block = reading()?.plan.blocks.find((one) => one.name === name);
    if (!block) return;
    if ('wrong' in move) {
      actions.notice('warning', move.wrong);
      actions.announce(move.wrong);
      return;
    }
    const change = changeOf(block, move.to);
    if (change) edit({ words: move.words, changes: [change] });
    else actions.announce(`${move.words} already.`);
  };
  /** On what is planned now. */
  const on = (name: string, work: (now: Reading) => Move): void => {
    const now = reading();
    if (now?.plan.blocks.some((one) => one.name === name)) make(name, work(now));
  };

  const list: Desk['list'] = (to, words, changes = []) => {
    const plan = reading()?.plan;
    const change = plan && listsChange(plan, to);
    if (change) edit({ words, changes, ...change });
  };

  return {
    reading,
    get chosen() {
      return chosen;
    },
    choose(block) {
      if (chosen === block) return;
      chosen = block;
      redraw();
    },
    get trial() {
      return trial;
    },
    try(next) {
      trial = next;
      redraw();
    },
    tried() {
      const plan = reading()?.plan ?? null;
      const block = plan?.blocks.find(({ name }) => name === trial?.block);
      if (!plan || !trial || !block || 'wrong' in trial.move) return plan;
      const change = changeOf(block, trial.move.to);
      return change ? changedPlan(plan, { words: '', changes: [change] }) : plan;
    },
    at(block, { kind, id }) {
      const now = reading();
      if (!now) return { wrong: 'There is no machine yet.' };
      if (kind === 'node') return toNodes(now, block, [id]);
      if (kind !== 'package') {
        // The only L3 of a node is the node.
        const { cores, coreOf } = planMachine(now.topology);
        const core = coreOf.get(id);
        const whole = kind === 'l3' && cores.every(({ node, l3 }) => (node === core?.node) === (l3 === core?.l3));
        return whole && core && core.node !== null ? toNodes(now, block, [core.node]) : toCores(now, block, id);
      }
      const { places } = indexTopology(now.topology);
      const cpus = now.topology.packages.find((one) => one.id === id)?.cpus ?? '';
      const nodes = new Set(parseCpuList(cpus).flatMap((cpu) => places.get(cpu)?.node?.id ?? []));
      return toNodes(
        now,
        block,
        [...nodes].sort((a, b) => a - b),
      );
    },
    make,
    stretch: (name, by, edge) => on(name, (now) => stretched(now, name, by, edge)),
    nextNode: (name, by) => on(name, (now) => toNextNode(now, name, by)),
    unplace: (name) => on(name, (now) => toTray(now, name)),
    set: (name, to, words) => make(name, { to, words }),
    list,
    add() {
      const plan = reading()?.plan;
      if (!plan) return;
      const block = newBlock(freeName(plan));
      chosen = block.name;
      list({ blocks: [...plan.blocks, block] }, `New block ${block.name}`);
    },
    rename(block, name) {
      const plan = reading()?.plan;
      if (!plan || block === name) return;
      chosen = name;
      named = { from: block, to: name };
      list(renamed(plan, block, name), `${block} is named ${name}`);
    },
    get named() {
      return named;
    },
    remove(block) {
      const plan = reading()?.plan;
      if (plan) list(withoutBlock(plan, block), `No block ${block} any more`);
    },
    edit,
    step(act) {
      const words = store.get().board?.plan?.[act];
      if (words === null || words === undefined) {
        actions.announce(`There is nothing to ${act}.`);
        return;
      }
      client
        .request('plan', { act })
        .then(
          () => actions.announce(`${act === 'undo' ? 'Undone' : 'Redone'}${words === '' ? '' : `: ${words}`}`),
          failed,
        );
    },
    get pending() {
      return pending;
    },
  };
}

/** The schema's types are the model's without `readonly`. */
const asSent = (edit: PlanEdit): Extract<PlanAct, { act: 'edit' }>['edit'] =>
  edit as Extract<PlanAct, { act: 'edit' }>['edit'];

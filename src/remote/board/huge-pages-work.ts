/** What is done about huge pages on a board: a plan to show, the change that a person confirmed on the page, and taking it back. */

import type * as v from 'valibot';
import type { Topology } from '../../model/topology/topology.ts';
import { changeSentence, differenceOf } from '../../model/hugepages/change.ts';
import type { ChangeOutcome, PoolChange } from '../../model/hugepages/change.ts';
import { findPool, planHugePages } from '../../model/hugepages/plan.ts';
import type { Wish } from '../../model/hugepages/plan.ts';
import { madeWords, planUndo } from '../../model/hugepages/undo.ts';
import { fallbackWords, outcomeSentences, planSentences } from '../../model/hugepages/words.ts';
import { recommendHugePages } from '../../model/recommend/hugepages/recommend.ts';
import { PinboardError } from '../../model/problem.ts';
import type { poolOutcomeSchema, poolPlanSchema, poolRequestSchema, poolUndoSchema } from '../../protocol/hugepages.ts';
import type { PoolEntry } from '../../protocol/hugepages-journal.ts';
import type { Host } from '../host.ts';
import { changeHugePages, undoHugePages } from '../hugepages/change.ts';
import type { PoolJournal } from '../hugepages/journal.ts';
import { readHugePages } from '../hugepages/read.ts';
import type { BoardState } from '../../model/board/state.ts';

type PoolPlan = v.InferOutput<typeof poolPlanSchema>;
type PoolRequest = v.InferOutput<typeof poolRequestSchema>;
type PoolOutcome = v.InferOutput<typeof poolOutcomeSchema>;
type PoolUndo = v.InferOutput<typeof poolUndoSchema>;

export interface HugePagesOptions {
  readonly journal: PoolJournal;
  /** @throws PinboardError `not-connected`. */
  host(): Host;
  /** @throws PinboardError also `busy`. */
  hostToChange(): Host;
}

export class HugePagesWork {
  readonly #state: BoardState;
  readonly #options: HugePagesOptions;
  readonly #journal: PoolJournal;

  constructor(state: BoardState, options: HugePagesOptions) {
    this.#state = state;
    this.#options = options;
    this.#journal = options.journal;
  }

  /** @throws PinboardError where there is no such pool. */
  async plan(wish: Wish, signal?: AbortSignal): Promise<PoolPlan> {
    const host = this.#options.host();
    const { pools } = await readHugePages(host, signal);
    const plan = planHugePages(pools, wish);
    const { needed, free, missing, change, commands, undo } = plan;
    return {
      ...{ needed, free, missing, sentences: planSentences(pools, plan) },
      otherwise: missing === 0 ? [] : fallbackWords(pools, plan),
      change: change && {
        node: change.node,
        sizeBytes: change.sizeBytes,
        from: change.from,
        to: change.to,
        sentence: changeSentence(change),
      },
      ...{ commands: [...commands], undo: [...undo] },
      paste: recommendHugePages(pools, plan),
    };
  }

  /** Makes just the change that was shown: where the pool is another by now, nothing is done. @throws as `changeHugePages`. */
  async reserve(request: PoolRequest, signal?: AbortSignal): Promise<PoolOutcome> {
    const host = this.#options.hostToChange();
    const { pools, boot } = await readHugePages(host, signal);
    const { node, pool } = findPool(pools, request);
    if (pool.total !== request.from) {
      throw new PinboardError(
        'busy',
        `The pool was changed meanwhile: it has ${pool.total} pages, not ${request.from}. Nothing was changed.`,
        'Look at the new plan.',
      );
    }
    const change: PoolChange = { ...request, inferred: node.inferred, surplus: pool.surplus ?? 0 };
    if (differenceOf(change) === 0) throw new PinboardError('usage', 'Nothing would be changed.');
    try {
      const outcome = await changeHugePages(host, change, { journal: this.#journal, boot, signal });
      this.#show(outcome);
      return told(outcome);
    } finally {
      await this.#tell(host, boot);
    }
  }

  /** Takes back the last change made from here. @param force also where somebody changed the pool since. */
  async undo(force: boolean, signal?: AbortSignal): Promise<PoolUndo> {
    const host = this.#options.hostToChange();
    const { pools, boot } = await readHugePages(host, signal);
    const entry = await this.#last(host, boot);
    if (!entry) throw new PinboardError('not-found', 'No change of huge pages on this host can be undone.');
    const { change, differs } = planUndo(pools, entry);
    if (change && differs !== null && !force) return { differs, sentences: [changeSentence(change)] };
    try {
      if (!change) {
        await this.#journal.exclusively(() => this.#journal.remove(entry));
        return { differs: null, sentences: ['Nothing had to be put back: the pool is as it was before.'] };
      }
      const outcome = await undoHugePages(host, entry, change, { journal: this.#journal, boot, signal });
      this.#show(outcome);
      return { differs: null, sentences: outcomeSentences(outcome) };
    } finally {
      await this.#tell(host, boot);
    }
  }

  /** What of earlier changes can be put back, whoever made them from here, in words. @throws as `readHugePages`. */
  async look(host: Host): Promise<string | null> {
    return this.#lastWords(host, (await readHugePages(host)).boot);
  }

  async #tell(host: Host, boot: string | null): Promise<void> {
    this.#state.patch({ reserved: await this.#lastWords(host, boot) });
  }

  async #lastWords(host: Host, boot: string | null): Promise<string | null> {
    const last = await this.#last(host, boot);
    return last ? madeWords(last) : null;
  }

  /** The last change that can be undone. */
  async #last({ transport }: Host, boot: string | null): Promise<PoolEntry | undefined> {
    return transport.kind === 'recorded' ? undefined : (await this.#journal.of({ transport, boot })).open.at(-1);
  }

  /** The machine as it is drawn has the new pool at once, not only after the next look. */
  #show({ change: { node: id, sizeBytes }, reading: { total, free } }: ChangeOutcome): void {
    const { topology } = this.#state.board;
    if (!topology) return;
    const nodes = topology.nodes.map((node): Topology['nodes'][number] => {
      if (node.id !== id) return node;
      const hugepages = node.hugepages.map((pool) => (pool.sizeBytes === sizeBytes ? { ...pool, total, free } : pool));
      return { ...node, hugepages };
    });
    this.#state.patch({ topology: { ...topology, nodes } });
  }
}

function told(outcome: ChangeOutcome): PoolOutcome {
  const { reading, short } = outcome;
  return { total: reading.total, free: reading.free, short, sentences: outcomeSentences(outcome) };
}

/** Owns what is done to the page by one key, or by a command of the editor: the same act behind both. */

import type { PageAct, PlainAct } from '../../protocol/acts.ts';
import type { Actions } from '../state/actions.ts';
import { liveGroup } from '../state/followed.ts';
import { askable, canBeBaseline, shownRun } from '../state/select.ts';
import type { Store } from '../state/store.ts';

/** What of the machine's view keys and commands reach. */
export interface ActTargets {
  zoomBy(factor: number): void;
  fit(): void;
  zoomToNode(): void;
  find(): void;
  /** The CPU that is pointed at, else the one that has the focus; null: none. */
  cpu(): number | null;
  /** Puts the focus on the timeline. */
  focusTime(): void;
}

export interface Acts {
  readonly plain: Readonly<Record<PlainAct, () => void>>;
  /** One of the board's questions, by its key. */
  ask(key: string): void;
  /** What a command of the editor asks for; says so where there is no machine yet. */
  perform(act: PageAct): void;
}

const ZOOM = 1.5;

export function createActs(store: Store, actions: Actions, targets: ActTargets): Acts {
  const state = store.get;

  const ask = (key: string): void => {
    const { board, carried } = state();
    if (!board?.topology || carried || board.running) return;
    const asked = askable(state(), board.topology).find((question) => question.key === key);
    if (asked?.placement) {
      actions.ask(asked);
      return;
    }
    const why = board.measuring?.message ?? asked?.detail;
    if (why !== undefined) actions.notice('info', why);
  };

  const plain: Acts['plain'] = {
    undo: () => actions.undo(),
    swap: () => actions.swapEnds(),
    clear: () => actions.clear(),
    setting: () => actions.stepSetting(1),
    baseline() {
      const run = shownRun(state());
      if (run && canBeBaseline(state(), run)) actions.baseline(run.id === state().board?.baseline ? null : run.id);
    },
    swapCompared: () => actions.kept.swap(),
    endComparison: () => actions.kept.unpick(),
    measures: () => store.set({ listing: true }),
    process: () => actions.pickProcess(''),
    pagesBack: () => actions.pagesBack(),
    poolsBack: () => actions.pools.putBack(false),
    pause() {
      actions.moments.toggle();
      if (state().moment) targets.focusTime();
    },
    earlier: () => actions.moments.step(-1),
    later: () => actions.moments.step(1),
    momentA: () => actions.moments.keep('a'),
    momentB: () => actions.moments.keep('b'),
    table: () => store.view({ table: !state().view.table }),
    matrix: () => actions.matrix(),
    victims: () => (state().thief === null ? actions.victims.of(targets.cpu()) : actions.victims.end()),
    devices: () => store.view({ devices: !state().view.devices }),
    numbers: () => actions.renumber(),
    warnings: () => store.set({ warnings: true }),
    keys: () => store.set({ help: true }),
    find: () => targets.find(),
    zoomIn: () => targets.zoomBy(ZOOM),
    zoomOut: () => targets.zoomBy(1 / ZOOM),
    fit: () => targets.fit(),
    zoomToNode: () => targets.zoomToNode(),
  };

  return {
    plain,
    ask,
    perform(asked) {
      if (!state().board?.topology && asked.act !== 'keys') {
        actions.notice('info', 'There is no machine on the board yet.');
        return;
      }
      store.set({ choosing: false });
      switch (asked.act) {
        case 'choose':
          actions.choose(asked.kind);
          break;
        case 'ask':
          ask(asked.key);
          break;
        case 'compare':
          actions.kept.compare(asked.runs);
          break;
        case 'reserve':
          actions.pools.plan([asked]);
          break;
        case 'movePages':
          store.set({ acting: { kind: 'pages', to: asked.to } });
          break;
        case 'pinThreads': {
          const threads = liveGroup(state())?.threads.map(({ tid }) => tid) ?? [];
          store.set({ acting: { kind: 'pin', threads, who: 'thread', cpus: asked.cpus } });
          break;
        }
        default:
          plain[asked.act]();
      }
    },
  };
}

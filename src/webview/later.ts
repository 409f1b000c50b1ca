/** Owns what the page loads after its first frame: the views, answers and dialogs that stand there only when a person asks for them. */

import { createActQuestion } from './frame/act-dialog.ts';
import { createHelp } from './frame/help.ts';
import { createMeasureDialog } from './frame/measure-dialog.ts';
import { createNaming } from './frame/naming.ts';
import { createPoolDialog } from './frame/pool-dialog.ts';
import { createQuestion } from './frame/question.ts';
import { createWarningList } from './frame/warning-list.ts';
import { createProcessDialog } from './frame/process-dialog.ts';
import { createShelf } from './frame/shelf-dialog.ts';
import { LATER_PLANS } from '../model/bench/plans/index.ts';
import { victimSentence, victimsOf } from '../model/steal/victims.ts';
import { answerAcross, headlineOf } from '../model/gate/side-by-side.ts';
import * as legend from './frame/legend-later.ts';
import * as machine from './machine/later.ts';
import { Matrix } from './matrix/matrix.ts';
import { measureOf } from '../model/live/measures/measures.ts';
import * as faces from './panel/faces.ts';
import type { Client } from '../protocol/client.ts';
import type { Actions } from './state/actions.ts';
import { bringComparing } from './state/comparison.ts';
import { bringMeasures } from './measures/known.ts';
import type { Part } from './state/part.ts';
import { bringPlans } from './state/select.ts';
import { bringStealing } from './state/stealing.ts';
import type { Store } from './state/store.ts';
import { createTables } from './tables/tables.ts';
import { createPlanPart } from './plan/part.ts';
import { createProgramForm } from './tray/program-form.ts';
import { LATER_SETTINGS } from './tray/later-fields.ts';
import { createRunning } from './tray/running.ts';
import './ui/defined.ts';

export { createProgramForm, createRunning, faces, LATER_SETTINGS, legend, machine };

export interface Later {
  readonly tables: Part;
  /** Beside the machine. */
  readonly matrix: Part;
  readonly dialogs: readonly Part[];
}

/** @param warned opens the list of warnings. @param measureChosen the list of measures was left. */
export function createLater(
  store: Store,
  actions: Actions,
  client: Client,
  warned: HTMLElement,
  measureChosen: () => void,
): Later {
  bringComparing({ answerAcross, headlineOf });
  bringMeasures(measureOf, { view: () => store.get().view, change: store.view });
  bringStealing({ victimsOf, victimSentence });
  bringPlans(LATER_PLANS);
  const plan = createPlanPart(store, actions, client);
  return {
    tables: createTables(actions),
    matrix: new Matrix(store, actions),
    dialogs: [
      createQuestion(actions),
      createWarningList(store, warned),
      createShelf(actions, store),
      createNaming(actions),
      createHelp(store, plan.keys),
      createMeasureDialog(store, measureChosen),
      createActQuestion(actions, store),
      createPoolDialog(actions),
      createProcessDialog(actions, store),
      plan,
    ],
  };
}

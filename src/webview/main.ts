/**
 * Owns the page's start: builds the parts once, ties them to the line and to one drawing a frame. What a board does not show at first is
 * loaded after the first frame (`later.ts`).
 */

import { createActs } from './frame/acts.ts';
import { createActions } from './state/actions.ts';
import { createAnnouncer, createNotices } from './frame/announce.ts';
import { createThrottle } from './state/throttle.ts';
import { connectStore } from './state/connect.ts';
import { listenToDrops } from './frame/dropping.ts';
import { el } from './ui/dom.ts';
import { createHeatBar } from './frame/heatbar.ts';
import { connectHost } from './state/seam.ts';
import { createHosts } from './frame/hosts.ts';
import { listenToKeys } from './frame/keys.ts';
import { createLegend } from './frame/legend.ts';
import { machineView, needsMarks } from './state/machine-view.ts';
import { atMoment } from './state/moments.ts';
import { createMachine } from './machine/machine.ts';
import { createPanel, needsFaces } from './panel/panel.ts';
import { comesLater } from './measures/known.ts';
import { isRecorded, stale } from './state/select.ts';
import { thiefAt } from './state/stealing.ts';
import { createStore } from './state/store.ts';
import { followBrowserTheme } from './ui/theme.ts';
import { createTimeline } from './timeline/timeline.ts';
import { createTitle } from './frame/title.ts';
import { needsSettings } from './tray/measure.ts';
import { createTray } from './tray/tray.ts';
import { createWarningChip } from './frame/warnings.ts';

function start(root: HTMLElement): void {
  const seam = connectHost();
  const saved = seam.load();
  const store = createStore(saved, seam.apart, (view) => seam.save(view));
  const redraw = (): void => store.set({});
  if (seam.kind === 'browser') followBrowserTheme(redraw);

  const announcer = createAnnouncer();
  const client = connectStore(seam, store, saved == null, {
    notice: (level, message) => actions.notice(level, message),
    act: (asked) => acts.perform(asked),
  });
  const actions = createActions(client, store, seam, (words) => announcer.say(words));

  /** The CPU that is pointed at. */
  let at: number | null = null;
  /** Whoever cannot steal leaves those numbered who are. */
  const steal = (cpu: number | null): void => {
    const { board: known, thief } = store.get();
    if (cpu !== null && cpu !== thief && known?.topology && thiefAt(known.topology, cpu) === cpu)
      store.set({ thief: cpu });
  };
  const board = el('div.board', { 'aria-label': 'Machine' });
  const machine = createMachine(board, {
    move: (slot, made) => actions.place(slot, made),
    carry: (slot, over) => store.set({ carried: slot === null ? null : { slot, over } }),
    refuse: (why) => actions.announce(why),
    stepSetting: (by) => actions.stepSetting(by),
    announce: (words) => actions.announce(words),
    point: (part) => {
      const { view, pointed, thief } = store.get();
      at = part?.kind === 'cpu' ? part.id : null;
      if (thief !== null) steal(at);
      const known = pointed?.by === 'machine' ? pointed.part : null;
      const same = pointed?.by !== 'matrix' && known?.kind === part?.kind && known?.id === part?.id;
      if (view.matrix && !same) store.set({ pointed: part && { by: 'machine', part } });
    },
  });

  const warned = createWarningChip(store);
  const title = createTitle(store, actions, warned.element);
  const tray = createTray(actions, store, machine, machine.map);
  const find = (): void => {
    // What is found is shown on the board.
    store.view({ table: false });
    machine.find();
  };
  const heat = createHeatBar(store, actions, { ...machine, find });
  heat.element.append(machine.finder);
  const legend = createLegend(actions);
  const panel = createPanel(actions, store, redraw);
  const time = createTimeline(actions.moments, redraw);
  const over = [createHosts(actions, store), createNotices(actions)];
  const parts = [title, warned, tray, heat, legend, panel, time, ...over];
  const stand = el('div.stand', {}, board);
  const main = el('main.main', { 'aria-label': 'Board' }, heat.element, stand, legend.element);
  const zones = [title.element, tray.element, main, panel.element, time.element];
  const app = el(
    'div.app',
    {},
    zones,
    over.map((part) => part.element),
    announcer.element,
    listenToDrops(actions),
  );
  root.replaceChildren(app);

  const acts = createActs(store, actions, {
    zoomBy: (factor) => machine.zoomBy(factor),
    fit: () => machine.fit(),
    zoomToNode: () => machine.zoomToNode(),
    cpu: () => at ?? machine.cpu(),
    find,
    focusTime: () => time.focus(),
  });
  listenToKeys(store, actions, acts, {
    pickUp: (role) => machine.pickUp(role),
    focusHeat: () => heat.focus(),
    heatFocused: () => heat.element.contains(document.activeElement),
  });
  new ResizeObserver(redraw).observe(app);
  // Only an age that is shown has to tick; nothing loops at rest.
  setInterval(() => {
    if (stale(store.get(), Date.now()) !== null || store.get().moment !== null) redraw();
  }, 1000);

  const bring = async (): Promise<void> => {
    const later = await import('./later.ts');
    const { tables, matrix, dialogs } = later.createLater(store, actions, client, warned.element, () => heat.focus());
    stand.append(matrix.element);
    main.append(tables.element);
    app.append(...dialogs.map((part) => part.element));
    panel.bring(later.faces);
    tray.bring(later.createRunning, later.createProgramForm, later.LATER_SETTINGS);
    legend.bring(later.legend);
    heat.bring(later.legend);
    machine.bring(later.machine);
    parts.push(tables, matrix, ...dialogs);
  };
  let rest: 'absent' | 'loading' | 'settled' = 'absent';
  const settle = (): void => {
    rest = 'settled';
    redraw();
  };
  const loadRest = (): void => {
    bring().then(settle, () => {
      actions.notice('error', 'A part of this page could not be loaded. Reload it.');
      settle();
    });
  };

  const calm = createThrottle(redraw);
  store.onRender((state) => {
    if (rest === 'absent') {
      rest = 'loading';
      setTimeout(loadRest);
    }
    // What is drawn is drawn whole: nothing is filled in a moment later.
    if (
      rest === 'loading' &&
      (state.board?.plan ||
        state.view.table ||
        state.view.matrix ||
        needsFaces(state) ||
        needsMarks(state) ||
        needsSettings(state) ||
        comesLater(state.view.measure))
    )
      return;
    const topology = state.board?.topology ?? null;
    app.classList.toggle('bare', topology === null || state.choosing);
    board.hidden = state.view.table;
    const told = atMoment(calm(state));
    for (const part of parts) part.update(told);
    if (topology && !state.view.table) machine.update(machineView(atMoment(state), topology));
    app.classList.toggle('then', state.moment !== null && !isRecorded(state));
  });
}

const root = document.getElementById('app');
if (root) start(root);

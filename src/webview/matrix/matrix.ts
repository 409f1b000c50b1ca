/** Owns the matrix beside the machine: which of its cells are looked at, what they cost, and what is pointed at here or there. */

import { originWords } from '../../model/bench/matrix/costs.ts';
import type { CostTable } from '../../model/bench/matrix/costs.ts';
import { lineCaption } from '../../model/bench/matrix/line.ts';
import { classSteps, cpuSheet, groupsOf, nodeSheet } from '../../model/bench/matrix/sheet.ts';
import type { Group, Head, Sheet } from '../../model/bench/matrix/sheet.ts';
import type { Lit } from '../../model/svg/sheet.ts';
import { formatFigure, scaleOf } from '../../model/text/format.ts';
import { cpuNumbers } from '../../model/topology/numbering.ts';
import { nodeOf } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Actions } from '../state/actions.ts';
import type { Part } from '../state/part.ts';
import { matrixTable } from '../state/select.ts';
import type { State, Store } from '../state/store.ts';
import { el, kbd, say, slot } from '../ui/dom.ts';
import { button } from '../ui/elements.ts';
import { Drawn } from './drawn.ts';
import { Grid } from './grid.ts';
import { classLegend } from './legend.ts';

/** So many CPUs are seen at once; of more, two nodes at a time. */
const AT_ONCE = 64;

/** What is looked at: all nodes, or the CPUs of two of them (of all, where they are few). */
interface Look {
  readonly rows: Group;
  readonly columns: Group;
}

type Figures = readonly (readonly (number | null)[])[];

export class Matrix implements Part {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #actions: Actions;
  readonly #drawn: Drawn;
  readonly #grid: Grid;
  readonly #title = el('h2');
  readonly #origin = el('p.dim.sm');
  readonly #readout = el('div.matrix-readout', { 'aria-hidden': 'true' });
  readonly #legend = el('div.matrix-legend', { tabindex: 0, role: 'region', 'aria-label': 'Legend: classes of pairs' });
  readonly #legendSlot = slot(this.#legend);
  readonly #back = button('matrix-nodes', 'secondary', () => this.#lookAt(null), 'All nodes');
  #table: CostTable | null = null;
  #topology: Topology | null = null;
  #groups: readonly Group[] = [];
  /** Null: node by node. */
  #look: Look | null = null;
  #figures: Figures | null = null;
  /** What keys and sight were brought to the beginning of. */
  #shown: { readonly table: CostTable; readonly look: Look | null } | null = null;
  #made: { readonly of: readonly unknown[]; readonly sheet: Sheet } | null = null;
  #hovered: Lit | null = null;
  #focused: Lit | null = null;

  constructor(store: Store, actions: Actions) {
    this.#store = store;
    this.#actions = actions;
    const redraw = (): void => store.set({});
    this.#drawn = new Drawn(
      {
        pointed: (cell) => {
          if (cell?.row === this.#hovered?.row && cell?.column === this.#hovered?.column) return;
          this.#hovered = cell;
          this.#point();
        },
        clicked: (cell) => this.#clicked(cell),
      },
      redraw,
    );
    this.#grid = new Grid({
      focused: (cell) => {
        this.#focused = cell;
        if (cell) this.#drawn.reveal(cell);
        this.#point();
      },
      enter: (cell) => this.#enter(cell),
      leave: () => {
        if (!this.#look || this.#whole) return false;
        this.#lookAt(null);
        this.#grid.focus();
        return true;
      },
      zoom: (by) => {
        this.#drawn.zoom(by);
        this.#drawn.reveal(this.#grid.at);
        redraw();
      },
    });
    this.#drawn.layer.append(this.#grid.element);
    const nearer = button('matrix-nearer', 'bare', () => this.#drawn.zoom(1), '+', { 'aria-label': 'Larger cells' });
    const farther = button('matrix-farther', 'bare', () => this.#drawn.zoom(-1), '\u2212', {
      'aria-label': 'Smaller cells',
    });
    const exported = button('matrix-export', 'secondary', () => this.#export(), 'Export', {
      title: 'The page of its run, with this matrix as SVG and CSV',
    });
    const close = button('matrix-close', 'bare', () => store.view({ matrix: false }), ['Close', kbd('X')]);
    this.element = el(
      'section.matrix-view',
      { 'aria-label': 'Matrix of CPU pairs' },
      el('div.bar.matrix-bar', {}, this.#title, el('span.grow'), this.#back, farther, nearer, exported, close),
      this.#origin,
      this.#drawn.element,
      this.#readout,
      this.#legend,
    );
  }

  update(state: State): void {
    const topology = state.board?.topology ?? null;
    const table = matrixTable(state);
    const shown = state.view.matrix && !state.view.table && topology !== null && table !== null;
    this.element.hidden = !shown;
    if (!shown) return;
    if (table !== this.#table || topology !== this.#topology) this.#take(topology, table);
    const sheet = this.#sheet(state, topology, table);
    const other = this.#shown?.table !== table || this.#shown.look !== this.#look;
    const held = this.#grid.element.contains(document.activeElement);
    if (other) {
      this.#shown = { table, look: this.#look };
      this.#drawn.reset();
      this.#grid.reset(sheet);
    }
    const { factor, unit } = scaleOf(table.metric, Math.max(0, ...table.classes.map(({ median }) => median ?? 0)));
    const where = this.#where(sheet);
    say(this.#title, where);
    say(this.#origin, this.#originWords(state, table, unit));
    this.#back.hidden = this.#whole || this.#look === null;
    this.#grid.show(
      sheet,
      `${where}, ${unit}. Arrows move, ${sheet.level === 'nodes' ? 'Enter shows the CPUs' : '+ and \u2212 change the size'}.`,
    );
    if (other && held) this.#grid.focus();
    this.#drawn.show({
      sheet,
      steps: classSteps(table.classes.length),
      figure: (value) => formatFigure(value / factor),
      lit: this.#lit(state, topology, sheet),
      focused: this.#focused,
    });
    this.#grid.place(this.#drawn.boxOf(this.#grid.at));
    say(this.#readout, this.#readoutWords(sheet));
    this.#legendSlot.update([table], () => classLegend(table));
  }

  /** Few CPUs, or one node: there is nothing to choose between. */
  get #whole(): boolean {
    return this.#groups.length < 2 || (this.#table?.cpus.length ?? 0) <= AT_ONCE;
  }

  #take(topology: Topology, table: CostTable): void {
    this.#table = table;
    this.#topology = topology;
    this.#groups = groupsOf(topology, table);
    const all: Group = { node: null, cpus: this.#groups.flatMap(({ cpus }) => cpus) };
    this.#hovered = null;
    this.#look = null;
    this.#figures = null;
    if (this.#whole) this.#lookAt({ rows: all, columns: all });
  }

  /** What each pair costs is asked for where it is looked at: of a large machine it would be megabytes. */
  #lookAt(look: Look | null): void {
    this.#look = look;
    this.#figures = null;
    this.#hovered = null;
    this.#store.set({ pointed: null });
    const table = this.#table;
    if (!look || !table) return;
    void this.#actions.pairs(table.run, look.rows.cpus, look.columns.cpus).then((figures) => {
      if (this.#look !== look || !figures) return;
      this.#figures = figures;
      this.#store.set({});
    });
  }

  #sheet(state: State, topology: Topology, table: CostTable): Sheet {
    const of = [table, topology, this.#look, this.#figures, state.view.numbers];
    if (this.#made && of.every((one, i) => one === this.#made?.of[i])) return this.#made.sheet;
    const look = this.#look;
    const sheet = look
      ? cpuSheet(topology, table, {
          rows: look.rows.cpus,
          columns: look.columns.cpus,
          figures: this.#figures,
          numbers: cpuNumbers(topology, state.view.numbers),
        })
      : nodeSheet(table, this.#groups);
    this.#made = { of, sheet };
    return sheet;
  }

  #where({ level }: Pick<Sheet, 'level'>): string {
    if (level === 'nodes') return 'Matrix, node by node';
    const look = this.#look;
    if (!look || this.#whole) return 'Matrix, CPU by CPU';
    const name = ({ node }: Group): string => (node === null ? 'CPUs of no node' : `node ${node}`);
    return look.rows === look.columns ? `CPUs of ${name(look.rows)}` : `${name(look.rows)} to ${name(look.columns)}`;
  }

  #originWords(state: State, table: CostTable, unit: string): string {
    const run = state.board?.runs.find(({ id }) => id === table.run);
    const placement = run?.results.find((result) => result.placement.kind === 'matrix')?.placement;
    const line = placement?.kind === 'matrix' && table.simulated === null ? ` ${lineCaption(placement)}` : '';
    const way = table.metric === 'ns' ? `${unit} one way` : unit;
    return `From row to column, ${way}, ${originWords(table)}; a dot: measured, the others are inferred.${line}`;
  }

  #readoutWords(sheet: Sheet): string {
    const at = this.#hovered ?? this.#focused;
    if (at?.row === undefined || at.row === null || at.column === null) {
      return sheet.level === 'nodes'
        ? 'Point at a cell; a click shows its CPUs.'
        : 'Point at a cell, or at a CPU of the machine.';
    }
    return sheet.words(at.row, at.column);
  }

  /** Rows and columns of what is pointed at, here or on the machine. */
  #lit({ pointed }: State, topology: Topology, { rows, columns }: Sheet): Lit[] {
    const here = this.#hovered ?? this.#focused;
    if (pointed?.by !== 'machine') return here ? [here] : [];
    const { part } = pointed;
    const is = (head: Head): boolean =>
      head.part?.kind === part.kind
        ? head.part.id === part.id
        : head.part?.kind === 'node' && part.kind === 'cpu' && nodeOf(topology, part.id)?.id === head.part.id;
    const place = (heads: readonly Head[]): number | null => {
      const at = heads.findIndex(is);
      return at < 0 ? null : at;
    };
    return [{ row: place(rows), column: place(columns) }];
  }

  /** Tells the machine what to light. */
  #point(): void {
    const at = this.#hovered ?? this.#focused;
    const sheet = this.#made?.sheet;
    const [from, to] = [sheet?.rows[at?.row ?? -1]?.part ?? null, sheet?.columns[at?.column ?? -1]?.part ?? null];
    this.#store.set({ pointed: at ? { by: 'matrix', from, to } : null });
  }

  #clicked({ row, column }: Lit): void {
    if (row === null || column === null) return;
    this.#grid.go({ row, column }, true);
    this.#enter({ row, column });
  }

  #enter({ row, column }: Lit): void {
    const [rows, columns] = [this.#groups[row ?? -1], this.#groups[column ?? -1]];
    if (this.#look || !rows || !columns) return;
    this.#lookAt({ rows, columns });
    this.#actions.announce(this.#where({ level: 'cpus' }));
  }

  #export(): void {
    if (!this.#table) return;
    if (this.#store.get().view.shown !== this.#table.run) this.#actions.show(this.#table.run);
    this.#actions.export();
  }
}

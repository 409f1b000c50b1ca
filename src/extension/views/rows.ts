/**
 * The rows of a view as plain data, and what of them changes: the editor is told of those alone, so that nothing flickers, loses the
 * focus or costs time while something else goes on.
 */

export type Subject =
  | { readonly kind: 'host'; readonly target: string | null }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'recording'; readonly path: string }
  | { readonly kind: 'finding'; readonly at: number };

export interface Row {
  /** Stays with what the row stands for: what is open and selected goes by it. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Lines. */
  readonly tooltip: string;
  /** Of the editor's icons, and of its colours; never what tells something alone. */
  readonly icon: string;
  readonly color?: string;
  /** What menus go by. */
  readonly context: string;
  /** What commands of a menu act on. */
  readonly of?: Subject;
  /** What choosing it does. */
  readonly command?: { readonly name: string; readonly title: string; readonly arguments: readonly unknown[] };
  /** How rows below it are seen first; absent: there are none. */
  readonly below?: 'open' | 'closed';
  readonly children?: readonly Row[];
}

/** Stays the same object for as long as there is such a row: the editor knows rows by it. */
export class RowNode {
  readonly id: string;
  row: Row;
  parent: RowNode | null = null;
  children: readonly RowNode[] = [];

  constructor(row: Row) {
    this.id = row.id;
    this.row = row;
  }
}

/** What a command of a menu was chosen on; null: not on a row, or on one that stands for nothing. */
export const subjectOf = (argument: unknown): Subject | null =>
  argument instanceof RowNode ? (argument.row.of ?? null) : null;

export class RowTree {
  roots: readonly RowNode[] = [];
  #nodes = new Map<string, RowNode>();

  find(id: string): RowNode | undefined {
    return this.#nodes.get(id);
  }

  /** @returns what has to be drawn anew, with all that is below it; null: the whole view. */
  set(rows: readonly Row[]): readonly RowNode[] | null {
    const changed: RowNode[] = [];
    const nodes = new Map<string, RowNode>();
    const before = this.roots;
    this.roots = this.#place(rows, null, nodes, changed);
    this.#nodes = nodes;
    return isSame(before, this.roots) ? changed : null;
  }

  #place(rows: readonly Row[], parent: RowNode | null, nodes: Map<string, RowNode>, changed: RowNode[]): RowNode[] {
    return rows.map((row) => {
      const node = this.#nodes.get(row.id) ?? new RowNode(row);
      const { row: before, children } = node;
      node.row = row;
      node.parent = parent;
      nodes.set(row.id, node);
      const below: RowNode[] = [];
      node.children = this.#place(row.children ?? [], node, nodes, below);
      const own = faceOf(before) !== faceOf(row) || !isSame(children, node.children);
      // What is drawn anew takes what is below it along.
      changed.push(...(own ? [node] : below));
      return node;
    });
  }
}

const isSame = (one: readonly RowNode[], two: readonly RowNode[]): boolean =>
  one.length === two.length && one.every((node, at) => node === two[at]);

const faceOf = (row: Row): string => JSON.stringify({ ...row, children: null });

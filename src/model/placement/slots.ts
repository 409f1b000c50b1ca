/** What a benchmark lets be placed, as plain data: all that the board, its keys, its fields and its pictures know of a token. */

/** Two shapes that fit into each other, a memory module, and one that nothing fits. */
export type SlotShape = 'tip' | 'notch' | 'module' | 'round';

export interface Slot {
  /** Its key in a placement. */
  readonly name: string;
  /** On the token; in lower case the key that picks it up. */
  readonly letter: string;
  /** As a heading: "Producer". */
  readonly label: string;
  /** In a sentence, behind "the". */
  readonly spoken: string;
  readonly on: 'cpus' | 'nodes';
  /** A second drop adds to what it holds. */
  readonly many: boolean;
  readonly shape: SlotShape;
  /** Slot to which a line is drawn from here; each is the other's end when the price of a place is told. */
  readonly lineTo: string | null;
  /** Slot on whose node memory lies that nobody placed: its CPU touches the pages first. */
  readonly follows: string | null;
  /** What dropping it does: "the thread is pinned there". */
  readonly dropped: string;
}

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

/** CPUs or nodes by id, ascending and never none; memory on several nodes is interleaved. Or: the node where a slot's first CPU touches it. */
export type Placed = readonly number[] | { readonly of: string };

/** What each slot holds, by its name. What is not in it is in the tray. */
export type Placement = Readonly<Record<string, Placed>>;

export const EMPTY_PLACEMENT: Placement = {};

/** Ids that a slot holds; none while it is in the tray or only follows another. */
export function idsIn(placement: Placement, slot: string): readonly number[] {
  const held = placement[slot];
  return held === undefined || 'of' in held ? [] : held;
}

/** The only CPU or node of a slot, or the first of several; null: none. */
export const firstIn = (placement: Placement, slot: string): number | null => idsIn(placement, slot)[0] ?? null;

export const slotNamed = (slots: readonly Slot[], name: string): Slot | null =>
  slots.find((slot) => slot.name === name) ?? null;

/** Slots whose tokens lie on a CPU or node, in their order. */
export function slotsOn(slots: readonly Slot[], placement: Placement, on: Slot['on'], id: number): Slot[] {
  return slots.filter((slot) => slot.on === on && idsIn(placement, slot.name).includes(id));
}

/** The two slots that a line joins, from and to; null where the benchmark draws none. */
export function lineEnds(slots: readonly Slot[]): readonly [from: Slot, to: Slot] | null {
  for (const from of slots) {
    const to = from.lineTo === null ? null : slotNamed(slots, from.lineTo);
    if (to) return [from, to];
  }
  return null;
}

/** CPUs at the two ends of the line; null until both stand. */
export function lineCpus(slots: readonly Slot[], placement: Placement): readonly [from: number, to: number] | null {
  const ends = lineEnds(slots);
  const [from, to] = ends ? [firstIn(placement, ends[0].name), firstIn(placement, ends[1].name)] : [null, null];
  return from === null || to === null ? null : [from, to];
}

/** The two ends of the line in each other's places; null unless both stand. What follows one of them goes on following it. */
export function withEndsSwapped(slots: readonly Slot[], placement: Placement): Placement | null {
  const ends = lineEnds(slots);
  const [from, to] = ends ? [placement[ends[0].name], placement[ends[1].name]] : [];
  return ends && from && to ? { ...placement, [ends[0].name]: to, [ends[1].name]: from } : null;
}

/** What the price of a token's places is told from: the other end of its line, else the slot that it follows. */
export function otherSlot(slots: readonly Slot[], { name, follows }: Slot): Slot | null {
  const [from, to] = lineEnds(slots) ?? [];
  if (name === from?.name) return to ?? null;
  if (name === to?.name) return from ?? null;
  return follows === null ? null : slotNamed(slots, follows);
}

/** Undefined: in the tray. */
export const samePlaced = (a: Placed | undefined, b: Placed | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export const samePlacement = (a: Placement, b: Placement): boolean =>
  a === b || [...Object.keys(a), ...Object.keys(b)].every((name) => samePlaced(a[name], b[name]));

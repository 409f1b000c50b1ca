// The slots of the SPSC benchmark by name, and placements of one CPU or node each.
import assert from 'node:assert/strict';
import { SPSC_SLOTS } from '../../src/model/bench/spsc/slots.ts';
import { slotNamed } from '../../src/model/placement/slots.ts';
import type { Placement, Slot } from '../../src/model/placement/slots.ts';

const named = (name: string): Slot => slotNamed(SPSC_SLOTS, name) ?? assert.fail(`no slot ${name}`);

export const PRODUCER = named('producer');
export const CONSUMER = named('consumer');
export const MEMORY = named('memory');

export const placed = (at: Readonly<Record<string, number | null>>): Placement =>
  Object.fromEntries(Object.entries(at).flatMap(([slot, id]) => (id === null ? [] : [[slot, [id]]])));

/** Owns what fields of pools have in common: lists of named sets, and how large the store is. */

import { formatBytes } from '../../model/text/format.ts';
import { parseSize } from '../ui/parse.ts';
import { typed } from './fields.ts';
import type { Field } from './fields.ts';

const AUTOMATIC = 'auto';

interface WithStore {
  /** Null: beyond the caches, as memory is free. */
  readonly sizeBytes: number | null;
}

export const choices = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

export const keyOf = <K extends string>(all: Readonly<Record<K, unknown>>, value: string, usual: K): K =>
  value in all ? (value as K) : usual;

export const storeField = (configure: (change: WithStore) => void): Field<WithStore> =>
  typed(
    'Store',
    'size',
    (w) => (w.sizeBytes === null ? AUTOMATIC : formatBytes(w.sizeBytes)),
    (words) => (words.trim().toLowerCase() === AUTOMATIC ? { value: 0 } : parseSize(words)),
    (sizeBytes) => configure({ sizeBytes: sizeBytes === 0 ? null : sizeBytes }),
  );

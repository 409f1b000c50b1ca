/** The options that select processes: `--pid`, `--name`, `--cgroup`, `--unit`, `--container`, `--pod`, each repeatable. */

import { InvalidArgumentError, Option } from 'commander';
import { SELECTION_KINDS, selectionOf, SELECTIONS } from '../model/live/selection.ts';
import type { Selection, SelectionKind } from '../model/live/selection.ts';

export type Selections = Partial<Record<SelectionKind, readonly Selection[]>>;

/** @param doing what is done with them: "also report the threads of". */
export const selectionOptions = (doing: string): Option[] =>
  SELECTION_KINDS.map((kind) => {
    const { value, about, example } = SELECTIONS[kind];
    const take = (text: string, before: readonly Selection[] = []): readonly Selection[] => {
      const selection = selectionOf(kind, text);
      if (!selection) throw new InvalidArgumentError(`Give something like ${example}.`);
      return [...before, selection];
    };
    return new Option(`--${kind} <${value}>`, `${doing} ${about}; repeatable`).argParser(take);
  });

export const selectionsOf = (options: Selections): Selection[] =>
  SELECTION_KINDS.flatMap((kind) => options[kind] ?? []);

/** Long work in slices: it hands back control now and then, and is told whether to end with what it has. */

export type Slices<T> = Generator<undefined, T, boolean>;

/** At one go. @param stop asked between slices. */
export function drive<T>(work: Slices<T>, stop: () => boolean): T {
  let slice = work.next(false);
  while (slice.done !== true) slice = work.next(stop());
  return slice.value;
}

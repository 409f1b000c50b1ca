/** Owns gestures that are made before what they move is there: they are kept, and told again then. */

/** A press that is over by then has moved nothing, and counts for nothing. */
const ENDS = ['mouseup', 'touchend', 'touchcancel'];

/** Returns what tells them again, once. */
export function keepGestures(board: HTMLElement): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let kept: Event[] = [];
  for (const name of ['wheel', 'mousedown', 'touchstart'])
    board.addEventListener(name, (event) => kept.push(event), { signal, passive: true });
  for (const name of ENDS)
    addEventListener(name, () => (kept = kept.filter((event) => event instanceof WheelEvent)), { signal });
  return () => {
    listening.abort();
    for (const event of kept) {
      const Same = event.constructor as new (name: string, like: Event) => Event;
      event.target?.dispatchEvent(new Same(event.type, event));
    }
  };
}

/** Owns files that are dropped on the page: where a run may land, and the way to choose one instead. */

import type { Actions } from '../state/actions.ts';
import { el } from '../ui/dom.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** @returns the veil that says what dropping does. */
export function listenToDrops(actions: Actions): HTMLElement {
  const veil = el('div.drop-veil', { hidden: true, 'aria-hidden': 'true' }, 'Drop a run (*.numa.json) to open it');
  // Entering a child comes before leaving its parent; out of the window there is no such child.
  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    veil.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!carriesFiles(event)) return;
    // Else the browser goes to the file, and the page is gone.
    event.preventDefault();
    if (files.length > 0) actions.kept.open(files);
  });
  return veil;
}

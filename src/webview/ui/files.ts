/** Owns asking for files in the browser's own way. */

import { el } from './dom.ts';

/** Nothing where a person goes back. */
export function chooseFiles(then: (files: File[]) => void): void {
  const input = el('input', { type: 'file', accept: '.json', multiple: true });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) then(files);
  });
  input.click();
}

// Owns what tests of a workbench do on the board in it: its controls by name, and its fields.
import type { FrameLocator } from 'playwright-core';
import type { BoardRoot } from '../../e2e/page.ts';

export const rootOf = (frame: FrameLocator): BoardRoot => ({
  page: frame,
  action: (name) => frame.locator(`[data-action="${name}"]`).first(),
});

/** By name, such as rounds and duration. A workbench of the usual size folds them. */
export async function setFields(frame: FrameLocator, fields: Readonly<Record<string, string>>): Promise<void> {
  const { action } = rootOf(frame);
  const folded = frame.locator('[data-action="unfold"][aria-expanded="false"]').first();
  if (await folded.isVisible()) await folded.click();
  for (const [name, value] of Object.entries(fields)) {
    await action(name).fill(value);
    await action(name).press('Enter');
  }
}

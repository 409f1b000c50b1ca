// Owns the page that the tests of a file look at one after the other: to open one costs the CPUs a second, of a large machine two.
import assert from 'node:assert/strict';
import type { BoardPage } from './page.ts';

export class OneBoard {
  readonly #open: () => Promise<BoardPage>;
  #left: BoardPage | undefined;

  constructor(open: () => Promise<BoardPage>) {
    this.#open = open;
  }

  /** With the focus and the pointer nowhere, as on a new page. Where a test fails, the next one has a new page. */
  async on(work: (board: BoardPage) => Promise<void>): Promise<void> {
    const board = await this.#take();
    try {
      await work(board);
      assert.deepEqual(board.complaints, []);
      this.#left = board;
    } finally {
      if (this.#left === undefined) await board.close();
    }
  }

  async #take(): Promise<BoardPage> {
    const left = this.#left;
    if (left === undefined) return this.#open();
    this.#left = undefined;
    await left.page.mouse.move(0, 0);
    await left.page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement || document.activeElement instanceof SVGElement)
        document.activeElement.blur();
    });
    return left;
  }

  /** After the tests. */
  async close(): Promise<void> {
    await this.#left?.close();
    this.#left = undefined;
  }
}

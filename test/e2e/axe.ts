// Owns asking axe what on a page keeps people out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BoardPage } from './page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Given by the debugger, which the page's policy does not bind. Last: it leaves traces on the page. Half of what axe takes is the
 * selectors of all that it looks at: they are asked for where it found something. It need not fetch style sheets and media
 * beforehand: the rules that want them are of sounds, which no page has, and experiments.
 */
export async function violations(board: BoardPage): Promise<string[]> {
  await board.page.evaluate(AXE);
  const first = await look(board, false);
  if (first.length === 0) return [];
  const again = await look(board, true);
  // What has gone meanwhile was there all the same.
  return (again.length > 0 ? again : first).map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 4)
        .map(({ target, html, any }) => `${again.length > 0 ? target.join(' ') : html} ${any[0]?.message ?? ''}`)
        .join(' | ')} (${String(nodes.length)})`,
  );
}

const look = ({ page }: BoardPage, selectors: boolean): Promise<AxeResults['violations']> =>
  page.evaluate(
    async (options) => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
      return (await axe.run(options)).violations;
    },
    { resultTypes: ['violations'], preload: false, selectors },
  );

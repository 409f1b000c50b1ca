// Owns what a person does to move the pages of a running program between nodes, by mouse and by keyboard; where they really
// lie is asked of the host itself.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { ownMemory } from '../lab/outside.ts';
import type { LabHost } from '../support/lab.ts';
import { waitFor } from '../support/processes.ts';
import { violations } from './axe.ts';
import { PATIENT } from './page.ts';
import type { BoardPage } from './page.ts';

/** What a program that holds 64 MiB and lets the emulator rest is called, given and begun on: CPUs of node 0, memory of node 1. */
export const HOLDER = { program: 'threads', words: '64', where: '0-3@1' } as const;
/** MiB of it that count as all: the kernel keeps some pages where they are. */
const MOST = 48;
const FEW = 64 - MOST + 8;

export interface Held {
  readonly lab: LabHost;
  readonly pid: number;
}

const dialog = (board: BoardPage): Locator => board.page.locator('dialog[open]');
const at = (memory: Readonly<Record<string, number>>, node: number): number => memory[String(node)] ?? 0;

export async function liesOn({ lab, pid }: Held, node: number): Promise<void> {
  let last = {};
  await waitFor(
    async () => {
      const memory = await ownMemory(lab, pid);
      last = memory;
      return Object.keys(memory).every((one) =>
        Number(one) === node ? at(memory, node) >= MOST : at(memory, Number(one)) <= FEW,
      );
    },
    { what: () => `its memory on node ${String(node)}: ${JSON.stringify(last)}`, timeoutMs: 240_000, everyMs: 500 },
  );
}

/** By its end all that the page asked for before is done: a program's requests are answered one after the other. */
async function pinned(board: BoardPage, { lab, pid }: Held, cpu: number): Promise<void> {
  await board.token(`thread:#${String(pid)}`).press('Enter');
  for (const digit of String(cpu)) await board.page.keyboard.press(digit);
  await board.page.keyboard.press('Enter');
  await waitFor(async () => (await lab.ask('bench', `taskset -pc ${String(pid)}`)).endsWith(`: ${String(cpu)}`), {
    what: `the program on CPU ${String(cpu)}`,
    timeoutMs: PATIENT.timeout,
    everyMs: 500,
  });
}

/** Which control has the focus: its `data-action`; "" where none has. */
const focused = (board: BoardPage): Promise<string> =>
  board.page.evaluate(() => {
    const has = document.activeElement;
    return !has || has === document.body ? '' : ((has as HTMLElement).dataset['action'] ?? has.outerHTML.slice(0, 80));
  });

async function focusComesTo(board: BoardPage, action: string): Promise<void> {
  await waitFor(async () => (await focused(board)) === action, { what: `the focus on "${action}"` }).catch(
    async (error: unknown) => assert.fail(`${String(error)}; it is on "${await focused(board)}"`),
  );
}

async function tabTo(board: BoardPage, action: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 80 && (await focused(board)) !== action) {
    await board.page.keyboard.press('Tab');
    passed.push(await focused(board));
  }
  assert.equal(await focused(board), action, `after ${passed.join(', ')}`);
}

/** It says what will happen, before it does, and the careful answer is the near one. */
async function asks(board: BoardPage, to: number): Promise<void> {
  await dialog(board).waitFor(PATIENT);
  const words = await dialog(board).innerText();
  for (const part of [
    `Move the pages of ${HOLDER.program} to node ${String(to)}?`,
    /The kernel copies (.*, )?[\d.]+ MB from node 1\b.* to node \d while the program runs/,
    'memory bandwidth',
    'can be undone',
  ])
    assert.ok(typeof part === 'string' ? words.includes(part) : part.test(words), `${String(part)} in: ${words}`);
  await focusComesTo(board, 'pages-decline');
}

export async function byMouse(board: BoardPage, held: Held): Promise<void> {
  const decline = async (close: () => Promise<unknown>): Promise<void> => {
    await board.action('pages-2').click(PATIENT);
    await asks(board, 2);
    await close();
    await dialog(board).waitFor({ ...PATIENT, state: 'detached' });
  };
  await decline(() => board.action('pages-decline').click());
  await focusComesTo(board, 'pages-2');
  await pinned(board, held, 4);
  await liesOn(held, 1);
  // Escape closes the question, wherever in it was clicked before, and what it is about runs on.
  for (const where of [dialog(board).locator('p'), board.page.locator('body')])
    await decline(async () => {
      await where.click({ position: { x: 2, y: 2 }, force: true });
      await board.page.keyboard.press('Escape');
    });
  await pinned(board, held, 5);
  await liesOn(held, 1);

  await board.action('pages-2').click();
  await board.action('pages-accept').click(PATIENT);
  await dialog(board).waitFor({ ...PATIENT, state: 'detached' });
  await board.page.getByText(/^[\d.]+ MB moved to node 2\./).waitFor(PATIENT);
  await liesOn(held, 2);
  await board.page.locator('[data-program-pages]', { hasText: /\d\d(\.\d)? MB on node 2/ }).waitFor(PATIENT);
  await board.screenshot('pages-moved');
  await board.action('pages-back').click(PATIENT);
  await board.page.getByText(/^[\d.]+ MB moved back\./).waitFor(PATIENT);
  await liesOn(held, 1);
  await board.action('pages-back').waitFor({ ...PATIENT, state: 'detached' });
}

export async function byKeyboard(board: BoardPage, held: Held): Promise<void> {
  const { keyboard } = board.page;
  await board.action('pages-3').waitFor(PATIENT);
  await tabTo(board, 'pages-3');
  await keyboard.press('Enter');
  await asks(board, 3);
  // Nothing behind the question is come to, in either direction; "" is the browser's own.
  const met = new Set<string>();
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
    await keyboard.press(key);
    met.add(await focused(board));
  }
  assert.deepEqual([...met].filter((one) => one !== '').sort(), ['pages-accept', 'pages-decline']);
  // With the focus on nothing in it, too, keys are the question's: Escape does not end the program, T shows no tables.
  await tabTo(board, '');
  await keyboard.press('t');
  await keyboard.press('Escape');
  await dialog(board).waitFor({ ...PATIENT, state: 'detached' });
  await focusComesTo(board, 'pages-3');
  assert.ok(await board.pu(0).isVisible(), 'no tables in the place of the machine');
  await pinned(board, held, 6);
  await liesOn(held, 1);

  await tabTo(board, 'pages-3');
  await keyboard.press('Space');
  await asks(board, 3);
  await tabTo(board, 'pages-accept');
  await keyboard.press('Enter');
  await dialog(board).waitFor({ ...PATIENT, state: 'detached' });
  await liesOn(held, 3);
  assert.match(await focused(board), /^pages-\d$/, 'the focus came back');
  // The pages may lie there before the page is told so.
  await board.action('pages-back').waitFor(PATIENT);
  await tabTo(board, 'pages-back');
  await keyboard.press('Enter');
  await board.page.getByText(/^[\d.]+ MB moved back\./).waitFor(PATIENT);
  await board.action('pages-back').waitFor({ ...PATIENT, state: 'detached' });
  await liesOn(held, 1);
  assert.match(await focused(board), /^pages-\d$/, 'the focus stays near the button that has gone');
}

export async function isAccessible(board: BoardPage, theme: string): Promise<void> {
  await board.action('pages-2').click(PATIENT);
  await asks(board, 2);
  await board.screenshot(`pages-question-${theme}`);
  assert.deepEqual(await violations(board), []);
  await board.page.keyboard.press('Escape');
}

export async function endsByKeyboard(board: BoardPage): Promise<void> {
  await board.action('program-stop').press('Enter', PATIENT);
  await board.action('program-line').waitFor(PATIENT);
  await focusComesTo(board, 'program-line');
}

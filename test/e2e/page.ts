// Owns a served board in a real browser: the built command line, Chromium, and an ear for everything that must not happen.
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, ConsoleMessage, Cookie, Locator, Page } from 'playwright-core';
import { start, type Started } from '../cli/cli.ts';
import { launchChromium } from '../support/chromium.ts';
import { varied } from '../support/long.ts';
import { waitFor } from '../support/processes.ts';
import { shared } from '../support/shared.ts';
import { closeTabs, leaveTab, openTab } from './tabs.ts';

export const PATIENT = { timeout: 120_000 };
const ARTIFACTS = fileURLToPath(new URL('../../test-artifacts/', import.meta.url));

/** What a page is looked at in: what a person may have asked the browser for. */
export const THEMES = {
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  light: { colorScheme: 'light', contrast: 'no-preference' },
  'hc-dark': { colorScheme: 'dark', contrast: 'more' },
  'hc-light': { colorScheme: 'light', contrast: 'more' },
} satisfies Record<string, BrowserContextOptions>;
export type Theme = keyof typeof THEMES;

/** The themes to look at the `nth` state of a page in: one, in turn; in a long run all of them. */
export function themesOf(nth: number): [Theme, BrowserContextOptions][] {
  const all = Object.entries(THEMES) as [Theme, BrowserContextOptions][];
  return varied(
    all.filter((_, i) => i === nth % all.length),
    all,
  );
}

export interface Served {
  readonly cli: Started;
  readonly address: string;
}

export async function serve(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Served> {
  const cli = await start(['serve', '--no-open', '--no-prompt', ...args], env);
  const address = await waitFor(() => /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(cli.stdout())?.[0], {
    what: () => `the address of the page:\n${cli.output()}`,
    ...PATIENT,
    timeoutMs: PATIENT.timeout,
  });
  return { cli, address };
}

/** A board's controls, wherever it is shown: a page of its own, or a frame of the editor. */
export interface BoardRoot {
  readonly page: Pick<Page, 'locator'>;
  action(name: string): Locator;
}

export type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

export interface BoardPage extends BoardRoot {
  readonly page: Page;
  pu(id: number): Locator;
  node(id: number): Locator;
  /** The token in the tray. */
  token(role: string): Locator;
  /** Waits until the tray's field says where the token sits. */
  sits(role: string, words: string): Promise<void>;
  drag(from: Locator, to: Locator): Promise<void>;
  /** Into test-artifacts/, for a person to look at: in a long run, and of what failed (`failed-…`). */
  screenshot(name: string): Promise<void>;
  /** Leaves its tab to the next test. */
  close(): Promise<void>;
  /** Everything that must not happen: violations of the policy, errors on the page. */
  readonly complaints: readonly string[];
}

/** Where an element is seen; what is just being drawn anew has no place for a moment. */
export function boxOf(element: Locator): Promise<Box> {
  return waitFor(() => element.boundingBox(PATIENT), {
    what: () => `${String(element)} to be seen`,
    timeoutMs: PATIENT.timeout,
  });
}

/** What each address left behind in the browser that opened it: it opens once, and later pages here are further tabs. */
const opened = new Map<string, { readonly url: string; readonly cookies: Cookie[] }>();

/** Opens the board behind an address, however often it was opened before. */
export async function visit(page: Page, address: string): Promise<void> {
  const before = opened.get(address);
  if (before) {
    await page.context().addCookies(before.cookies);
    await page.goto(before.url, PATIENT);
    return;
  }
  await page.goto(address, PATIENT);
  await page.waitForURL(isBoard, PATIENT);
  opened.set(address, { url: page.url(), cookies: await page.context().cookies(page.url()) });
}

/** The board's clean address, behind the one with the key. */
export const isBoard = (url: URL): boolean => url.search === '' && /^\/[\w-]{32}\/$/.test(url.pathname);

export async function openBoard(
  browser: Browser,
  address: string,
  size = { width: 1440, height: 900 },
  wishes: BrowserContextOptions = {},
): Promise<BoardPage> {
  const page = await openTab(browser, size, wishes);
  page.setDefaultTimeout(PATIENT.timeout);
  const complaints: string[] = [];
  const onError = (error: Error): void => void complaints.push(`error: ${error.message}`);
  const onConsole = (message: ConsoleMessage): void => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  };
  page.on('pageerror', onError);
  page.on('console', onConsole);
  await visit(page, address);
  const field = (role: string): Locator => page.locator(`[data-action="place-${role}"]`).first();
  return {
    page,
    complaints,
    pu: (id) => page.locator(`[data-cpu="${String(id)}"]`).first(),
    node: (id) => page.locator(`[data-node="${String(id)}"]`).first(),
    token: (role) => page.locator(`.tray [data-token="${role}"]`).first(),
    action: (name) => page.locator(`[data-action="${name}"]`).first(),
    async sits(role, words) {
      await field(role).waitFor(PATIENT);
      await waitFor(async () => (await field(role).inputValue()) === words, {
        what: `the ${role} on "${words}"`,
        timeoutMs: PATIENT.timeout,
      });
    },
    async drag(from, to) {
      const [a, b] = [await boxOf(from), await boxOf(to)];
      await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
      await page.mouse.down();
      await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 12 });
      await page.mouse.up();
    },
    async screenshot(name) {
      if (!varied(name.startsWith('failed-'), true)) return;
      mkdirSync(ARTIFACTS, { recursive: true });
      await page.screenshot({ path: `${ARTIFACTS}${name}.png` });
    },
    async close() {
      page.off('pageerror', onError);
      page.off('console', onConsole);
      await leaveTab(browser, page);
    },
  };
}

/** Rounds short enough for a test; set by the fields a person has. */
export async function quick(board: BoardRoot, rounds: number, duration = '100 ms'): Promise<void> {
  await board.action('rounds').fill(String(rounds));
  await board.action('rounds').press('Enter');
  await board.action('duration').fill(duration);
  await board.action('duration').press('Enter');
}

export interface SharedBrowser {
  /** Before a file's tests. */
  open(): Promise<Browser>;
  /** After them: closes what they opened. */
  leave(): Promise<void>;
}

/** One browser for the files of a process, one after the other; to be called while a file loads. */
export function sharedBrowser(): SharedBrowser {
  // All tabs in one process of the browser's: a second one costs more than what it would do beside the first.
  const one = shared(
    'browser',
    () => launchChromium({ args: ['--renderer-process-limit=1'] }),
    (browser) => browser.close(),
  );
  let mine: Browser | undefined;
  return {
    async open() {
      mine = await one.open();
      return mine;
    },
    async leave() {
      if (mine) await closeTabs(mine);
      await one.leave();
    },
  };
}

/** Name of the page that was exported into `folder`; undefined while it is still being written, under a hidden name. */
export function finishedExport(folder: string): string | undefined {
  return readdirSync(folder).find((name) => !name.startsWith('.'));
}

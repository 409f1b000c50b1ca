// Owns the hands and eyes of a test in a workbench: uses it as a person does. A test module in the extension host attaches to the
// window it runs in through the debugging port; this works alike in a browser and in the desktop build.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { varied } from '../../support/long.ts';

export interface WorkbenchWindow {
  readonly page: Page;
  /** Runs a palette command by its full title as the palette shows it (`Category: Title`). */
  runCommand(title: string, timeoutMs?: number): Promise<void>;
  /** Picks the row that holds `text` in the open quick pick, by keys. */
  pick(text: string, timeoutMs?: number): Promise<void>;
  /** Opens the row that holds `text` in the tree of hosts and runs, by keys. */
  openRow(text: string): Promise<void>;
  /** That row; the tree has to be shown. */
  row(text: string | RegExp): Locator;
  /** Chooses that row of the open context menu. */
  chooseInMenu(text: string): Promise<void>;
  /** Selects and opens the menu until it has that row, and chooses it. */
  chooseInMenuOf(text: string, open: () => Promise<void>): Promise<void>;
  /** Types into the open quick input; accepts it unless told not to. */
  enter(text: string, accept?: boolean): Promise<void>;
  /** What the quick input shows now: placeholder, prompt or validation message, and rows. */
  quickInput(): Locator;
  /** The n-th webview's document (0 first), waited for until it is there. */
  webviewFrame(n?: number, timeoutMs?: number): Promise<FrameLocator>;
  /** Texts of all notifications that were not closed; opens the notification centre to read them. */
  notifications(): Promise<string[]>;
  /** Opens the notification centre and waits there for one that holds `text`; its buttons are found inside it. */
  notification(text: string | RegExp, timeoutMs?: number): Promise<Locator>;
  /** Closes the notification centre, which covers the editor's lower right. */
  hideNotifications(): Promise<void>;
  /**
   * Waits for a modal dialog that holds `text`; its buttons are found inside it. VS Code refuses every modal dialog while a
   * test module runs in its extension host (all of them then throw): only under `openWorkbench` are there any.
   */
  dialog(text: string | RegExp, timeoutMs?: number): Promise<Locator>;
  /** Trusts the open folder as a person does, from the banner of restricted mode (`openWorkbench` with `workspaceTrust`). */
  trustFolder(): Promise<void>;
  /** Drags with the real mouse, in steps, from one element's middle to another's, in whichever frames they are. */
  drag(from: Locator, to: Locator, options?: { steps?: number; drop?: boolean }): Promise<void>;
  /** Into test-artifacts/NAME.png, for a person to look at: in a long run, and of what failed (`failed …`). */
  screenshot(name: string): Promise<void>;
}

/** Attaches to the window in which this extension host's workbench is shown. */
export async function attach(): Promise<WorkbenchWindow> {
  const address = process.env['NUMA_TEST_CDP'];
  if (!address) throw new Error('NUMA_TEST_CDP is not set: start this module with runInWorkbench');
  const browser = await chromium.connectOverCDP(address, { timeout: 120_000 });
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const page of pages) {
    const shown = page.locator('.monaco-workbench .statusbar-item').first();
    if (await comes(shown, 120_000)) return windowOf(page);
  }
  throw new Error(`no workbench among ${String(pages.length)} pages: ${pages.map((page) => page.url()).join(', ')}`);
}

/** The workbench that `page` shows. */
export function windowOf(page: Page): WorkbenchWindow {
  page.setDefaultTimeout(120_000);
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('input').first();
  /**
   * Steps through a list by keys until the row in focus is the wanted one, and presses Enter: a row that is still being laid
   * out moves away from under a click.
   */
  const choose = async (list: Locator, isWanted: (text: string) => boolean, timeoutMs = 60_000): Promise<void> => {
    const focused = list.locator('.monaco-list-row.focused').first();
    const seen: string[] = [];
    for (const end = Date.now() + timeoutMs; ;) {
      const text = await focused.innerText({ timeout: 1000 }).catch(() => '');
      if (isWanted(text.replaceAll('\u00a0', ' '))) break;
      if (text !== '') seen.push(text);
      if (Date.now() > end) throw new Error(`the wanted row is not among: ${[...new Set(seen)].join(' | ')}`);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
  };
  const sidebar = page.locator('.part.sidebar');
  // Not the toasts: they go away by themselves, and a workbench with the smoke test driver shows none.
  const centre = page.locator('.notifications-center');
  const bell = page.locator('[id="status.notifications"]');
  const openCentre = async (open: boolean): Promise<void> => {
    const state = open ? 'visible' : 'hidden';
    // It closes by itself when its last notification goes, such as the progress of what has just ended: opened again until it stays.
    for (const end = Date.now() + 60_000; (await centre.isVisible()) !== open;) {
      await bell.click({ timeout: 60_000 });
      // Its tooltip, which comes late, would lie on the centre's buttons for as long as the mouse is here.
      await page.mouse.move(1, 1);
      const is = await centre.waitFor({ state, timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (!is && Date.now() > end) throw new Error(`the notification centre does not become ${state}`);
    }
  };
  const window: WorkbenchWindow = {
    page,
    async runCommand(title, timeoutMs = 120_000) {
      const end = Date.now() + timeoutMs;
      // The palette lists what is known when it opens: close and open it again until the command is there.
      for (;;) {
        // A key that comes while something closes or takes the focus is lost: pressed again, too.
        if (!(await input.isVisible())) await page.keyboard.press('F1');
        if (!(await comes(input, 3000))) {
          if (Date.now() > end) throw new Error('F1 opens no palette');
          // An editor of a page that was opened as another one came can leave the window deaf to all keys; a person clicks, too.
          await sidebar
            .locator('.title-label')
            .click({ timeout: 3000 })
            .catch(() => undefined);
          continue;
        }
        // An input of the act before may still be closing: visible, and dead.
        const filled = await input.fill(`>${title}`, { timeout: 3000 }).then(
          () => true,
          () => false,
        );
        if (!filled) {
          if (Date.now() > end) throw new Error('the palette takes no text');
          continue;
        }
        const found = widget.locator('.monaco-list-row', { has: page.getByText(title, { exact: true }) }).first();
        if (await comes(found, 1500)) {
          await choose(widget, (text) => text.split('\n').some((line) => line.trim() === title));
          return;
        }
        const listed = await widget.locator('.monaco-list-row').allInnerTexts();
        await page.keyboard.press('Escape');
        if (Date.now() > end) throw new Error(`no command "${title}"; the palette lists: ${listed.join(' | ')}`);
      }
    },
    async pick(text, timeoutMs = 60_000) {
      await widget.locator('.monaco-list-row').first().waitFor({ timeout: timeoutMs });
      // The palette has none: its rows may still be there.
      const title = widget.locator('.quick-input-title').filter({ hasText: /./, visible: true });
      const before = await title.innerText({ timeout: timeoutMs });
      // A list that lost the focus meanwhile and is shown again has not heard the key.
      do await choose(widget, (shown) => shown.includes(text), timeoutMs);
      while (!(await goes(title, before)));
    },
    async openRow(text) {
      await window.row(text).waitFor({ timeout: 60_000 });
      await window.runCommand('NUMA Pinboard: Focus on Hosts View');
      await sidebar.locator('.monaco-list:focus-within, .monaco-list:focus').first().waitFor({ timeout: 60_000 });
      await page.keyboard.press('Home');
      await choose(sidebar, (shown) => shown.includes(text));
    },
    row: (text) => sidebar.locator('.monaco-list-row', { hasText: text }).first(),
    async chooseInMenu(text) {
      const entry = page.locator('.monaco-menu .action-label', { hasText: text });
      await entry.waitFor({ timeout: 120_000 });
      // A menu that has just opened takes a click for the end of the one that opened it.
      for (const end = Date.now() + 120_000; ;) {
        await entry.click({ timeout: 3000 }).catch(() => undefined);
        if (await goes(entry, text)) return;
        if (Date.now() > end) throw new Error(`the menu does not take the click on "${text}"`);
      }
    },
    async chooseInMenuOf(text, open) {
      const menu = page.locator('.monaco-menu .action-label').filter({ visible: true });
      const entry = menu.filter({ hasText: text });
      for (const end = Date.now() + 120_000; ;) {
        await open();
        // A menu is shown with all its rows.
        if ((await comes(menu.first(), 10_000)) && (await comes(entry, 500))) break;
        if (Date.now() > end) throw new Error(`no menu with "${text}" opens`);
        await page.keyboard.press('Escape');
      }
      await window.chooseInMenu(text);
    },
    async enter(text, accept = true) {
      await input.waitFor({ timeout: 60_000 });
      await input.fill(text);
      if (accept) await input.press('Enter');
    },
    quickInput: () => widget,
    async webviewFrame(n = 0, timeoutMs = 120_000) {
      // The outer frame is VS Code's own; the inner one is written with the extension's document.
      const inner = page.locator('iframe.webview').nth(n).contentFrame().locator('iframe#active-frame');
      await inner.waitFor({ timeout: timeoutMs });
      return inner.contentFrame();
    },
    async notifications() {
      await openCentre(true);
      return centre.locator('.notification-list-item-message').allInnerTexts();
    },
    async notification(text, timeoutMs = 60_000) {
      const found = centre.locator('.notification-list-item').filter({ hasText: text }).first();
      // A toast that comes as the centre opens can close it again: opened again until the words are there.
      for (const end = Date.now() + timeoutMs; ;) {
        await openCentre(true);
        if (await comes(found, 3000)) return found;
        if (Date.now() > end) throw new Error(`no notification ${String(text)} came`);
      }
    },
    hideNotifications: () => openCentre(false),
    async dialog(text, timeoutMs = 60_000) {
      const found = page.locator('.monaco-dialog-box').filter({ hasText: text }).first();
      await found.waitFor({ timeout: timeoutMs });
      return found;
    },
    async trustFolder() {
      await page.locator('.part.banner').getByText('Manage').click({ timeout: 120_000 });
      const editor = page.locator('.workspace-trust-editor');
      await editor
        .locator('.monaco-button', { hasText: /^Trust$/ })
        .first()
        .click({ timeout: 60_000 });
      await page.locator('.part.banner').waitFor({ state: 'hidden', timeout: 60_000 });
      // The trust editor is modal and takes all keys while it is open.
      await page.locator('.monaco-modal-editor-block .codicon-close').first().click({ timeout: 60_000 });
      await editor.waitFor({ state: 'hidden', timeout: 60_000 });
    },
    async drag(from, to, { steps = 12, drop = true } = {}) {
      const start = await middle(from);
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      // Asked again once the carrying began: what is carried may make the page move things to show where it fits.
      await page.mouse.move(start.x + 4, start.y + 4);
      const end = await middle(to);
      await page.mouse.move(end.x, end.y, { steps });
      if (drop) await page.mouse.up();
    },
    async screenshot(name) {
      if (!varied(name.startsWith('failed '), true)) return;
      const folder = process.env['NUMA_TEST_ARTIFACTS'] ?? 'test-artifacts';
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${name.replace(/[^\w.-]+/g, '-').slice(0, 100)}.png`);
      await page.screenshot({ path, timeout: 60_000 });
    },
  };
  return window;
}

/** Whether it is seen within so many milliseconds. */
export function comes(element: Locator, timeout: number): Promise<boolean> {
  return element.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** Whether the words go within three seconds. */
function goes(element: Locator, words: string): Promise<boolean> {
  return element
    .filter({ hasText: words })
    .waitFor({ state: 'hidden', timeout: 3000 })
    .then(
      () => true,
      () => false,
    );
}

/** An element's middle in the window's coordinates, once it is in view. */
async function middle(element: Locator): Promise<{ x: number; y: number }> {
  await element.waitFor({ timeout: 60_000 });
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (box === null) throw new Error(`not visible: ${String(element)}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

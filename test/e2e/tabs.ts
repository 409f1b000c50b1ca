// Owns the tabs that boards are opened in: what a test leaves is used by the next, as a new one costs the CPUs as much as the board in it.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** What a tab may be made to wish for after it was made. */
const WISHES = ['colorScheme', 'contrast', 'reducedMotion', 'forcedColors'] as const;
const MODIFIERS = ['Alt', 'Control', 'Meta', 'Shift'] as const;

interface Tabs {
  readonly context: BrowserContext;
  readonly free: Page[];
}

const ofBrowser = new WeakMap<Browser, Promise<Tabs>>();

function tabsOf(browser: Browser): Promise<Tabs> {
  const tabs = ofBrowser.get(browser) ?? browser.newContext().then((context) => ({ context, free: [] }));
  ofBrowser.set(browser, tabs);
  return tabs;
}

/** Tells a page's violations of its policy as errors. */
const policed = async (page: Page): Promise<Page> => {
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${String(event.lineNumber)}`,
      );
    });
  });
  return page;
};

/** A tab that remembers nothing. One that wishes for what it has to be made with (a finger, permissions) is a new one. */
export async function openTab(
  browser: Browser,
  viewport: { width: number; height: number },
  wishes: BrowserContextOptions,
): Promise<Page> {
  if (Object.keys(wishes).some((wish) => !(WISHES as readonly string[]).includes(wish)))
    return policed(await browser.newPage({ viewport, ...wishes }));
  const { context, free } = await tabsOf(browser);
  const page = free.pop() ?? (await policed(await context.newPage()));
  await page.setViewportSize(viewport);
  await page.emulateMedia(Object.fromEntries(WISHES.map((wish) => [wish, wishes[wish] ?? null])));
  return page;
}

/** For the next to open one. Who routes its socket closes it instead: that cannot be taken back. */
export async function leaveTab(browser: Browser, page: Page): Promise<void> {
  if (page.isClosed()) return;
  const { context, free } = await tabsOf(browser);
  if (page.context() !== context) return page.close();
  try {
    await page.unrouteAll();
    // The server knows no such page and answers in plain text: nothing there writes anew what is forgotten.
    await page.goto(new URL('left', page.url()).href);
    await page.evaluate(() => sessionStorage.clear());
    // A test that failed may have held them.
    await page.mouse.move(0, 0);
    await page.mouse.up();
    for (const key of MODIFIERS) await page.keyboard.up(key);
    free.push(page);
  } catch {
    await page.close();
  }
}

/** Closes all that nobody left. */
export async function closeTabs(browser: Browser): Promise<void> {
  const { context, free } = await tabsOf(browser);
  for (const one of browser.contexts()) if (one !== context) await one.close();
  for (const page of context.pages()) if (!free.includes(page)) await page.close();
}

// The pictures of a run's page as a reader's browser shows them: whole, nothing cut off, and readable in light and in dark.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import type { Result, Run } from '../../src/model/run/run.ts';
import { exportRun } from '../../src/remote/store/export.ts';
import { sharedBrowser } from './page.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { guidedRun } from '../unit/bench/guide/guided.ts';
import { emulated, twoSockets } from '../unit/topologies.ts';

const folder = temporaryFolder('report-pictures');
const chromium = sharedBrowser();
let browser: Browser;
before(async () => {
  browser = await chromium.open();
});
after(async () => {
  await chromium.leave();
  removeFolder(folder);
});

/** On paper, at its worst: every figure is emulated, noisy and slipped, and the slowest round trips took long. */
function worst(): Run {
  const run = guidedRun(emulated(twoSockets()), { figure: ({ latency }) => (latency ? 24_182_783 : 2e7), spread: 0.5 });
  const marked = (one: Result): Result => ({
    ...one,
    valid: false,
    why: 'seen on another CPU',
    histogram: one.metric !== 'ns' ? null : [[340, 900], [724, 90], [24e6, 9], [270e6, 1]], // oxfmt-ignore
  });
  return { ...run, results: run.results.map(marked) };
}

/** Relative luminance's contrast (WCAG 2.1) of two `rgb(…)`. */
function contrast(one: string, two: string): number {
  const [a, b] = [one, two].map((colour) => {
    const [r = 0, g = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  }) as [number, number];
  return Math.max(a, b) / Math.min(a, b);
}

/** Runs in the browser. Each text of a picture: whether it lies within it, and its colour on the ground. */
function look(): { texts: { words: string; inside: boolean; colour: string }[]; ground: string } {
  const svg = document.documentElement as unknown as SVGSVGElement;
  const { x, y, width, height } = svg.viewBox.baseVal;
  const ground = svg.querySelector('rect');
  return {
    ground: ground ? getComputedStyle(ground).fill : '',
    texts: [...svg.querySelectorAll('text')].map((text) => {
      const box = text.getBBox();
      const inside = box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height;
      return { words: text.textContent, inside, colour: getComputedStyle(text).fill };
    }),
  };
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the figures of a page are whole and readable in ${colorScheme}`, async () => {
    const to = join(folder, colorScheme);
    mkdirSync(to);
    const { folder: page } = await exportRun(worst(), to);
    assert.ok(readdirSync(page).includes('figures.svg'));
    const tab = await browser.newPage({ colorScheme });
    await tab.goto(pathToFileURL(join(page, 'figures.svg')).href);
    const { texts, ground } = await tab.evaluate(look);
    assert.ok(texts.length > 20);
    for (const { words, inside, colour } of texts) {
      assert.ok(inside, `cut off: ${words}`);
      assert.ok(contrast(colour, ground) >= 4.5, `${words}: ${colour} on ${ground}`);
    }
    assert.ok(texts.some(({ words }) => words.includes('emulated')));
    assert.ok(texts.some(({ words }) => words.includes('noisy, not valid')));
    // As code-hosting pages show it: as an image, which runs nothing and fetches nothing.
    const html = join(page, 'shown.html');
    writeFileSync(html, '<img src="figures.svg"><img src="topology.svg">');
    await tab.goto(pathToFileURL(html).href);
    const shown = await tab.evaluate(() => [...document.images].map((image) => image.complete && image.naturalWidth));
    assert.ok(shown.length === 2 && shown.every((width) => Number(width) > 100), String(shown));
    await tab.close();
  });
}

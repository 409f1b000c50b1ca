// `npm run icon`: media/icon.png, the extension's icon in the listing (which takes no SVG), of media/icon.svg.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../test/support/chromium.ts';

/** Pixels a side, as the listing asks for. */
const SIDE = 128;

const media = new URL('../media/', import.meta.url);
const source = readFileSync(new URL('icon.svg', media), 'utf8');
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: SIDE, height: SIDE } });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${source}`);
  await page.screenshot({ path: fileURLToPath(new URL('icon.png', media)), omitBackground: true });
} finally {
  await browser.close();
}

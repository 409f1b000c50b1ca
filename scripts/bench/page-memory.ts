// `npm run bench:page-memory`: what the page holds of a day of samples, sent as fast as it takes them, after the garbage is collected:
// what a script holds, elements and listeners. Method and figures: docs/BENCHMARKS.md.
import { loadavg } from 'node:os';
import type { CDPSession, Page } from 'playwright-core';
import { PATIENT, serve, visit } from '../../test/e2e/page.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { dumpOf } from '../../test/support/dump.ts';
import { removeFolder } from '../../test/support/processes.ts';
import { syntheticProbe } from '../../test/unit/machines.ts';
import { COMMAND_LINE, need } from './needs.ts';

declare global {
  interface Window {
    line: WebSocket | null;
    /** Settles when so many more samples, a second apart, were taken, some in each frame. */
    sendSeconds: (many: number) => Promise<void>;
  }
}

const SHAPE = { packages: 4, nodesPerPackage: 2, coresPerNode: 4, threads: 2, l3PerNode: 1 };
const CPUS = 64;
const DAY_S = 86_400;
const PARTS = 8;

need(['chromium', 'fonts'], [COMMAND_LINE]);
const folder = dumpOf(syntheticProbe(SHAPE));
const { address, cli } = await serve(['--from', folder]);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // The compiler names functions by a helper of its own, which the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.addInitScript(holdLine);
  await visit(page, address);
  await page
    .locator('[data-cpu] rect')
    .nth(CPUS - 1)
    .waitFor(PATIENT);
  await page.evaluate(makeSamples);
  await tellDay(page, await page.context().newCDPSession(page));
} finally {
  await browser.close();
  await cli.stop();
  removeFolder(folder);
}

async function tellDay(page: Page, session: CDPSession): Promise<void> {
  console.log(`load ${(loadavg()[0] ?? 0).toFixed(1)}, Chromium ${browser.version()}, ${CPUS} CPUs, a sample a second`);
  console.log('hours   heap, MB   elements   listeners');
  await session.send('Performance.enable');
  for (let part = 0; part <= PARTS; part++) {
    if (part > 0) await page.evaluate((many) => window.sendSeconds(many), DAY_S / PARTS);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    const hours = (24 * part) / PARTS;
    console.log(
      `${String(hours).padStart(5)}${(usedSize / 1e6).toFixed(1).padStart(11)}${String(nodes).padStart(11)}${String(jsEventListeners).padStart(12)}`,
    );
  }
}

/** Runs in the page before its own script. */
function holdLine(): void {
  window.line = null;
  window.WebSocket = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      window.line = this;
    }
  };
}

/** Runs in the page: samples in which every CPU and node has other figures. */
function makeSamples(): void {
  const A_FRAME = 20;
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const idsOf = (name: string): number[] => [
    ...new Set([...document.querySelectorAll<SVGElement>(`[data-${name}]`)].map((one) => Number(one.dataset[name]))),
  ];
  const [cpus, nodes] = [idsOf('cpu'), idsOf('node')];
  const rate = (): number => Math.round(random() * 1e5);
  let after: number | null = null;
  const begin = Date.now();
  let sent = 0;
  const send = (): void => {
    const at = begin + 1000 * sent++;
    const sample = {
      schema: 'numa-pinboard/sample/1',
      time: new Date(at).toISOString(),
      intervalMs: 1000,
      cpus: cpus.map((id) => ({ id, busy: Math.round(random() * 100) / 100 })),
      nodes: nodes.map((id) => ({
        id,
        freeBytes: 2 ** 33 + 4096 * rate(),
        usedBytes: 2 ** 33 - 4096 * rate(),
        fileBytes: null,
        hitPerSecond: rate(),
        missPerSecond: rate(),
        foreignPerSecond: rate(),
        localPerSecond: rate(),
        otherPerSecond: rate(),
        hugepages: [],
      })),
      processes: [],
    };
    const data = JSON.stringify({ type: 'event', event: 'sample', sample, at, after });
    after = at;
    window.line?.dispatchEvent(new MessageEvent('message', { data }));
  };
  window.sendSeconds = (many) =>
    new Promise((resolve) => {
      let left = many;
      const frame = (): void => {
        for (let i = 0; i < A_FRAME && left > 0; i++, left--) send();
        if (left > 0) requestAnimationFrame(frame);
        else requestAnimationFrame(() => resolve());
      };
      frame();
    });
}

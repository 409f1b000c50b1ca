// `npm run bench:page [-- ROUNDS]`: the served page in a real browser on a machine of 1,024 CPUs and 8 nodes, against lstopo's own full
// SVG of that machine in the same browser. Rounds are interleaved. Method and figures: docs/BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { median, medianInterval, quantile } from '../../src/model/run/statistics.ts';
import { PATIENT, serve, visit } from '../../test/e2e/page.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { dumpOf } from '../../test/support/dump.ts';
import { removeFolder } from '../../test/support/processes.ts';
import { syntheticProbe } from '../../test/unit/machines.ts';
import { wordsOf } from '../setup/problems.mjs';
import { COMMAND_LINE, need } from './needs.ts';

/** What the page under test carries for this script. */
interface Bench {
  /** When the machine came over the line, and when a frame with all of it was made (ms of the page's clock). */
  data: number | null;
  picture: number | null;
  socket: WebSocket | null;
  afterFrame: (then: () => void) => void;
}

declare global {
  interface Window {
    bench: Bench;
  }
}

interface Frames {
  intervals: number[];
  work: number[];
}

const SIZE = { width: 1440, height: 900 };
const BIG = { packages: 4, nodesPerPackage: 2, coresPerNode: 64, threads: 2, l3PerNode: 8 };
const SMALL = { packages: 4, nodesPerPackage: 2, coresPerNode: 4, threads: 2, l3PerNode: 1 };
/** The big machine in hwloc's notation. */
const SYNTHETIC = 'pack:4 numa:2 l3:8 core:8 pu:2';
/** Of one frame at 60 Hz (ms). */
const FRAME_MS = 1000 / 60;
const PANNING_MS = 5000;
const IDLE_MS = 10_000;

const rounds = Number(process.argv[2] ?? 7);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: npm run bench:page -- [ROUNDS]');
  process.exit(2);
}
need(['chromium', 'fonts'], [COMMAND_LINE]);
const folders = [BIG, SMALL].map((shape) => dumpOf(syntheticProbe(shape)));
const [big, small] = await Promise.all(folders.map((folder) => serve(['--from', folder])));
if (!big || !small) throw new Error('two machines are served');
const browser = await launchChromium();
try {
  await measure(big.address, small.address, lstopoSvg());
} finally {
  await browser.close();
  for (const { cli } of [big, small]) await cli.stop();
  folders.forEach(removeFolder);
}

function lstopoSvg(): string | null {
  try {
    const options = ['-i', SYNTHETIC, '--no-collapse', '--no-factorize', '--of', 'nativesvg', '-'];
    return execFileSync('lstopo', options, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  } catch (error) {
    console.error(`lstopo is not compared (sudo apt install hwloc): ${wordsOf(error).split('\n', 1).join('')}`);
    return null;
  }
}

async function measure(big: string, small: string, drawing: string | null): Promise<void> {
  console.log(`load ${load()}, ${rounds} rounds, Chromium ${browser.version()}, no GPU`);
  const first: Record<'big' | 'small' | 'lstopo', number[]> = { big: [], small: [], lstopo: [] };
  const frames: Frames = { intervals: [], work: [] };
  const idle: number[] = [];
  for (let round = 0; round < rounds; round++) {
    first.big.push(await withPage(big, 1024, firstPicture));
    if (drawing) first.lstopo.push(await drawnIn(drawing));
    first.small.push(await withPage(small, 64, firstPicture));
    const panned = await withPage(big, 1024, panning);
    frames.intervals.push(...panned.intervals);
    frames.work.push(...panned.work);
    idle.push(await withPage(big, 1024, atRest));
  }
  tell('first picture, 1,024 CPUs', first.big, 'ms');
  tell('first picture, 64 CPUs', first.small, 'ms');
  tell(
    'growth, 64 to 1,024 CPUs (linear is 16)',
    first.big.map((ms, i) => ms / (first.small[i] ?? NaN)),
    '×',
  );
  if (drawing) {
    tell("lstopo's full SVG, 1,024 CPUs", first.lstopo, 'ms');
    tell(
      'this page ÷ that SVG',
      first.big.map((ms, i) => ms / (first.lstopo[i] ?? NaN)),
      '×',
    );
  }
  const { intervals, work } = frames;
  const onTime = (list: readonly number[]): string =>
    `${((100 * list.filter((ms) => ms <= FRAME_MS + 0.05).length) / list.length).toFixed(1)} %`;
  console.log(`panning with heat at 10 Hz, ${work.length} frames:`);
  console.log(
    `  work in a frame   p50 ${quantile(work, 0.5).toFixed(1)} p95 ${quantile(work, 0.95).toFixed(1)} ms, within 16.7 ms: ${onTime(work)}`,
  );
  const late = intervals.filter((ms) => ms > 1.5 * FRAME_MS).length;
  console.log(
    `  between frames    p50 ${quantile(intervals, 0.5).toFixed(1)} p95 ${quantile(intervals, 0.95).toFixed(1)} ms, ` +
      `a frame left out: ${((100 * late) / intervals.length).toFixed(1)} %`,
  );
  tell('at rest, a sample a second of an idle machine, all processes of the browser', idle, '% of a core');
  console.log(`load ${load()} at the end`);
}

/** Runnable tasks, a minute's average. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function tell(what: string, values: readonly number[], unit: string): void {
  const [low, high] = medianInterval(values) ?? [Math.min(...values), Math.max(...values)];
  const figure = (value: number): string => value.toPrecision(3);
  console.log(
    `${what}: ${figure(median(values))} ${unit} (95 % ${figure(low)} … ${figure(high)}; ` +
      `${figure(Math.min(...values))} … ${figure(Math.max(...values))} over ${values.length})`,
  );
}

/** A page of its own, once its first picture with all CPUs is there. */
async function withPage<T>(address: string, cpus: number, act: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: 'dark' });
  const page = await context.newPage();
  try {
    // The compiler names functions by a helper of its own, which the page does not have.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(watchFirstPicture, cpus);
    await visit(page, address);
    await page.waitForFunction(() => window.bench.picture !== null, null, PATIENT);
    return await act(page);
  } finally {
    await context.close();
  }
}

/** From the machine's arrival to a frame with all of it (ms). */
function firstPicture(page: Page): Promise<number> {
  return page.evaluate(() => (window.bench.picture ?? NaN) - (window.bench.data ?? NaN));
}

/** Runs in the page before its own script. */
function watchFirstPicture(cpus: number): void {
  const bench: Bench = {
    data: null,
    picture: null,
    socket: null,
    afterFrame: (then) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    },
  };
  window.bench = bench;
  window.WebSocket = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      bench.socket = this;
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && data.includes('"topology":{')) bench.data ??= performance.now();
      });
    }
  };
  const look = (): void => {
    if (document.querySelectorAll('[data-cpu] rect[width]').length < cpus) requestAnimationFrame(look);
    else bench.afterFrame(() => (bench.picture = performance.now()));
  };
  requestAnimationFrame(look);
}

/** From the text in hand to a frame with it, as for the page. */
async function drawnIn(drawing: string): Promise<number> {
  const page = await browser.newPage({ viewport: SIZE });
  try {
    return await page.evaluate(
      (text) =>
        new Promise<number>((resolve) => {
          requestAnimationFrame(() => {
            const begin = performance.now();
            document.body.innerHTML = text.slice(text.indexOf('<svg'));
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - begin);
            requestAnimationFrame(() => port2.postMessage(null));
          });
        }),
      drawing,
    );
  } finally {
    await page.close();
  }
}

/** Runs in the page: samples in which every CPU has another figure, up to `most`. */
function sendSamples({ everyMs, most }: { everyMs: number; most: number }): void {
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const cpus = [...document.querySelectorAll<SVGElement>('[data-cpu]')].map((cell) => Number(cell.dataset['cpu']));
  const nodes = [...document.querySelectorAll<SVGElement>('[data-node]')].map((bar) => Number(bar.dataset['node']));
  const none = {
    hitPerSecond: null,
    missPerSecond: null,
    foreignPerSecond: null,
    localPerSecond: null,
    otherPerSecond: null,
  };
  let after: number | null = null;
  setInterval(() => {
    const at = Date.now();
    const sample = {
      schema: 'numa-pinboard/sample/1',
      time: new Date().toISOString(),
      intervalMs: everyMs,
      cpus: cpus.map((id) => ({ id, busy: random() * most })),
      nodes: nodes.map((id) => ({
        id,
        freeBytes: 2 ** 33,
        usedBytes: 2 ** 33,
        fileBytes: null,
        ...none,
        hugepages: [],
      })),
      processes: [],
    };
    const data = JSON.stringify({ type: 'event', event: 'sample', sample, at, after });
    after = at;
    window.bench.socket?.dispatchEvent(new MessageEvent('message', { data }));
  }, everyMs);
}

async function panning(page: Page): Promise<Frames> {
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('+');
    await page.waitForTimeout(400);
  }
  await page.evaluate(sendSamples, { everyMs: 100, most: 1 });
  return page.evaluate(
    (ms) =>
      new Promise<Frames>((resolve, reject) => {
        const frames: Frames = { intervals: [], work: [] };
        const machine = document.querySelector('.machine');
        if (!machine) {
          reject(new Error('the page shows no machine'));
          return;
        }
        const at = machine.getBoundingClientRect();
        const send = (type: string, target: EventTarget, turn: number): boolean =>
          target.dispatchEvent(
            new MouseEvent(type, {
              view: window,
              bubbles: true,
              cancelable: true,
              clientX: at.x + at.width / 2 + 150 * Math.sin(turn),
              clientY: at.y + at.height / 2 + 100 * Math.cos(turn),
            }),
          );
        const begin = performance.now();
        let last: number | null = null;
        send('mousedown', machine, 0);
        const frame = (now: number): void => {
          const start = performance.now();
          if (last !== null) frames.intervals.push(now - last);
          last = now;
          send('mousemove', window, (now - begin) / 300);
          window.bench.afterFrame(() => frames.work.push(performance.now() - start));
          if (now - begin < ms) requestAnimationFrame(frame);
          else {
            send('mouseup', window, 0);
            resolve(frames);
          }
        };
        requestAnimationFrame(frame);
      }),
    PANNING_MS,
  );
}

async function atRest(page: Page): Promise<number> {
  await page.evaluate(sendSamples, { everyMs: 1000, most: 0.03 });
  const session = await browser.newBrowserCDPSession();
  const seconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const before = await seconds();
  await page.waitForTimeout(IDLE_MS);
  const after = await seconds();
  await session.detach();
  return (100_000 * (after - before)) / IDLE_MS;
}

// What was measured between nodes, on the board: a run recorded on an emulated host with memory without CPUs, and one of eight nodes,
// opened as any file; their figures stand on links, node bars, in the table of nodes and in the tables read as heat.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator } from 'playwright-core';
import { nodeGrid, pairsOf } from '../../src/model/bench/nodes/grid.ts';
import type { NodeGrid, NodeMeasure } from '../../src/model/bench/nodes/grid.ts';
import { scaleOfMeasure } from '../../src/model/bench/nodes/lines.ts';
import type { Run } from '../../src/model/run/run.ts';
import { formatFigure, formatMetric } from '../../src/model/text/format.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { measuredNodes } from '../unit/bench/nodes/measured.ts';
import { machine } from '../unit/topologies.ts';
import { violations } from './axe.ts';
import { openBoard, PATIENT, serve, sharedBrowser, themesOf } from './page.ts';
import type { BoardPage } from './page.ts';

/** `bench nodes` on the emulated shape `cxl`: two sockets, and a third node of memory alone. */
const RECORDED = fileURLToPath(new URL('../fixtures/measured/nodes-cxl.numa.json', import.meta.url));
const folder = temporaryFolder('nodes');
const chromium = sharedBrowser();
let browser: Browser;

before(async () => {
  browser = await chromium.open();
});
after(async () => {
  await chromium.leave();
  removeFolder(folder);
});

async function opened(
  file: string,
  size: { width: number; height: number },
  work: (board: BoardPage) => Promise<void>,
): Promise<void> {
  const served = await serve(['--from', file]);
  try {
    for (const [name, wishes] of themesOf(size.width)) {
      const board = await openBoard(browser, served.address, size, wishes);
      try {
        await board.pu(0).waitFor(PATIENT);
        await work(board);
        await board.screenshot(`nodes-${String(size.width)}-${name}`);
        assert.deepEqual(board.complaints, []);
      } finally {
        await board.close();
      }
    }
  } finally {
    await served.cli.stop();
  }
}

function gridOf({ topology, results }: Run): NodeGrid {
  return nodeGrid(topology, results) ?? assert.fail('the run is a table of nodes');
}

/** As it stands in a cell. */
function figure(grid: NodeGrid, measure: NodeMeasure, from: number, to: number): string {
  const median = grid.at(measure, from, to)?.median ?? assert.fail(`${measure} ${String(from)} ${String(to)}`);
  return formatFigure(median / scaleOfMeasure(grid, measure).factor);
}

const texts = async (cells: Locator): Promise<string[]> => (await cells.allTextContents()).map((text) => text.trim());

async function tablesShow(board: BoardPage, grid: NodeGrid): Promise<void> {
  await board.page.keyboard.press('t');
  for (const [title, measure] of [
    ['Latency, ', 'latency'],
    ['Bandwidth, ', 'bandwidth'],
  ] as const) {
    const table = board.page.locator('.tables table', { has: board.page.locator('caption', { hasText: title }) });
    const cells = table.locator('tbody td');
    await cells.first().waitFor(PATIENT);
    const shown = (await texts(cells)).map((words) => words.replace(/^(?:noisy|not valid)\s*/, ''));
    assert.deepEqual(
      shown,
      pairsOf(grid).map(([from, to]) => figure(grid, measure, from, to)),
    );
    const steps = await cells.evaluateAll((all) =>
      all.map((cell) => [1, 2, 3, 4, 5, 6].find((step) => cell.classList.contains(`h${String(step)}`)) ?? 0),
    );
    const values = pairsOf(grid).map(([from, to]) => grid.at(measure, from, to)?.median ?? 0);
    const [least, most] = [values.indexOf(Math.min(...values)), values.indexOf(Math.max(...values))];
    assert.ok((steps[most] ?? 0) > (steps[least] ?? 0), 'more is stronger');
  }
  const pairs = board.page.locator('.tables table', {
    has: board.page.locator('caption', { hasText: 'Pairs of nodes' }),
  });
  assert.equal(await pairs.locator('tbody tr').count(), pairsOf(grid).length);
}

test('a recorded run: links and node bars carry its figures and their origin, memory without CPUs too; tables are heat', async () => {
  const run = parseRun(readFileSync(RECORDED, 'utf8'));
  const grid = gridOf(run);
  assert.deepEqual(
    [grid.from, grid.to],
    [
      [0, 1],
      [0, 1, 2],
    ],
  );
  await opened(RECORDED, { width: 1440, height: 900 }, async (board) => {
    const own = (measure: NodeMeasure, node: number): string => {
      const result = grid.at(measure, node, node) ?? assert.fail();
      return formatMetric(result.median ?? assert.fail(), result.metric);
    };
    for (const node of grid.from) {
      const words = `${own('latency', node)}, ${own('bandwidth', node)}`;
      await board.node(node).getByText(words).waitFor(PATIENT);
      assert.ok((await board.node(node).getAttribute('aria-label'))?.includes(words), 'its name says it, too');
    }
    assert.doesNotMatch((await board.node(2).textContent()) ?? '', / ns/, 'it has no CPUs of its own');
    // There is no room for the word on a bar this narrow.
    await board.page.getByText('of a node\u2019s own memory, emulated').waitFor(PATIENT);
    const links = (await board.page.locator('.link').allTextContents()).join(' ');
    // The slower way of two; node 2 is reached from node 0 alone.
    const slower = (measure: NodeMeasure, worse: typeof Math.max): number =>
      worse(...[[0, 1] as const, [1, 0] as const].map(([a, b]) => grid.at(measure, a, b)?.median ?? 0));
    const bandwidth = (value: number): string => `${formatFigure(value / 1e9)} GB/s`;
    for (const words of [
      `memory ${formatFigure(slower('latency', Math.max))} ns`,
      bandwidth(slower('bandwidth', Math.min)),
      `${formatFigure(grid.at('latency', 0, 2)?.median ?? 0)} ns`,
      bandwidth(grid.at('bandwidth', 0, 2)?.median ?? 0),
      'emulated',
    ])
      assert.ok(links.includes(words), `${words}: ${links}`);
    await tablesShow(board, grid);
    assert.deepEqual(await violations(board), []);
  });
});

test('eight nodes, at 1440 and 1000 px: each bar has room for what its memory gives, and the pairs stand in the table', async () => {
  const topology = machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 6, threads: 2 });
  const near = (a: number, b: number): boolean => Math.floor(a / 4) === Math.floor(b / 4);
  const run = measuredNodes(topology, {
    ns: (from, to) => (from === to ? 82 : near(from, to) ? 101 : 192) + to,
    bytesPerSecond: (from, to) => (from === to ? 52e9 : near(from, to) ? 44e9 : 21e9),
  });
  const file = join(folder, 'eight.numa.json');
  writeFileSync(file, JSON.stringify(run));
  const grid = gridOf(run);
  const hasRoom = async (board: BoardPage, node: number): Promise<boolean> => {
    const ns = formatMetric(grid.at('latency', node, node)?.median ?? 0, 'ns');
    const text = board.node(node).locator('text', { hasText: ns });
    await text.waitFor(PATIENT);
    const [words, bar] = [await text.boundingBox(), await board.node(node).boundingBox()];
    return words !== null && bar !== null && words.x >= bar.x && words.x + words.width <= bar.x + bar.width + 1;
  };
  await opened(file, { width: 1440, height: 900 }, async (board) => {
    const fitted: number[] = [];
    for (const width of [1440, 1000]) {
      await board.page.setViewportSize({ width, height: 900 });
      // The picture is drawn anew after the window has its new size.
      await waitFor(
        async () => !fitted.includes(await board.node(0).evaluate((bar) => bar.getBoundingClientRect().width)),
        { what: `bars for ${String(width)} px`, timeoutMs: PATIENT.timeout },
      );
      fitted.push(await board.node(0).evaluate((bar) => bar.getBoundingClientRect().width));
      for (const node of grid.from)
        await waitFor(() => hasRoom(board, node), {
          what: `room on node ${String(node)} at ${String(width)} px`,
          timeoutMs: PATIENT.timeout,
        });
      await board.page.getByText('of a node\u2019s own memory, measured').waitFor(PATIENT);
      await tablesShow(board, grid);
      await board.page.keyboard.press('t');
    }
  });
});

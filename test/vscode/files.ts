// Owns what is done with files in a workbench: runs and recordings open on a board of their own, broken ones in words, two against each
// other; last of all where VS Code has no Node, as on the web.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FrameLocator, Locator } from 'playwright-core';
import { pack } from '../../src/model/live/packed.ts';
import { RECORDING_SCHEMA } from '../../src/model/live/recording.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { PATIENT } from '../e2e/page.ts';
import { waitFor } from '../support/processes.ts';
import { headOf, samplesOf } from '../support/recorded.ts';
import type { OpenWorkbench } from './harness/open.ts';

const PLAN = 'four-vms.plan.yaml';
/** Of one program that runs nowhere. */
const HELD = 'held.plan.yaml';
const FIXTURE = new URL('../fixtures/runs/memory.numa.json', import.meta.url);

/** Of so many seconds, and not ended: the machine it ran on was switched off. */
function tornRecording(seconds: number): Uint8Array {
  const head = headOf();
  const lines: unknown[] = [{ schema: RECORDING_SCHEMA, ...head }];
  for (const sample of samplesOf(head, seconds, 2)) lines.push({ sample: pack(sample) });
  const whole = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return whole.subarray(0, whole.length - 12);
}

/** What is in the workspace before it is opened. */
export function fillWithFiles(workspace: string): void {
  const run = parseRun(readFileSync(FIXTURE, 'utf8'));
  const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(workspace, name), text);
  write('before.numa.json', JSON.stringify(run));
  write('later.numa.json', JSON.stringify({ ...run, id: `${run.id}-later`, time: '2031-01-01T00:00:00.000Z' }));
  write('broken.numa.json', '{');
  write(PLAN, readFileSync(new URL(`../../docs/examples/${PLAN}`, import.meta.url)));
  write(
    HELD,
    'schema: numa-pinboard/plan/1\nhost: { ssh: alpha-box }\nblocks:\n  - { name: np-nobody, kind: process, cpus: "0" }\n',
  );
  write('box.numarec', tornRecording(20));
}

export class Files {
  readonly #workbench: OpenWorkbench;
  readonly #workspace: string;

  constructor(workbench: OpenWorkbench, workspace: string) {
    this.#workbench = workbench;
    this.#workspace = workspace;
  }

  get #window(): OpenWorkbench['window'] {
    return this.#workbench.window;
  }

  async broken(): Promise<void> {
    const { page } = this.#window;
    await this.#open('broken.numa.json');
    const shown = await this.#shown('broken.numa.json');
    await shown.getByText('broken.numa.json: This is not a run: the file is not JSON').waitFor(PATIENT);
    await this.#window.screenshot('vscode-broken-file');
    await shown.getByRole('link', { name: 'Open as Text' }).click();
    await page.locator('.editor-instance .view-line', { hasText: '{' }).first().waitFor(PATIENT);
    await this.#window.runCommand('NUMA: Open on Board');
    // Whole again, it is shown without being opened again; what is shown stays when it breaks.
    writeFileSync(join(this.#workspace, 'broken.numa.json'), readFileSync(join(this.#workspace, 'before.numa.json')));
    const board = await this.#shown('broken.numa.json');
    await board.locator('[data-run][aria-selected=true]').waitFor(PATIENT);
    writeFileSync(join(this.#workspace, 'broken.numa.json'), '{"schema":"numa-pinboard/snapshot/9"}');
    await board
      .getByText(/cannot be read any more.*newer NUMA Pinboard/)
      .first()
      .waitFor(PATIENT);
    assert.equal(await board.locator('[data-run][aria-selected=true]').count(), 1);
  }

  async compared(): Promise<void> {
    // The list may be drawn anew between the clicks, and then holds one selected row.
    await this.#window.chooseInMenuOf('Compare Selected Runs', async () => {
      await this.#row('before.numa.json').click();
      await this.#row('later.numa.json').click({ modifiers: ['ControlOrMeta'] });
      await this.#row('later.numa.json').click({ button: 'right' });
    });
    const board = await this.#shown('before.numa.json');
    await board.locator('.legend-runs').waitFor(PATIENT);
    assert.equal(await board.locator('.legend-runs .letter').count(), 2);
    await board.getByText('A against B').first().waitFor(PATIENT);
    await this.#window.screenshot('vscode-compared-files');
  }

  /** A plan beside the host that the board of hosts is connected to. */
  async heldBeside(): Promise<void> {
    const { page } = this.#window;
    await this.#open(HELD);
    await this.#window.runCommand('NUMA: Open on Board');
    const board = await this.#shown(HELD);
    const row = board.locator('[data-block-row="np-nobody"]');
    await row.focus(PATIENT);
    await page.keyboard.press('c');
    await row
      .locator('[data-beside]', { hasText: 'Not running here: there is no process called np-nobody or np_nobody.' })
      .waitFor(PATIENT);
    await this.#window.screenshot('vscode-plan-beside');
    await row.focus(PATIENT);
    await page.keyboard.press('c');
    await row.locator('[data-beside]').waitFor({ ...PATIENT, state: 'detached' });
    // Its board and its text.
    for (const left of [1, 0]) {
      await this.#window.runCommand('View: Close Editor');
      await waitFor(async () => (await page.locator('.tab', { hasText: HELD }).count()) === left, {
        what: `${String(left)} tabs of the plan`,
        timeoutMs: PATIENT.timeout,
      });
    }
  }

  /** A plan's text and its board are one document of the editor: changed, taken back and saved as such. */
  async planned(): Promise<void> {
    const { page } = this.#window;
    const path = join(this.#workspace, PLAN);
    const before = readFileSync(path, 'utf8');
    const saved = async (what: string, is: (text: string) => boolean): Promise<void> => {
      await this.#window.runCommand('File: Save');
      await waitFor(() => is(readFileSync(path, 'utf8')), { what, timeoutMs: PATIENT.timeout });
      // While it saves, the editor takes no notice of what anybody else writes.
      await page.locator('.tab.active:not(.dirty)', { hasText: PLAN }).waitFor(PATIENT);
    };
    await this.#open(PLAN);
    await this.#window.runCommand('NUMA: Open on Board');
    const board = await this.#shown(PLAN);
    const row = (name: string): Locator => board.locator(`[data-block-row="${name}"]`);
    await row('tasks').focus(PATIENT);
    await page.keyboard.press('c');
    await board.getByText('The plan names a machine on paper, where nothing runs.').first().waitFor(PATIENT);
    await row('tasks').focus(PATIENT);
    await page.keyboard.press('-');
    await row('tasks').filter({ hasText: '3 cores' }).waitFor(PATIENT);
    await page.locator('.tab.active.dirty', { hasText: PLAN }).waitFor(PATIENT);
    await this.#window.screenshot('vscode-plan');
    await saved('a core less in the file', (text) => text.includes('cores: 3'));
    await board.locator('[data-action="plan-undo"]').click(PATIENT);
    await row('tasks').filter({ hasText: '4 cores' }).waitFor(PATIENT);
    await saved('the file as it was', (text) => text === before);
    // On a busy machine the editor may miss that its file was written so soon after it wrote it itself: written again.
    const changed = row('data').filter({ hasText: '61 GB' });
    const written = async (): Promise<boolean> => {
      writeFileSync(path, before.replace('memory: 60GB', 'memory: 61GB'));
      return changed.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
    };
    await waitFor(written, { what: 'what another program wrote', timeoutMs: PATIENT.timeout });
  }

  /** The same extension, by its `browser` entry in the extension host that a browser has. */
  async onTheWeb(): Promise<void> {
    const { page } = this.#window;
    const settings = join(this.#workbench.userData, 'User', 'settings.json');
    const before = JSON.parse(readFileSync(settings, 'utf8')) as object;
    writeFileSync(
      settings,
      JSON.stringify({ ...before, 'remote.extensionKind': { 'numa-pinboard.numa-pinboard': ['web'] } }),
    );
    await this.#window.runCommand('View: Close All Editors');
    await Promise.all([
      page.waitForEvent('domcontentloaded', PATIENT),
      this.#window.runCommand('Developer: Reload Window'),
    ]);
    await page.locator('.monaco-workbench .statusbar-item').first().waitFor(PATIENT);
    await this.#window.runCommand('NUMA: Connect Host');
    await this.#window.notification(/needs a host, and the web edition of VS Code reaches none/, PATIENT.timeout);
    await this.#window.hideNotifications();
    await this.#open('before.numa.json');
    const run = await this.#shown('before.numa.json');
    await run.locator('[data-run][aria-selected=true]').waitFor(PATIENT);
    await run.locator('.panel').getByText('nothing can run on it').waitFor(PATIENT);
    await this.#window.screenshot('vscode-web-run');
    await this.#open('box.numarec');
    const recorded = await this.#shown('box.numarec');
    await recorded
      .locator('.time')
      .getByText(/It was not ended/)
      .first()
      .waitFor(PATIENT);
    await this.#window.screenshot('vscode-web-recording');
  }

  #row(name: string): Locator {
    return this.#window.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  }

  async #open(name: string): Promise<void> {
    await this.#window.runCommand('View: Show Explorer');
    await this.#row(name).dblclick(PATIENT);
  }

  /** The board in the tab of that file, which is in front. */
  async #shown(name: string): Promise<FrameLocator> {
    const { page } = this.#window;
    await page.locator('.tab.active', { hasText: name }).first().waitFor(PATIENT);
    const inner = page.locator('iframe.webview').filter({ visible: true }).last().contentFrame();
    return inner.locator('iframe#active-frame').contentFrame();
  }
}

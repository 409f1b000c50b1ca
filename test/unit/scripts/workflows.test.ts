// Workflow files can only be tried where they run: here they are held to what they may do, and to naming what there is.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { loadAll } from 'js-yaml';
import { suites } from '../../../scripts/setup/suites.mjs';

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}
interface Workflow {
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = new URL('../../../.github/workflows/', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};
/** What more than reading the repository a job may do. */
const RIGHTS: Readonly<Record<string, unknown>> = {
  'release.yml/publish': { actions: 'read', contents: 'write', 'id-token': 'write' },
};

for (const file of readdirSync(FOLDER))
  test(`${file}: pinned actions, least rights, an end, and commands that exist`, () => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const [workflow] = loadAll(text) as [Workflow];
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    assert.ok(workflow.concurrency);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      assert.deepEqual(job.permissions, RIGHTS[`${file}/${name}`], name);
      assert.ok((job['timeout-minutes'] ?? 0) > 0, `${name} has no time-out`);
      for (const { uses, run = '', with: given } of job.steps) {
        if (uses !== undefined) {
          assert.match(uses, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
          assert.match(text, new RegExp(`${uses} # v\\d`), 'a pin says its version');
          if (uses.startsWith('actions/checkout@')) assert.equal(given?.['persist-credentials'], false);
        }
        // What a title or a branch holds would be run.
        assert.doesNotMatch(run, /\$\{\{/);
        for (const [, script = ''] of run.matchAll(/npm run ([\w:-]+)/g))
          assert.ok(scripts[script], `npm run ${script}`);
        for (const [, suite] of run.matchAll(/npm test -- (\w+)/g))
          assert.ok(
            suites.some((one) => one.name === suite),
            `npm test -- ${String(suite)}`,
          );
      }
    }
  });

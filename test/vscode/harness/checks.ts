// Owns the list of checks that a test module runs inside the workbench, and how each one's outcome gets out of there: a line of
// JSON as soon as it is known, so that what ran before a crash or a time-out is still told one by one.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import type { TestContext } from 'node:test';

export interface CheckResult {
  readonly name: string;
  readonly milliseconds: number;
  /** The error with its stack; null when it passed. */
  readonly error: string | null;
}

/**
 * In the extension host: runs the checks one after the other and fails in the end if any of them did. They share one workbench,
 * so a later one may build on an earlier one's state. `afterFailure` gets the name, to take a picture.
 */
export async function runChecks(
  checks: Readonly<Record<string, () => Promise<void>>>,
  afterFailure: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const failed: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const begin = performance.now();
    const error = await check().then(() => null, describe);
    const milliseconds = Math.round(performance.now() - begin);
    console.log(
      `${error === null ? 'ok' : 'FAILED'}: ${name} (${String(milliseconds)} ms)${error === null ? '' : `\n${error}`}`,
    );
    record({ name, milliseconds, error });
    if (error === null) continue;
    failed.push(name);
    await afterFailure(name).catch((reason: unknown) => {
      console.log(`no picture: ${describe(reason)}`);
    });
  }
  if (failed.length > 0) throw new Error(`${String(failed.length)} checks failed: ${failed.join('; ')}`);
}

/** In node:test: one subtest a check, and one that the run as a whole ended well. */
export async function reportChecks(
  context: TestContext,
  result: { exitCode: number; output: string; checks: readonly CheckResult[] },
): Promise<void> {
  for (const { name, error } of result.checks) {
    await context.test(name, () => {
      if (error !== null) assert.fail(error);
    });
  }
  await context.test('the test run in the workbench ended well', () => {
    assert.ok(result.checks.length > 0, `no check ran:\n${result.output.slice(-8000)}`);
    const failed = result.checks.some(({ error }) => error !== null);
    if (!failed)
      assert.equal(result.exitCode, 0, `exit code ${String(result.exitCode)}:\n${result.output.slice(-8000)}`);
  });
}

function record(result: CheckResult): void {
  const file = process.env['NUMA_TEST_RESULTS'];
  if (file) appendFileSync(file, JSON.stringify(result) + '\n');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

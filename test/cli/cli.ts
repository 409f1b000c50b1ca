// Owns starting the built command line as a person does, and what it answered.
import { fileURLToPath } from 'node:url';
import { startProcess, temporaryFolder, type StartedProcess } from '../support/processes.ts';
import { Desk } from './desk.ts';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Long enough for a loaded machine; nothing here takes more than seconds on a free one. */
export const PATIENCE_MS = 180_000;

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started extends StartedProcess {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly answer: Promise<Answer>;
}

/** Starts it and hands it over while it runs; `stop()` or its end is the caller's. */
export async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const process_ = await startProcess(process.execPath, [CLI, ...args], { env: environment(env) });
  let stdout = '';
  let stderr = '';
  process_.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  process_.child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const answer = process_.ended.then(({ code }) => ({ code, stdout, stderr }));
  return { ...process_, stdout: () => stdout, stderr: () => stderr, answer };
}

const desk = new Desk(CLI);
/** Commands that ran in a process of their own. */
const ended = new Set<string>();

/** Runs it to its end: the first time a command is asked for as a process of its own, which ends by itself, then beside others. */
export async function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  const command = commandOf(args);
  if (ended.has(command) && !desk.busy) return desk.ask({ words: args, env: environment(env) }, PATIENCE_MS);
  const running = await start(args, env);
  const timer = setTimeout(() => void running.stop(), PATIENCE_MS);
  const answer = await running.answer;
  clearTimeout(timer);
  ended.add(command);
  return answer;
}

/** "bench spsc" of a command line. */
const commandOf = (args: readonly string[]): string =>
  args.slice(0, /^(bench|hugepages|plan)$/.test(args[0] ?? '') ? 2 : 1).join(' ');

/** What one keeps (runs, the journal of huge pages) is nothing to another, unless a test says so. */
export function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, SSH_AUTH_SOCK: undefined, XDG_STATE_HOME: temporaryFolder('state'), ...env };
}

/**
 * Owns: starting the real agent for the tests, with a stdin that stays open until a test ends it. What the agent prints
 * goes through the same schema that the product reads it with. Deadlines are generous: this machine is shared.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAgentLine } from '../../src/protocol/agent.ts';
import type { AgentErrorCode, AgentLine, AgentLineOf } from '../../src/protocol/agent.ts';

const root = join(import.meta.dirname, '..', '..');
const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
export const agentPath = join(root, 'dist', 'agent', `numa-agent-${architecture}`);

/** Builds the agent where it is absent or older than its sources. No compiler: the words say which package has one. */
export async function haveAgent(): Promise<void> {
  const script = join(root, 'scripts', 'build-agent.mjs');
  const { buildAgent } = (await import(script)) as { buildAgent: () => { built: boolean; why: string } };
  const { built, why } = buildAgent();
  assert.ok(built, why);
}

export interface Answer {
  readonly status: number | null;
  readonly lines: AgentLine[];
  readonly words: string;
}

export class Agent {
  readonly #child;
  readonly #ended: Promise<number | null>;
  readonly #waiting: { seen: (line: AgentLine) => boolean; found: (line: AgentLine) => void }[] = [];
  readonly lines: AgentLine[] = [];
  words = '';

  /** `under`: a program that runs it, such as `chrt -i 0`. */
  constructor(args: readonly string[], under: readonly string[] = []) {
    const [program = agentPath, ...words] = [...under, agentPath, ...args];
    this.#child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin.on('error', () => undefined); // it may have ended before a byte reaches it
    this.#child.stderr.on('data', (bytes: Buffer) => (this.words += bytes.toString()));
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const pieces = (rest + text).split('\n');
      rest = pieces.pop() ?? '';
      for (const piece of pieces) this.#take(parseAgentLine(piece));
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject).on('close', (status) => {
        assert.equal(rest, '', 'the last line is whole');
        resolve(status);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  #take(line: AgentLine): void {
    this.lines.push(line);
    for (const one of this.#waiting.splice(0)) {
      if (one.seen(line)) one.found(line);
      else this.#waiting.push(one);
    }
  }

  /** Bytes to its stdin: arguments, or a heartbeat. */
  send(bytes: string | Buffer): void {
    this.#child.stdin.write(bytes);
  }

  /** What the loss of the connection does. */
  endStdin(): void {
    this.#child.stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The first line of that type, of those that came and those still to come. */
  async line<T extends AgentLine['type']>(type: T, deadlineMs = 60_000): Promise<AgentLineOf<T>> {
    const seen = (line: AgentLine): line is AgentLineOf<T> => line.type === type;
    const had = this.lines.find(seen);
    if (had) return had;
    return within(
      deadlineMs,
      `a line "${type}"`,
      () => new Promise((found) => this.#waiting.push({ seen, found: found as (line: AgentLine) => void })),
    );
  }

  async ended(deadlineMs = 120_000): Promise<Answer> {
    const status = await within(
      deadlineMs,
      'the end of the agent',
      () => this.#ended,
      () => this.#child.kill('SIGKILL'),
    );
    return { status, lines: this.lines, words: this.words };
  }
}

/** Runs the agent to its end, with a stdin that stays open. */
export function agent(...args: string[]): Promise<Answer> {
  return new Agent(args).ended();
}

/**
 * Runs a benchmark for so long a repetition. A machine that is overrun may give a thread no turn in that time, and the
 * agent then says so, as it should; what the test is about is asked again, with more time.
 */
export async function measure(durationMs: number, ...args: string[]): Promise<Answer> {
  const answer = await agent(...args, '--duration-ms', String(durationMs));
  const starved = linesOf(answer, 'repetition').some((one) => (one.why ?? '').includes('in the measured time'));
  return starved && durationMs < 10_000 ? measure(durationMs * 4, ...args) : answer;
}

export function linesOf<T extends AgentLine['type']>(answer: Pick<Answer, 'lines'>, type: T): AgentLineOf<T>[] {
  return answer.lines.filter((line): line is AgentLineOf<T> => line.type === type);
}

/** A complete answer: greeting first, `done` last, status 0. */
export function assertDone(answer: Answer): void {
  assert.equal(answer.status, 0, answer.words);
  assert.equal(answer.lines[0]?.type, 'hello');
  assert.equal(answer.lines.at(-1)?.type, 'done');
}

export function assertFails(answer: Answer, status: 2 | 4, code: AgentErrorCode): AgentLineOf<'error'> {
  const error = answer.lines.at(-1);
  assert.equal(error?.type, 'error', JSON.stringify(error));
  assert.equal(error.code, code, error.message);
  assert.equal(answer.status, status);
  assert.notEqual(error.message, '');
  return error;
}

/** Resolves as soon as the condition holds; asked again and again, for it is about processes that are not ours. */
export async function until(what: string, holds: () => boolean, deadlineMs = 60_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!holds()) {
    assert.ok(performance.now() < deadline, `${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a process runs; a zombie that its parent has not fetched yet does not. */
export function alive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(stat, 'latin1'));
  } catch {
    return false;
  }
}

async function within<T>(ms: number, what: string, start: () => Promise<T>, late?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late?.();
      reject(new Error(`${what} did not come within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([start(), expiry]);
  } finally {
    clearTimeout(timer);
  }
}

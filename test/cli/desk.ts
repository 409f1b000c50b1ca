// Owns a process that runs commands of the command line one after the other, for tests whose subject is not the process: a start of
// its own costs each of them half a second of CPU time.
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startProcess, type StartedProcess } from '../support/processes.ts';
import type { Answer } from './cli.ts';

/** What the process is sent. */
export interface Asked {
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const program = fileURLToPath(new URL('./desk.mjs', import.meta.url));

export class Desk {
  readonly #switches: readonly string[];
  readonly #entry: string;
  #process: Promise<StartedProcess> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param entry of the command line. @param switches of Node */
  constructor(entry: string, switches: readonly string[] = []) {
    this.#entry = entry;
    this.#switches = switches;
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  get started(): boolean {
    return this.#process !== null;
  }

  /** Behind what was asked before. @throws where the process ended before it answered, or was ended because that took too long. */
  ask(asked: Asked, patienceMs: number): Promise<Answer> {
    this.#waiting++;
    const answer = this.#last.then(() => this.#answer(asked, patienceMs)).finally(() => this.#waiting--);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #answer({ words, env }: Asked, patienceMs: number): Promise<Answer> {
    this.#process ??= this.#start();
    const { child, ended, output, stop } = await this.#process;
    // It also keeps this process alive: the desk by itself does not.
    const timer = setTimeout(() => void stop(), patienceMs);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        child.once('message', (answer) => resolve(answer as Answer));
        void ended.then(({ code, signal }) => {
          this.#process = null;
          reject(new Error(`"${words.join(' ')}" ended its process by ${String(code ?? signal)}: ${output()}`));
        });
        child.send({ words, env: defined(env) });
      });
    } finally {
      clearTimeout(timer);
      child.removeAllListeners('message');
      child.channel?.unref();
    }
  }

  async #start(): Promise<StartedProcess> {
    const desk = await startProcess(process.execPath, [...this.#switches, program, this.#entry], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    desk.child.unref();
    (desk.child.stderr as Socket | null)?.unref();
    return desk;
  }
}

const defined = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));

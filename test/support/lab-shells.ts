// Owns the shells on an emulated host that its tests ask: each is started once, over the system's ssh, and runs one script after the
// other in a subshell, for a session and its programs cost the emulator ten times what most scripts do.
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { quoteWord } from '../../src/model/text/command-line.ts';
import { startProcess } from './processes.ts';
import type { Said } from './lab.ts';

interface Shell {
  run(script: string): Promise<Said>;
  end(): Promise<void>;
}

export interface Shells {
  /** By one that is idle, or one more: scripts that overlap have a shell each. What a script does to its shell ends with it. */
  run(script: string): Promise<Said>;
  end(): Promise<void>;
}

/** @param ssh the arguments of `ssh` that have it run `/bin/sh`. */
export function keepShells(ssh: readonly string[]): Shells {
  const idle: Shell[] = [];
  return {
    async run(script) {
      const shell = idle.pop() ?? (await startShell(ssh));
      const said = await shell.run(script);
      // One that was lost says so by ssh's own status; the next script gets another.
      if (said.code !== LOST) idle.push(shell);
      return said;
    },
    async end() {
      await Promise.all(idle.splice(0).map((shell) => shell.end()));
    },
  };
}

/** What ssh ends with where there is no connection, or none any more. */
const LOST = 255;

async function startShell(ssh: readonly string[]): Promise<Shell> {
  const { child, ended, stop } = await startProcess('ssh', ssh, { stdio: 'pipe' });
  child.stdin?.on('error', () => undefined); // it has ended, which is told below
  return {
    async run(script) {
      const mark = `--${randomUUID()}--`;
      const streams = [child.stdout, child.stderr].map((stream) => upTo(stream, mark));
      const told = `printf '\\n%s %d\\n' ${mark} "$status"`;
      child.stdin?.write(`( eval ${quoteWord(script)} ) </dev/null; status=$?; ${told}; ${told} >&2\n`);
      const whole = Promise.all(streams.map(({ whole }) => whole));
      const code = await Promise.race([whole.then(([status]) => Number(status)), ended.then(() => LOST)]);
      const [stdout = '', stderr = ''] = streams.map(({ end }) => end());
      return { code, stdout, stderr };
    },
    end: () => stop(),
  };
}

interface Heard {
  /** What follows the mark on its line, once it has come. */
  readonly whole: Promise<string>;
  /** Hears no more. @returns what came before the mark. */
  end(): string;
}

function upTo(stream: Readable | null, mark: string): Heard {
  const texts: string[] = [];
  let last = '';
  let hear = (_text: string): void => undefined;
  const whole = new Promise<string>((resolve) => {
    hear = (text) => {
      texts.push(text);
      last = (last + text).slice(-2 * mark.length);
      const [, status] = last.split(mark);
      if (status?.endsWith('\n')) resolve(status);
    };
  });
  stream?.setEncoding('utf8').on('data', hear);
  return {
    whole,
    end() {
      stream?.off('data', hear);
      return texts.join('').split(`\n${mark}`)[0] ?? '';
    },
  };
}

/** Questions on the terminal: an unknown host key, a passphrase. Without a terminal, or with --no-prompt, none is asked. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { PinboardError } from '../model/problem.ts';
import type { Prompter } from '../remote/transport.ts';
import { canAsk, echo, progressDone, say, write } from './output.ts';

function refuse(what: string): never {
  throw new PinboardError(
    'prompt-needed',
    `${what}, and there is no terminal to ask on.`,
    'Connect once from a terminal, without --no-prompt or with ssh, then try again.',
  );
}

/** A line typed by a person; empty when the signal comes first. `hidden` does not echo it. */
function ask(question: string, hidden: boolean, signal: AbortSignal | undefined): Promise<string> {
  progressDone();
  write('stderr', question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : echo(), terminal: hidden });
  // A terminal in raw mode gives Ctrl+C as a key.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // A terminal that is read from would keep the program from ending.
  const abort = (): void => lines.close();
  signal?.addEventListener('abort', abort, { once: true });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => {
      if (hidden) write('stderr', '\n');
      signal?.removeEventListener('abort', abort);
      resolve('');
    });
  });
}

const silentPrompter: Prompter = {
  confirmHostKey: ({ host, keyType, fingerprint }) =>
    refuse(`The ${keyType} key of ${host} (${fingerprint}) is not known`),
  secret: ({ title }) => refuse(title),
};

/** Yes or no to something that cannot be taken back by Ctrl+C. @param hint what to do where nobody can be asked */
export async function confirmed(
  question: string,
  { prompt, signal, hint }: { prompt: boolean; signal: AbortSignal; hint: string },
): Promise<boolean> {
  if (!prompt || !canAsk())
    throw new PinboardError(
      'prompt-needed',
      'This needs a yes, and there is no terminal to ask on. Nothing was changed.',
      hint,
    );
  const answer = (await ask(`${question} Type yes or no: `, false, signal)).trim();
  return answer === 'yes' || answer === 'y';
}

const terminalPrompter: Prompter = {
  async confirmHostKey({ host, keyType, fingerprint }, signal) {
    say(`The host ${host} is not known. The fingerprint of its ${keyType} key is`);
    say(`  ${fingerprint}`);
    for (;;) {
      const answer = (
        await ask('Is that right? Type yes to connect and remember the key, or no: ', false, signal)
      ).trim();
      if (answer === 'yes') return true;
      if (answer === 'no' || answer === '') return false;
    }
  },
  async secret({ title, detail }, signal) {
    if (detail !== '') say(detail);
    const answer = await ask(`${title}: `, true, signal);
    return answer === '' ? null : answer;
  },
};

export function choosePrompter(prompt: boolean): Prompter {
  return prompt && canAsk() ? terminalPrompter : silentPrompter;
}

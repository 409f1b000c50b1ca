// Owns a program under a real pseudo-terminal, as `script` (util-linux) makes one: what it shows, keys, and other sizes of the window.
import { execFileSync } from 'node:child_process';
import { quoteWord } from '../../src/model/text/command-line.ts';
import { startProcess, waitFor } from './processes.ts';
import type { StartedProcess } from './processes.ts';

const PATIENT = { timeoutMs: 120_000 };

export interface Terminal {
  readonly process: StartedProcess;
  /** All that was sent to it. */
  readonly sent: () => string;
  /** Lines that stand there, without their styles. */
  readonly lines: () => string[];
  readonly shows: (what: string | RegExp) => Promise<void>;
  readonly press: (keys: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** Exit status of the program, once it has ended, and how the terminal is set then. */
  readonly end: () => Promise<{ code: number; settings: string; sent: string }>;
}
const MARK = 'ended-with';

const withoutStyles = (text: string): string => text.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '');

/** The last picture that was drawn whole: each begins at the top left and ends by clearing what is below. */
function lastPicture(sent: string): string[] {
  const pictures = sent.split('\x1b[H').slice(1);
  const whole = pictures.filter((picture) => picture.includes('\x1b[J')).at(-1) ?? '';
  return withoutStyles(whole.slice(0, whole.indexOf('\x1b[J'))).split('\r\n');
}

export async function openTerminal(
  command: readonly string[],
  size: { columns: number; rows: number },
  env: NodeJS.ProcessEnv = {},
): Promise<Terminal> {
  const line = [
    `stty cols ${size.columns} rows ${size.rows}`,
    'echo "tty $(tty) "',
    command.map(quoteWord).join(' '),
    `echo "${MARK} $?"`,
    'stty -a',
  ].join('; ');
  const process_ = await startProcess('script', ['-qfc', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: undefined, ...env },
  });
  const sent = (): string => process_.output();
  const shows = async (what: string | RegExp): Promise<void> => {
    const found = (): boolean => {
      const text = lastPicture(sent()).join('\n');
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    await waitFor(found, { ...PATIENT, what: () => `${String(what)} in\n${lastPicture(sent()).join('\n')}` });
  };
  return {
    process: process_,
    sent,
    lines: () => lastPicture(sent()),
    shows,
    press: (keys) => void process_.child.stdin?.write(keys),
    resize: (columns, rows) => {
      const tty = /tty (\S+) /.exec(sent())?.[1] ?? '';
      execFileSync('stty', ['-F', tty, 'cols', String(columns), 'rows', String(rows)]);
    },
    end: async () => {
      await process_.ended;
      const [, after = ''] = sent().split(MARK);
      return { code: parseInt(after, 10), settings: after, sent: sent() };
    },
  };
}

/** Keys that a person presses while something is shown, one by one. */

/** As a terminal sends them without its own line editing. */
const CTRL_C = '\x03';
const CTRL_Z = '\x1a';

export interface Keys {
  /** Gives the terminal its line editing back. */
  close(): void;
}

/**
 * @param onKey of one character; what arrows and function keys send is passed over.
 * @param onStop asks the shell to go on for a while (Ctrl+Z); settled when it is over.
 */
export function readKeys(onKey: (key: string) => void, onStop: { before: () => void; after: () => void }): Keys {
  const { stdin } = process;
  const take = (bytes: Buffer): void => {
    const text = bytes.toString();
    if (text.startsWith('\x1b')) return;
    for (const key of text) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else if (key === CTRL_Z) {
        onStop.before();
        stdin.setRawMode(false);
        process.kill(process.pid, 'SIGSTOP');
      } else onKey(key);
    }
  };
  const goOn = (): void => {
    stdin.setRawMode(true);
    onStop.after();
  };
  stdin.setRawMode(true);
  stdin.on('data', take);
  stdin.resume();
  process.on('SIGCONT', goOn);
  return {
    close: () => {
      process.off('SIGCONT', goOn);
      stdin.off('data', take);
      stdin.pause();
      stdin.setRawMode(false);
    },
  };
}

/** Questions of a connection, asked the editor's own way: an unknown host key, a passphrase or password. */

import * as vscode from 'vscode';
import type { Prompter } from '../remote/transport.ts';

const GO = 'Connect and Remember';

/** @param signal the attempt is over: what is asked then is withdrawn, and what is answered does not count. */
export function editorPrompter(signal: AbortSignal): Prompter {
  const over = new vscode.CancellationTokenSource();
  const end = (): void => over.cancel();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return {
    async confirmHostKey({ host, keyType, fingerprint }) {
      if (signal.aborted) return false;
      const detail = `Its ${keyType} key has the fingerprint\n${fingerprint}\n\nConnect only if this is the right one. It will be added to known_hosts.`;
      const asked = vscode.window.showWarningMessage(`The host ${host} is not known.`, { modal: true, detail }, GO);
      // The editor cannot take a dialog back: it stays, and nobody waits for it.
      const withdrawn = new Promise<undefined>((resolve) => {
        over.token.onCancellationRequested(() => resolve(undefined));
      });
      return (await Promise.race([asked, withdrawn])) === GO;
    },
    async secret({ title, detail }) {
      const options = { title, prompt: detail, password: true, ignoreFocusOut: true };
      const answer = await vscode.window.showInputBox(options, over.token);
      return answer === undefined || answer === '' ? null : answer;
    },
  };
}

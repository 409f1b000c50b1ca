/** Questions of a connection, asked the editor's own way: an unknown host key, a passphrase or password. */

import * as vscode from 'vscode';
import type { Prompter } from '../remote/transport.ts';

export const editorPrompter: Prompter = {
  async confirmHostKey({ host, keyType, fingerprint }) {
    const go = 'Connect and Remember';
    const answer = await vscode.window.showWarningMessage(
      `The host ${host} is not known.`,
      {
        modal: true,
        detail: `Its ${keyType} key has the fingerprint\n${fingerprint}\n\nConnect only if this is the right one. It will be added to known_hosts.`,
      },
      go,
    );
    return answer === go;
  },
  async secret({ title, detail }) {
    const answer = await vscode.window.showInputBox({ title, prompt: detail, password: true, ignoreFocusOut: true });
    return answer === undefined || answer === '' ? null : answer;
  },
};

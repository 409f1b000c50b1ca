/** The SSH config: opened at a host, added to once a person has seen what is written, and watched for changes. */

import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { whyNot } from '../../model/problem.ts';
import { configFiles, placedHosts, watchedFiles } from '../../remote/ssh/config.ts';
import { addStanza, stanzaOf } from '../../remote/ssh/stanza.ts';
import { isHostName, parseTarget } from '../../remote/ssh/target.ts';

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A file that is not there is opened as one that saving makes. */
async function open(path: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.file(path);
  const there = await isThere(path);
  return vscode.window.showTextDocument(there ? uri : uri.with({ scheme: 'untitled' }));
}

/** @param config file of the setting, if any. @param host whose lines are shown; null: the file. */
export async function editSshConfig(config: string | undefined, host: string | null): Promise<void> {
  const found = host === null ? undefined : (await placedHosts(config)).find(({ name }) => name === host);
  const editor = await open(found?.file ?? configFiles(config)[0]);
  if (!found) return;
  const at = new vscode.Position(found.at, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

const ADD = 'NUMA: Add SSH Host';

/** Writes a host behind all that is in the file, after a person has seen what is written and where. */
export async function addSshHost(config: string | undefined): Promise<void> {
  const [path] = configFiles(config);
  const typed = await vscode.window.showInputBox({
    title: ADD,
    prompt: 'Where it is: an address, user@address or user@address:port',
    placeHolder: 'me@rack-17.example.org',
    ignoreFocusOut: true,
    validateInput: (words) => (words.trim() === '' ? null : whyNot(() => parseTarget(words.trim()))),
  });
  if (typed === undefined || typed.trim() === '') return;
  const target = parseTarget(typed.trim());
  const taken = (await placedHosts(config)).map(({ name }) => name);
  const name = await vscode.window.showInputBox({
    title: ADD,
    prompt: 'What it is called in your SSH config',
    value: target.host,
    ignoreFocusOut: true,
    validateInput: (words) =>
      taken.includes(words)
        ? `There is a host ${words} already.`
        : isHostName(words)
          ? null
          : 'A name has no blanks and no patterns.',
  });
  if (name === undefined) return;
  const stanza = stanzaOf(name, target);
  const add = 'Add';
  const detail = `${stanza}\nIt is written at the end of the file; nothing else in it changes.`;
  const agreed = await vscode.window.showInformationMessage(`Add this to ${path}?`, { modal: true, detail }, add);
  if (agreed === add) await addStanza(path, stanza);
}

/** Where the editor is to look for `path`, which may hold * and ?: from the last folder on that holds none. */
function patternOf(path: string): vscode.RelativePattern {
  let folder = dirname(path);
  let rest = basename(path);
  while (/[*?]/.test(folder)) {
    rest = join(basename(folder), rest);
    folder = dirname(folder);
  }
  return new vscode.RelativePattern(vscode.Uri.file(folder), rest);
}

/** Watches every file that names hosts, those that others include, too. */
export class SshConfigWatch implements vscode.Disposable {
  readonly #config: () => string | undefined;
  readonly #onChange: () => void;
  #watched = '';
  #watchers: vscode.Disposable[] = [];
  #over = false;

  constructor(config: () => string | undefined, onChange: () => void) {
    this.#config = config;
    this.#onChange = onChange;
    void this.again();
  }

  /** The setting, or what is included, may name other files now. */
  async again(): Promise<void> {
    const paths = await this.#paths();
    if (this.#over || paths.join('\n') === this.#watched) return;
    this.#watched = paths.join('\n');
    this.#end();
    const changed = (): void => {
      this.#onChange();
      void this.again();
    };
    for (const path of paths) {
      const watcher = vscode.workspace.createFileSystemWatcher(patternOf(path));
      this.#watchers.push(
        watcher,
        watcher.onDidChange(changed),
        watcher.onDidCreate(changed),
        watcher.onDidDelete(changed),
      );
    }
  }

  /** None where the setting names no file: that is told by whoever follows it. */
  async #paths(): Promise<string[]> {
    try {
      return await watchedFiles(this.#config());
    } catch {
      return [];
    }
  }

  #end(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
  }

  dispose(): void {
    this.#over = true;
    this.#end();
  }
}

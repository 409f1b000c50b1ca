/** Reporting an issue: the editor's own form where it has one, else the tracker's, filled with what is safe to tell. */

import { homedir, hostname, release, userInfo } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';
import { environmentBlock, issueBody } from './words/environment.ts';

/** Of package.json. */
interface Manifest {
  readonly version: string;
  readonly bugs: { readonly url: string };
}

function userName(): string[] {
  try {
    return [userInfo().username];
  } catch {
    return []; // a user without an entry in the system's list has no name to hide
  }
}

/** "me@box:22" names a user and a host. */
function namesOf({ board, standing }: BoardSession): string[] {
  const { held, attempt, refused } = standing;
  const hosts = [held?.at, attempt?.to, refused?.at].flatMap((one) => (one ? [one.name, one.target ?? ''] : []));
  const machine = board.topology?.machine.name ?? '';
  const here = [hostname(), basename(homedir()), ...userName()];
  const all = [...hosts, machine, ...here];
  return [...all, ...all.flatMap((name) => name.split(/[@:]/))].filter((name) => name !== '');
}

function surroundings(context: vscode.ExtensionContext, session: BoardSession): string {
  const { version } = context.extension.packageJSON as Manifest;
  return environmentBlock({
    version,
    editor: { name: vscode.env.appName, version: vscode.version, web: vscode.env.uiKind === vscode.UIKind.Web },
    remote: vscode.env.remoteName,
    system: { platform: process.platform, release: release(), architecture: process.arch },
    trusted: vscode.workspace.isTrusted,
    agent: session.alive?.host.agentSha256 ?? null,
    board: session.board,
    names: namesOf(session),
  });
}

export async function reportIssue(context: vscode.ExtensionContext, session: BoardSession): Promise<void> {
  const body = issueBody(surroundings(context, session));
  const { bugs } = context.extension.packageJSON as Manifest;
  // In a browser it opens the tracker, too, but leaves out what it is given.
  if (vscode.env.uiKind === vscode.UIKind.Desktop) {
    await vscode.commands.executeCommand('workbench.action.openIssueReporter', {
      extensionId: context.extension.id,
      issueBody: body,
    });
    return;
  }
  const uri = vscode.Uri.parse(bugs.url);
  await vscode.env.openExternal(uri.with({ path: `${uri.path}/new`, query: new URLSearchParams({ body }).toString() }));
}

// How a test of the lab asks the product about a host: its command line, as either user, over SSH. Commands share a process and, of each
// user, a connection; the built command line, a process and a connection each, is `startAt`, and all of the suite `cli`.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { parseRun } from '../../src/protocol/run.ts';
import type { Run } from '../../src/model/run/run.ts';
import { environment, PATIENCE_MS, start, type Answer, type Started } from '../cli/cli.ts';
import { Desk } from '../cli/desk.ts';
import { varied } from '../support/long.ts';
import { FORGET } from './kept-where.ts';
import type { LabHost, LabUser } from '../support/lab.ts';

export const bothUsers: readonly LabUser[] = ['root', 'bench'];
/** Root may do more, so what the other user sees and may do is tried in every run. */
export const users: readonly LabUser[] = varied(['bench'], bothUsers);

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const desk = new Desk(beside('./kept.ts'), ['--import', 'tsx', '--import', beside('./kept-hook.mjs')]);

/** Has the next command log in anew: what a host changed for logins to come is nothing to those that stand. */
export async function forget(): Promise<void> {
  if (desk.started) await desk.ask({ words: [FORGET], env: process.env }, PATIENCE_MS);
}

const where = (lab: LabHost, user: LabUser): string[] => [
  ...['--host', lab.alias(user), '--ssh-config', lab.sshConfig, '--no-prompt'],
];

/** `words` up to "--", if there is one, are the product's; where to look goes before it. */
function at(lab: LabHost, user: LabUser, words: readonly string[]): string[] {
  const dashes = words.indexOf('--');
  const end = dashes < 0 ? words.length : dashes;
  return [...words.slice(0, end), ...where(lab, user), ...words.slice(end)];
}

export function ask(
  lab: LabHost,
  user: LabUser,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Answer> {
  return desk.ask({ words: at(lab, user, words), env: environment(env) }, PATIENCE_MS);
}

/** About nothing but files here. */
export const askHere = (words: readonly string[]): Promise<Answer> =>
  desk.ask({ words, env: environment({}) }, PATIENCE_MS);

export function startAt(
  lab: LabHost,
  user: LabUser,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Started> {
  return start(at(lab, user, words), env);
}

/** A run that has to succeed; one with a budget may be cut short by it, for an emulator is as slow as it is. */
export async function measure(lab: LabHost, user: LabUser, words: readonly string[]): Promise<Run> {
  const dashes = words.indexOf('--');
  const json = [...(dashes < 0 ? [...words] : words.slice(0, dashes)), '--format', 'json'];
  const answer = await ask(lab, user, dashes < 0 ? json : [...json, ...words.slice(dashes)]);
  assert.ok(answer.code === 0 || (answer.code === 5 && words.includes('--budget')), answer.stderr);
  return parseRun(answer.stdout);
}

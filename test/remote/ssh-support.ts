// A real sshd, a configuration that names it `box`, and a person who answers as told and is remembered.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PinboardError } from '../../src/model/problem.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import type { Prompter, Transport } from '../../src/remote/transport.ts';
import type { Sshd } from '../support/sshd.ts';

export const agentDir = join(import.meta.dirname, '..', '..', 'dist', 'agent');

export interface Person extends Prompter {
  readonly hostKeys: { host: string; keyType: string; fingerprint: string }[];
  readonly secrets: { title: string; detail: string }[];
}

/** `before` runs as the question comes up, when what happened until then can be looked at. */
export function person(answers: { trust?: boolean; secrets?: (string | null)[]; before?: () => void } = {}): Person {
  const hostKeys: Person['hostKeys'] = [];
  const secrets: Person['secrets'] = [];
  const left = [...(answers.secrets ?? [])];
  return {
    hostKeys,
    secrets,
    confirmHostKey(question) {
      answers.before?.();
      hostKeys.push(question);
      return Promise.resolve(answers.trust ?? false);
    },
    secret(question) {
      answers.before?.();
      secrets.push(question);
      return Promise.resolve(left.shift() ?? null);
    },
  };
}

export function configFile(sshd: Sshd, options: Readonly<Record<string, string>> = {}): string {
  const path = join(sshd.dir, 'ssh_config');
  writeFileSync(path, sshd.configText('box', options));
  return path;
}

export function open(
  sshd: Sshd,
  prompter: Prompter = person(),
  options: Readonly<Record<string, string>> = {},
): Promise<Transport> {
  return openSsh({ target: 'box', sshConfig: configFile(sshd, options), prompter });
}

/** The problem that `work` ends with. */
export async function problemOf(work: Promise<Transport>): Promise<PinboardError> {
  try {
    const transport = await work;
    await transport.close();
  } catch (error) {
    if (error instanceof PinboardError) return error;
    throw error;
  }
  throw new Error('it was expected to fail');
}

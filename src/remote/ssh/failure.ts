/** What the network and the ssh library say when a connection fails, in words for people. */

import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { errorCode } from '../system-error.ts';
import type { HostSettings } from './settings.ts';

const NETWORK: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOTFOUND: ['the name is not known', 'Check the name, or HostName in your ssh config.'],
  EAI_AGAIN: ['the name server does not answer', 'Check your network, then try again.'],
  ECONNREFUSED: ['nothing listens there', 'Check the port, and whether sshd runs on the host.'],
  EHOSTUNREACH: ['there is no way to it', 'Check your network or VPN, and whether the host is up.'],
  ENETUNREACH: ['there is no way to its network', 'Check your network or VPN.'],
  ECONNRESET: ['it hung up', 'A firewall or a full server (MaxStartups) may have ended it; try again.'],
  ETIMEDOUT: ['it does not answer', 'Check your network or VPN, and whether the host is up.'],
};

export function place({ hostName, port }: HostSettings): string {
  return hostName.includes(':') ? `[${hostName}]:${port}` : `${hostName}:${port}`;
}

/** Before anybody was logged in; `mismatch` where the two ends have nothing in common. */
export function connectProblem(
  settings: HostSettings,
  error: Error,
  mismatch: { readonly why: string; readonly hint: string } | null = null,
): PinboardError {
  const known = NETWORK[errorCode(error)];
  const words = clean(error.message, 200);
  if (words.includes('no matching')) {
    return new PinboardError(
      'unsupported',
      `${place(settings)} ${mismatch?.why ?? `has nothing in common with this program (${words})`}.`,
      mismatch?.hint ?? `See what it offers: ssh -vv ${settings.alias}`,
      { cause: error },
    );
  }
  return new PinboardError(
    'unreachable',
    `${place(settings)} cannot be reached: ${known?.[0] ?? words}.`,
    known?.[1] ?? `See what ssh says: ssh -v ${settings.alias}`,
    { cause: error },
  );
}

export function lateProblem(
  settings: HostSettings,
  phase: 'connect' | 'greet' | 'exchange' | 'login',
  ms: number,
): PinboardError {
  const what = {
    connect: 'does not answer',
    greet: 'took the connection but does not speak SSH',
    exchange: 'greets but does not go on with the exchange of keys',
    login: 'does not go on with the login',
  }[phase];
  return new PinboardError(
    'unreachable',
    `${place(settings)} ${what}, within ${ms / 1000} s.`,
    'Check your network or VPN, and whether the host is up; ConnectTimeout in your ssh config gives it more time.',
  );
}

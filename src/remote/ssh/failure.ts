/** What the network and the ssh library say when a connection fails, in words for people. */

import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { errorCode } from '../system-error.ts';
import type { HostSettings } from './settings.ts';

const NETWORK: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOTFOUND: ['the name could not be resolved', 'Check the name, or HostName in your ssh config.'],
  EAI_AGAIN: ['the name server did not respond', 'Check your network, then try again.'],
  ECONNREFUSED: ['nothing is listening there', 'Check the port, and whether sshd runs on the host.'],
  EHOSTUNREACH: ['there is no route to it', 'Check your network or VPN, and whether the host is up.'],
  ENETUNREACH: ['its network is unreachable', 'Check your network or VPN.'],
  ECONNRESET: ['it closed the connection', 'A firewall or a full server (MaxStartups) may have ended it; try again.'],
  ETIMEDOUT: ['it did not respond', 'Check your network or VPN, and whether the host is up.'],
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
      `${place(settings)} ${mismatch?.why ?? `shares no algorithms with this program (${words})`}.`,
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
    connect: 'did not respond',
    greet: 'accepted the connection but did not speak SSH',
    exchange: 'sent its greeting but did not continue with the key exchange',
    login: 'did not continue with the login',
  }[phase];
  return new PinboardError(
    'unreachable',
    `${place(settings)} ${what} within ${ms / 1000} s.`,
    'Check your network or VPN, and whether the host is up; ConnectTimeout in your ssh config gives it more time.',
  );
}

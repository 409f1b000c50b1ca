// Owns the hosts that the commands of one process share (src/cli/where.ts opens one a command): a login, an agent that is brought and asked who
// it runs on, and their end are two thirds of what a command costs an emulated host.
import { fileURLToPath } from 'node:url';
import { say } from '../../src/cli/output.ts';
import { choosePrompter } from '../../src/cli/prompter.ts';
import { openHost as openAnew, type Where } from '../../src/cli/where.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import type { AgentProcess, Host } from '../../src/remote/host.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';

export * from '../../src/cli/where.ts';

/** The word that ends all connections. */
export const FORGET = 'forget';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));
const hosts = new Map<string, Promise<Host>>();

export async function openHost(where: Where, signal?: AbortSignal): Promise<Host> {
  const { host: target, sshConfig = '' } = where;
  if (target === undefined) return openAnew(where, signal);
  const key = JSON.stringify([target, sshConfig]);
  const opening = hosts.get(key) ?? open(target, where);
  hosts.set(key, opening);
  try {
    return lent(await opening);
  } catch (error) {
    hosts.delete(key);
    throw error;
  }
}

export async function withHost<T>(where: Where, signal: AbortSignal, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await openHost(where, signal);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

export async function closeHosts(): Promise<void> {
  const all = [...hosts.values()];
  hosts.clear();
  for (const host of all) await (await host).close();
}

async function open(target: string, { sshConfig, prompt }: Where): Promise<Host> {
  const transport = await openSsh({
    target,
    prompter: choosePrompter(prompt),
    onWarning: say,
    ...(sshConfig === undefined ? {} : { sshConfig }),
  });
  return connectHost(transport, { agentDir });
}

/** One that closing leaves connected, without what the command started on it. */
function lent(host: Host): Host {
  const started: AgentProcess[] = [];
  return new Proxy(host, {
    get(_, name: keyof Host): unknown {
      if (name === 'close') return () => Promise.all(started.map((agent) => agent.stop()));
      if (name === 'startAgent')
        return async (...asked: Parameters<Host['startAgent']>) => {
          const agent = await host.startAgent(...asked);
          started.push(agent);
          return agent;
        };
      const value = host[name];
      return typeof value === 'function' ? (value as () => unknown).bind(host) : value;
    },
  });
}

/** Which machine: this one, an SSH host (--host), or a recorded one (--from). The same for every command. */

import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { PinboardError } from '../model/problem.ts';
import { connectHost } from '../remote/connect/connect.ts';
import type { Host } from '../remote/host.ts';
import { openLocal, refuseUnlessLinux } from '../remote/connect/local.ts';
import type { Prompter } from '../remote/transport.ts';
import { unlessInterrupted } from './interrupt.ts';
import { progress, progressDone, say } from './output.ts';
import { choosePrompter } from './prompter.ts';

export interface Where {
  host?: string;
  sshConfig?: string;
  from?: string;
  /** False with --no-prompt. */
  prompt: boolean;
}

/** Binaries and sources of the agent lie beside the bundle. */
const AGENT_DIR = fileURLToPath(new URL('./agent', import.meta.url));

export function withWhere(command: Command): Command {
  return command
    .optionsGroup('Which machine (default: this one):')
    .option('--host <alias>', 'SSH host: an alias from your SSH config, user@host or user@host:port')
    .option('--ssh-config <file>', 'SSH config file (default: ~/.ssh/config)')
    .option(
      '--from <path>',
      'a recorded or synthetic machine: a directory, tar archive or zip with sys/ and proc/; XML from lstopo or libvirt; output of numactl or lscpu; a run (*.numa.json); a topology (JSON); or a description such as "pack:2 core:4 pu:2"',
    )
    .option('--no-prompt', 'never prompt; exit with status 3 and say what was needed')
    .optionsGroup('Options:');
}

/** Reaches one host over SSH; used for --host and for the hosts that are picked on the page. */
export async function connect(
  target: string,
  where: Pick<Where, 'sshConfig'>,
  prompter: Prompter,
  onStep: (words: string) => void,
  signal?: AbortSignal,
): Promise<Host> {
  const { openSsh } = await import('../remote/ssh/open.ts');
  const transport = await openSsh({
    target,
    prompter,
    onStep,
    onWarning: say,
    ...(where.sshConfig === undefined ? {} : { sshConfig: where.sshConfig }),
    ...(signal ? { signal } : {}),
  });
  return connectHost(transport, { agentDir: AGENT_DIR });
}

export function thisMachine(): Host {
  refuseUnlessLinux(process.platform, 'Choose a Linux host on the page, or name one with --host.');
  return connectHost(openLocal(), { agentDir: AGENT_DIR });
}

/** @throws PinboardError when the host cannot be reached or trusted, or the recording cannot be read. */
export async function openHost(where: Where, signal?: AbortSignal): Promise<Host> {
  if (where.host !== undefined && where.from !== undefined) {
    throw new PinboardError('usage', '--host and --from name two different machines; give only one of them.');
  }
  if (where.from !== undefined) {
    const { openRecorded } = await import('../remote/recorded/importers/index.ts');
    const opened = openRecorded(where.from);
    return signal ? unlessInterrupted(signal, opened) : opened;
  }
  if (where.host === undefined) return thisMachine();
  try {
    return await connect(where.host, where, choosePrompter(where.prompt), progress, signal);
  } finally {
    progressDone();
  }
}

/** Runs `work` on the host and closes it whatever happens. */
export async function withHost<T>(where: Where, signal: AbortSignal, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await openHost(where, signal);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

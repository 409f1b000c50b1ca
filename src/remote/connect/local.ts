/** This machine as a transport: each channel is a `/bin/sh` in a process group of its own. */

import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { PinboardError } from '../../model/problem.ts';
import { atMost } from '../deadline.ts';
import type { Channel, Transport } from '../transport.ts';

/** What a guard may take to end its tree after its stdin ended (scripts/watch.ts: 3 s until SIGKILL), before the group is killed. */
const GRACE_MS = 5000;
/** A shell that even SIGKILL does not end (it waits for a disk or a network drive) is not waited for. */
const CLOSE_MS = GRACE_MS + 2000;

function openShell(): Promise<Channel> {
  const child = spawn('/bin/sh', [], {
    // A group of its own: Ctrl-C on our terminal is ours to handle, and one kill reaches all that stayed in the group.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Writing to a shell that is gone shows in `exited`, and only there.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const kill = (): void => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended between the look and the signal.
    }
  };
  const channel: Channel = {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    close() {
      child.stdin.end();
      // What it still prints has no reader any more, and a full pipe would keep it from ending.
      child.stdout.resume();
      child.stderr.resume();
      const timer = setTimeout(kill, GRACE_MS);
      void exited.then(() => clearTimeout(timer));
    },
  };
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(channel));
    child.once('error', (error) =>
      reject(new PinboardError('unreachable', `/bin/sh failed to start on this machine: ${error.message}.`)),
    );
  });
}

/** @param hint where a Linux host is named instead. @throws PinboardError `not-linux`: another system tells nothing of its NUMA topology. */
export function refuseUnlessLinux(platform: NodeJS.Platform, hint: string): void {
  if (platform === 'linux') return;
  const words = 'This machine does not run Linux, so its NUMA topology cannot be read.';
  throw new PinboardError('not-linux', words, hint);
}

export function openLocal(): Transport {
  const open = new Set<Channel>();
  let closed = false;
  return {
    kind: 'local',
    name: hostname(),
    async shell() {
      if (closed) throw new PinboardError('connection-lost', 'The connection to this machine was closed.');
      const channel = await openShell();
      open.add(channel);
      void channel.exited.then(() => open.delete(channel));
      return channel;
    },
    lost: new Promise(() => undefined),
    async close() {
      closed = true;
      const ending = [...open];
      for (const channel of ending) channel.close();
      await atMost(CLOSE_MS, Promise.all(ending.map((channel) => channel.exited)));
    },
  };
}

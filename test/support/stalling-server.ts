// Owns an SSH server that goes along up to one step and then says nothing more: what no real sshd does on demand.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { temporaryFolder, removeFolder } from './processes.ts';
import { makeKey, publicKey } from './ssh-keys.ts';

/** The step that is not answered any more; `noise` floods without an end, `reading` breaks off within an answer. */
export const STEPS = ['greeting', 'keys', 'login', 'channel', 'exec', 'shell', 'noise', 'reading'] as const;
/** `tunnel`: a way to another host. */
export type Step = (typeof STEPS)[number] | 'tunnel';

export interface StallingServer {
  /** From here on it stalls at this step; null for never. */
  stallAt(step: Step | null): void;
  /** Settles once somebody waits at the step. */
  reached(): Promise<void>;
  readonly port: number;
  readonly configText: string;
  stop(): void;
}

const NOISE = Buffer.alloc(64 * 1024, 'noise of the login\n');

export async function startStallingServer(): Promise<StallingServer> {
  const dir = temporaryFolder('stalling');
  makeKey(join(dir, 'host'));
  makeKey(join(dir, 'user'));
  const sockets = new Set<Socket>();
  const children = new Set<ReturnType<typeof spawn>>();
  let step: Step | null = null;
  let arrive = (): void => undefined;
  let arrived = Promise.resolve();

  const flood = (stream: ServerChannel): void => {
    const write = (): void => {
      while (!stream.destroyed && stream.writable && stream.write(NOISE));
      stream.once('drain', write);
    };
    write();
  };
  const serve = (stream: ServerChannel): void => {
    stream.on('error', () => undefined);
    if (step === 'shell' || step === 'noise' || step === 'reading') arrive();
    if (step === 'shell') return;
    if (step === 'noise') {
      flood(stream);
      return;
    }
    const shell = spawn('/bin/sh', { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    children.add(shell);
    shell.stdin.on('error', () => undefined);
    stream.pipe(shell.stdin);
    // Half an answer: the mark's line, and nothing of what stands behind it.
    if (step === 'reading') shell.stdout.once('data', (chunk: Buffer) => stream.write(chunk.subarray(0, 60)));
    else shell.stdout.pipe(stream, { end: false });
    shell.once('close', (code) => {
      children.delete(shell);
      if (step === 'reading') return;
      stream.exit(code ?? 1);
      stream.end();
    });
  };
  const talk = (connection: Connection): void => {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (step === 'login') arrive();
      else context.accept();
    });
    connection.on('tcpip', () => arrive());
    connection.on('session', (accept) => {
      if (step === 'channel') {
        arrive();
        return;
      }
      accept().on('exec', (acceptExec) => {
        if (step === 'exec') arrive();
        else serve(acceptExec());
      });
    });
  };
  const server = new ssh2.Server({ hostKeys: [readFileSync(join(dir, 'host'))] }, talk);
  const front: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    if (step === 'greeting' || step === 'keys') {
      if (step === 'keys') socket.write('SSH-2.0-stalling\r\n');
      arrive();
      return;
    }
    // A real server behind this front.
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const port = (front.address() as AddressInfo).port;
  writeFileSync(join(dir, 'known'), `[127.0.0.1]:${port} ${publicKey(join(dir, 'host'))}\n`);
  const lines = {
    HostName: '127.0.0.1',
    Port: String(port),
    User: 'somebody',
    IdentityFile: `"${join(dir, 'user')}"`,
    IdentityAgent: 'none',
    UserKnownHostsFile: `"${join(dir, 'known')}"`,
    GlobalKnownHostsFile: '/dev/null',
  };
  return {
    port,
    configText: ['Host stalling', ...Object.entries(lines).map(([key, value]) => `  ${key} ${value}`), ''].join('\n'),
    stallAt(next) {
      step = next;
      arrived = new Promise((resolve) => (arrive = resolve));
    },
    reached: () => arrived,
    stop() {
      front.close();
      for (const socket of sockets) socket.destroy();
      for (const child of children) child.kill('SIGKILL');
      removeFolder(dir);
    },
  };
}

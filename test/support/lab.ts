// Owns an emulated multi-socket host for a test: a real kernel with several NUMA nodes and a real sshd. It ends with the test's
// process, however that ends. What a host says of itself is asked by the system's own ssh, as a second witness beside the product.
import { join } from 'node:path';
import { boot, consoleTail } from '../../scripts/lab/boot.mjs';
import { ensureImage } from '../../scripts/lab/build.mjs';
import { control } from '../../scripts/lab/control.mjs';
import { shapes } from '../../scripts/lab/shapes.mjs';
import { writeSshConfig } from '../../scripts/lab/ssh-config.mjs';
import type { Emulator, Shape } from '../../scripts/lab/types.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { keepShells, type Shells } from './lab-shells.ts';
import { removeFolder, startProcess, temporaryFolder } from './processes.ts';

export type LabUser = 'root' | 'bench';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LabHost {
  readonly shape: Shape;
  readonly emulator: Emulator;
  /** Names `alias(user)` for both users. */
  readonly sshConfig: string;
  alias(user: LabUser): string;
  /** The product's own connection; the caller closes it. */
  open(user: LabUser): Promise<Transport>;
  /** Runs a script by `/bin/sh` on the host, in a subshell of one that is kept, over a connection of the system's ssh that all calls of a user share. */
  sh(user: LabUser, script: string): Promise<Said>;
  /** As `sh`, but what it printed, trimmed; throws what it said when it fails. */
  ask(user: LabUser, script: string): Promise<string>;
  /** A command of the emulator's control socket: `set_link`, `stop`, `cont`. */
  control(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  console(): string;
  stop(): Promise<void>;
}

const say = (words: string): void => {
  console.log(`lab: ${words}`);
};

export function namedShape(name: string): Shape {
  const shape = shapes[name];
  if (!shape) throw new Error(`there is no shape "${name}"`);
  return shape;
}

/** Boots a shape, or that of a name, twice at most: what it is tested for is not that a loaded machine boots at the first try. */
export async function bootLab(wanted: string | Shape, kernelWords: readonly string[] = []): Promise<LabHost> {
  const named = typeof wanted === 'string' ? namedShape(wanted) : wanted;
  const { name } = named;
  const shape: Shape = { ...named, kernelWords };
  const image = await ensureImage(shape.architecture, say);
  const folder = temporaryFolder('lab');
  const hostName = `lab-${name}`;
  const start = (): Promise<Emulator> => boot(shape, { image, folder, hostName, tied: true, say });
  const emulator = await start().catch((error: unknown) => {
    say(`trying once more: ${error instanceof Error ? error.message : String(error)}`);
    return start();
  });
  const sshConfig = writeSshConfig(folder, [{ alias: hostName, port: emulator.port }], image.keys);
  const alias = (user: LabUser): string => (user === 'root' ? hostName : `${hostName}-${user}`);
  const shared = (user: LabUser): string[] => [
    ...['-F', sshConfig, '-o', `ControlPath=${join(folder, `by-${user}`)}`, '-o', 'ControlMaster=auto'],
    // What ssh would rather have costs the emulator seconds.
    ...['-o', 'ControlPersist=yes', '-o', 'KexAlgorithms=curve25519-sha256', '-T'],
  ];
  const shells = new Map<LabUser, Shells>();

  function sh(user: LabUser, script: string): Promise<Said> {
    const own = shells.get(user) ?? keepShells([...shared(user), alias(user), 'exec /bin/sh']);
    shells.set(user, own);
    return own.run(script);
  }

  return {
    shape,
    emulator,
    sshConfig,
    alias,
    open: (user) =>
      openSsh({
        target: alias(user),
        sshConfig,
        prompter: { confirmHostKey: () => Promise.resolve(false), secret: () => Promise.resolve(null) },
      }),
    sh,
    async ask(user, script) {
      const { code, stdout, stderr } = await sh(user, script);
      if (code !== 0) throw new Error(`"${script}" ended with ${String(code)} on ${hostName}: ${stderr || stdout}`);
      return stdout.trim();
    },
    control: (command, args = {}) => control(emulator.pid, command, args),
    console: () => consoleTail(folder),
    async stop() {
      for (const [user, own] of shells) {
        await own.end();
        const leave = await startProcess('ssh', [...shared(user), '-O', 'exit', alias(user)]);
        await leave.ended;
      }
      await emulator.stop();
      removeFolder(folder);
    },
  };
}

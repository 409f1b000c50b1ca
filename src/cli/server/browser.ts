/**
 * Opens the page where a person sits in front of a screen. Every user of a machine can read the command line of a browser, so
 * the address with its key is not on it: the browser is given a file that only this user can read and that leads on.
 */

import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import open from 'open';
import { PinboardError } from '../../model/problem.ts';
import type { Address, BoardServer } from './server.ts';

/** Whether this session has a screen: always on macOS and Windows, on Linux with a display server, never over SSH. */
function hasScreen(): boolean {
  if (process.env['SSH_CONNECTION'] !== undefined) return false;
  if (process.platform !== 'linux') return true;
  // The browser of WSL is a program of Windows, which knows no file of Linux by its path here.
  if (process.env['WSL_DISTRO_NAME'] !== undefined) return false;
  return process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
}

/** Opens a file in what this desktop opens such files with; null where there is no screen to open it on. */
export function fileOpener(): ((path: string) => Promise<void>) | null {
  if (!hasScreen()) return null;
  return async (path) => {
    const child = await open(path);
    // Those that hand over to a program end at once; one that stays has opened it.
    const code = await Promise.race([
      new Promise<number | null>((resolve) => child.once('exit', resolve)),
      new Promise<null>((resolve, reject) => {
        child.once('error', reject);
        setTimeout(resolve, OPENS_MS, null).unref();
      }),
    ]).catch(() => -1);
    if (code !== null && code !== 0)
      throw new PinboardError(
        'unsupported',
        `No program here opens ${path}.`,
        'Open it yourself: Copy takes its path.',
      );
  };
}

/** Browsers packaged as snaps have a /tmp of their own and see no hidden folder, but what lies open in the home folder. */
const placesForFile = (): string[] => (existsSync('/var/lib/snapd') ? [homedir(), tmpdir()] : [tmpdir(), homedir()]);

async function privateFolder(): Promise<string> {
  for (const place of placesForFile()) {
    // mkdtemp makes it with mode 700.
    const folder = await mkdtemp(join(place, 'numa-pinboard-open-')).catch(() => null);
    if (folder !== null) return folder;
  }
  throw new Error('no folder can be made');
}

/** What fails to open a file says so sooner. */
const OPENS_MS = 5000;

/** A browser unused to this machine may take long to start; later than this it is given up. */
const OPENING_MS = 10 * 60_000;

export interface Opening {
  /** Removes the file and its key, if the browser has not used them. */
  end(): void;
}

/** Null where no browser was started. @param onFailed called when what should start one has failed. */
export async function openBrowser(server: BoardServer, onFailed: () => void): Promise<Opening | null> {
  if (!hasScreen()) return null;
  const folder = await privateFolder().catch(() => null);
  if (folder === null) return null;
  let address: Address | null = null;
  const end = (): void => {
    clearTimeout(timer);
    process.off('exit', end);
    address?.revoke();
    rmSync(folder, { recursive: true, force: true });
  };
  const timer = setTimeout(end, OPENING_MS);
  timer.unref();
  // Also where a second interrupt leaves no time for more.
  process.on('exit', end);
  try {
    address = server.issue(end);
    const file = join(folder, 'open.html');
    await writeFile(file, leadingTo(address.url), { mode: 0o600, flag: 'wx' });
    const child = await open(pathToFileURL(file).href);
    child.once('error', onFailed);
    child.once('exit', (code) => {
      if (code !== 0) onFailed();
    });
    return { end };
  } catch {
    end();
    return null;
  }
}

const leadingTo = (url: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>NUMA Pinboard</title>
</head>
<body><a href="${url}">NUMA Pinboard</a></body>
</html>
`;

// Owns the browser that tests look through: Debian's chromium, driven by playwright-core, headless, asking nothing outside. Where
// it is there, the build without a user interface of its own: the same pages for a fifth less of the CPUs.
import { accessSync, constants } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';
import { twice } from './processes.ts';

const candidates = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => `/usr/bin/${name}`,
);

// No sandbox: tests run as root in containers. No GPU and QUIC: there is none to use. The rest keeps it from phoning home.
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The browser's path: `CHROMIUM` of the environment, or the first one of the usual places. */
export function chromiumPath(): string {
  const asked = process.env['CHROMIUM'];
  const found = (asked ? [asked] : candidates).find(isExecutable);
  if (found) return found;
  throw new Error(
    asked
      ? `CHROMIUM names ${asked}, which is no executable file`
      : 'no chromium found: apt-get install chromium-headless-shell fonts-dejavu-core, or set CHROMIUM to its path',
  );
}

/** Starts a browser; `close()` ends it, and so does the end of this process. Starting (not using) it is tried twice. */
export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return twice('chromium', () => chromium.launch(withDefaults(options)));
}

/** The same with one default context whose profile is `profile`: what a second client finds over `--remote-debugging-port`. */
export function launchChromiumProfile(
  profile: string,
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<BrowserContext> {
  return twice('chromium', () => chromium.launchPersistentContext(profile, { ...options, ...withDefaults(options) }));
}

function withDefaults(options: LaunchOptions): LaunchOptions {
  return {
    executablePath: chromiumPath(),
    headless: true,
    timeout: 120_000,
    ...options,
    args: [...switches, ...(options.args ?? [])],
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

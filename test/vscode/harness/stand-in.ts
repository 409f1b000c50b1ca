// Owns one run of the stand-in for `code`: a server, a browser, a page, and the exit code that the test run tells the page.
import { join } from 'node:path';
import { format } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { ensureWorkbench } from '../../../scripts/setup/vscode.mjs';
import { launchChromiumProfile } from '../../support/chromium.ts';
import { temporaryFolder, twice } from '../../support/processes.ts';
import { readArguments, type CodeArguments } from './code-arguments.ts';
import { openPage, serve, windowSize, type CodeServer, type CodeServerFolders } from './code-server.ts';

// What the workbench says on every start and no test ever asks about.
const chatter =
  /^(Ignoring fetching|Resolv|Creat|\[(reconnection|Service|Agent|Account|DefaultAccount|chat-stt)|Updating additional|Timed out waiting for authentication)/;

export async function main(words: readonly string[]): Promise<number> {
  const args = readArguments(words);
  const place = ensureWorkbench(process.env['NUMA_TEST_ENGINE'] === 'oldest' ? 'oldest' : 'newest');
  const own = temporaryFolder('code');
  const folders: CodeServerFolders = {
    own,
    userData: args.userData ?? join(own, 'user-data'),
    extensions: args.extensions ?? join(own, 'extensions'),
  };
  if (args.testsPath === undefined) throw new Error('nothing to do: --extensionTestsPath is wanted');
  const server = await twice('code-server', () =>
    serve(place, folders, { workspaceTrust: args.workspaceTrust, testing: true }),
  );
  try {
    return await runInPage(server, args, folders);
  } catch (error) {
    console.error(error);
    console.error(`code-server said last:\n${server.process.output().slice(-4000)}`);
    return 1;
  } finally {
    await server.process.stop();
  }
}

async function runInPage(server: CodeServer, args: CodeArguments, folders: CodeServerFolders): Promise<number> {
  const port = args.debuggingPort === undefined ? [] : [`--remote-debugging-port=${String(args.debuggingPort)}`];
  // A default context, not a private one: only that is seen by the second client, the test, through the debugging port.
  const browser = await launchChromiumProfile(join(folders.own, 'chromium'), {
    viewport: windowSize,
    args: port,
  });
  try {
    return await exitCode(browser, server, args, folders);
  } finally {
    await browser.close();
  }
}

async function exitCode(
  browser: BrowserContext,
  server: CodeServer,
  args: CodeArguments,
  folders: CodeServerFolders,
): Promise<number> {
  const page = browser.pages()[0] ?? (await browser.newPage());
  let resolve: (code: number) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<number>((...settle) => ([resolve, reject] = settle));
  promise.catch(() => undefined); // it may fail while the page is still on its way
  // The two functions through which a workbench under test speaks to whoever automates its browser.
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    resolve(code);
  });
  await page.exposeFunction('codeAutomationLog', (_type: string, parts: unknown[]) => {
    const text = format(...parts);
    if (process.env['NUMA_TEST_VERBOSE'] || !chatter.test(text)) process.stdout.write(`${text}\n`);
  });
  page.once('crash', () => {
    reject(new Error('the page crashed'));
  });
  browser.once('close', () => {
    reject(new Error('the browser ended'));
  });
  void server.process.ended.then(() => {
    reject(new Error('code-server ended'));
  });
  await openPage(page, server.pageAddress(args.folder ?? folders.own, args));
  return promise;
}

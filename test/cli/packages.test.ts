// What a person installs: the extension's package and that of the command line, file by file, and the latter on a machine that has nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import yauzl from 'yauzl';
import type { Topology } from '../../src/model/topology/topology.ts';
import { packAll } from '../support/packages.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';

const PAGE = ['dist/board.css', 'dist/board.js'];
const AGENT = ['dist/agent/manifest.json', `dist/agent/numa-agent-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`];
const EXTENSION = [
  ...['LICENSE.txt', 'changelog.md', 'package.json', 'package.nls.json', 'readme.md'],
  ...[
    'docs/MEASURES.md',
    'docs/schema/plan.schema.json',
    'docs/schema/run.schema.json',
    'media/icon.png',
    'media/numa.svg',
    'media/tab-dark.svg',
    'media/tab-light.svg',
    'docs/examples/four-sockets-queue.numa.json',
    'media/walkthrough/emulated.md',
    ...['drag', 'export', 'machine', 'result'].flatMap((picture) =>
      ['dark', 'light'].map((theme) => `media/walkthrough/${picture}-${theme}.png`),
    ),
    'dist/extension.cjs',
    'dist/web.js',
  ],
  ...PAGE,
];
const COMMAND_LINE = [...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'dist/cli.js'], ...PAGE];
/** Agents of other architectures are there where a compiler for them is; a release fails without. */
const VARIES = /^dist\/agent\/(src\/[a-z_0-9]+\.[ch]|numa-agent-\w+)$/;
/** What the programs load later, named by the bundler, and whose work is in their files. */
const BUNDLED = /^dist\/(cli|extension|web|board)((-[\w-]+)?\.c?js\.LEGAL\.txt|-[\w-]+-[A-Z0-9]{8}\.c?js)$/;
const BUILT = JSON.parse(readFileSync(new URL('../../dist/meta.json', import.meta.url), 'utf8')) as {
  outputs: Record<string, unknown>;
};

function entriesOf(zip: string): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    yauzl.open(zip, { lazyEntries: true }, (error, file) => {
      if (error) {
        reject(error);
        return;
      }
      const found = new Map<string, Buffer>();
      file.on('entry', (entry: yauzl.Entry) => {
        file.openReadStream(entry, (problem, stream) => {
          if (problem) {
            reject(problem);
            return;
          }
          const pieces: Buffer[] = [];
          stream.on('data', (piece: Buffer) => pieces.push(piece));
          stream.on('end', () => {
            found.set(entry.fileName, Buffer.concat(pieces));
            file.readEntry();
          });
        });
      });
      file.on('end', () => {
        resolve(found);
      });
      file.readEntry();
    });
  });
}

function holds(files: readonly string[], expected: readonly string[]): void {
  const fixed = files.filter((file) => !VARIES.test(file) && !BUNDLED.test(file));
  assert.deepEqual(fixed.toSorted(), [...expected, 'dist/agent/manifest.json'].toSorted());
  for (const file of files.filter((one) => BUNDLED.test(one)))
    assert.ok(file in BUILT.outputs, `${file} is of no build`);
  assert.ok(
    files.some((file) => file.endsWith('.LEGAL.txt')),
    'whose work is in the programs is not told',
  );
  for (const file of AGENT) assert.ok(files.includes(file), `${file} is missing`);
  const sources = files.filter((file) => file.startsWith('dist/agent/src/')).map((file) => file.slice(15));
  const written = ['src', 'include'].flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(`../../native/${folder}`, import.meta.url))),
  );
  assert.deepEqual(sources.toSorted(), written.filter((name) => /\.[ch]$/.test(name)).toSorted());
}

test('the extension’s package holds its list, and a listing that needs nothing from elsewhere', async () => {
  const all = await entriesOf((await packAll()).extension);
  const entries = new Map(
    [...all].flatMap(([name, bytes]) => (name.startsWith('extension/') ? [[name.slice(10), bytes]] : [])),
  );
  holds([...entries.keys()], EXTENSION);
  const manifest = JSON.parse(entries.get('package.json')?.toString() ?? '') as Record<string, unknown>;
  for (const key of [
    'displayName',
    'description',
    'publisher',
    'icon',
    'galleryBanner',
    'categories',
    'keywords',
    'repository',
    'license',
  ])
    assert.ok(manifest[key] !== undefined, `the manifest lacks ${key}`);
  for (const key of ['scripts', 'devDependencies', 'private', 'bin']) assert.equal(manifest[key], undefined);
  const icon = entries.get('media/icon.png');
  assert.deepEqual([icon?.readUInt32BE(16), icon?.readUInt32BE(20)], [128, 128], 'pixels of the icon');
  const readme = entries.get('readme.md')?.toString() ?? '';
  const tokens = new MarkdownIt().parse(readme, {}).flatMap((token) => token.children ?? []);
  const pictures = tokens.filter(({ type }) => type === 'image').map((token) => String(token.attrGet('src')));
  assert.ok(pictures.length > 0, 'the listing shows no picture');
  const { url } = manifest['repository'] as { url: string };
  const shown = `${url.replace(/\.git$/, '')}/raw/HEAD/`;
  for (const source of pictures) {
    assert.ok(source.startsWith(shown), `${source} is a picture that the editor does not show`);
    assert.ok(existsSync(new URL(`../../${source.slice(shown.length)}`, import.meta.url)), `there is no ${source}`);
  }
  for (const link of tokens.filter(({ type }) => type === 'link_open'))
    assert.match(String(link.attrGet('href')), /^https:|^#/);
  assert.doesNotMatch(readme, /npm (start|test|run)/, 'the listing begins in the editor');
});

test('the command line installs from its package, and measures without a compiler', async () => {
  const folder = temporaryFolder('installed');
  try {
    const { commandLine } = await packAll();
    const list = execFileSync('tar', ['tzf', commandLine], { encoding: 'utf8' }).trim().split('\n');
    holds(
      list.map((name) => name.replace(/^package\//, '')),
      COMMAND_LINE,
    );
    const bare = join(folder, 'bin');
    mkdirSync(bare);
    // All that a machine has, but compilers.
    for (const program of readdirSync('/usr/bin').filter(
      (name) => name !== 'node' && !/cc|c99|c89|clang|g\+\+/.test(name),
    ))
      symlinkSync(join('/usr/bin', program), join(bare, program));
    symlinkSync(process.execPath, join(bare, 'node'));
    const install = ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', commandLine];
    execFileSync('npm', install, { stdio: 'pipe' });
    const run = (words: string[]): string =>
      execFileSync(join(folder, 'node_modules', '.bin', 'numa-pinboard'), words, {
        encoding: 'utf8',
        env: { PATH: bare, HOME: folder, XDG_STATE_HOME: folder },
        stdio: 'pipe',
      });
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    assert.equal(run(['--version']).trim(), version);
    const { cpus } = JSON.parse(run(['topology', '--format', 'json'])) as Topology;
    const [cpu, other = cpu] = cpus.filter(({ allowed }) => allowed).map(({ id }) => String(id));
    assert.ok(cpu !== undefined && other !== undefined);
    const bench = [
      'bench',
      'spsc',
      '--producer',
      cpu,
      '--consumer',
      other,
      '--repeat',
      '2',
      '--duration',
      '20ms',
      '--format',
      'json',
    ];
    const figures = JSON.parse(run(bench)) as { results: { repetitions: unknown[] }[] };
    assert.ok(figures.results.length > 0);
  } finally {
    removeFolder(folder);
  }
});

// What reads that which is to be pasted: a shell, YAML, systemd, libvirt's schema, findmnt. Each says what it makes of a text.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { removeFolder, temporaryFolder } from './processes.ts';

const known = new Map<string, boolean>();
function there(program: string): boolean {
  const here = known.get(program) ?? spawnSync(program, ['--version']).error === undefined;
  known.set(program, here);
  return here;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = temporaryFolder('paste');
  try {
    return work(folder);
  } finally {
    removeFolder(folder);
  }
}

/** Nothing is run. */
export function checkShell(text: string): void {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  assert.equal(status, 0, `${stderr}\n${text}`);
}

const DOMAIN = '/usr/share/libvirt/schemas/domain.rng';
const hasLibvirt = (): boolean => there('xmllint') && existsSync(DOMAIN);

/** As elements of a domain. */
function checkLibvirt(text: string): void {
  const memory = text.includes('<memory unit') ? '' : "<memory unit='GiB'>1</memory>";
  checkDomain(`<domain type='kvm'><name>a</name>${memory}<os><type>hvm</type></os>${text}</domain>`);
}

/** A whole domain. Not read where libvirt's schema is not here. */
export function checkDomain(text: string): void {
  if (!hasLibvirt()) return;
  inFolder((folder) => {
    const file = join(folder, 'domain.xml');
    writeFileSync(file, text);
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--relaxng', DOMAIN, file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}

/** A unit, by the name it gives itself in its first line, or else a drop-in. */
function checkSystemd(text: string): void {
  inFolder((folder) => {
    const own = /^# \/etc\/systemd\/system\/(\S+)$/m.exec(text)?.[1];
    const unit = join(folder, own ?? 'pinned.service');
    writeFileSync(unit, own === undefined ? '[Service]\nExecStart=/bin/true\n' : text);
    if (own === undefined) {
      mkdirSync(`${unit}.d`);
      writeFileSync(join(`${unit}.d`, 'numa.conf'), text);
    }
    const { stderr } = spawnSync('systemd-analyze', ['--recursive-errors=no', '--man=no', 'verify', unit], {
      encoding: 'utf8',
    });
    const about = own ?? 'numa.conf';
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes(about)),
      [],
      text,
    );
  });
}

/** Units, and drop-ins of units that systemd has or that are made up here. */
export function checkUnits(files: readonly { readonly path: string; readonly text: string }[]): void {
  if (!there('systemd-analyze')) return;
  inFolder((folder) => {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      const unit = /^(.+\.service)\.d\//.exec(path)?.[1];
      if (unit !== undefined) writeFileSync(join(folder, unit), '[Service]\nExecStart=/bin/true\n');
    }
    const units = readdirSync(folder).filter((name) => !name.endsWith('.d'));
    const { stderr } = spawnSync(
      'systemd-analyze',
      ['--recursive-errors=no', '--man=no', 'verify', ...units.map((unit) => join(folder, unit))],
      { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } },
    );
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes(folder) || units.some((unit) => line.includes(unit))),
      [],
    );
  });
}

/** Documents with a kind each. */
function checkKubernetes(text: string): void {
  const [kubelet, ...pods] = loadAll(text) as {
    readonly kind?: string;
    readonly spec?: { readonly containers?: readonly unknown[] };
  }[];
  assert.equal(kubelet?.kind, 'KubeletConfiguration', text);
  assert.ok(pods.length > 0, text);
  for (const { kind, spec } of pods) assert.deepEqual([kind, spec?.containers?.length], ['Pod', 1], text);
}

function checkFstab(text: string): void {
  inFolder((folder) => {
    const file = join(folder, 'fstab');
    writeFileSync(file, `${text.replace(/\/dev\/\S+/, folder)}\n`);
    const { status, stdout } = spawnSync('findmnt', ['--verify', '--tab-file', file], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
}

/** Whether it is whole; what compiles it takes long, and does so in test/unit/recommend/pools.test.ts. */
function checkBrackets(text: string): void {
  const open: string[] = [];
  const code = text.replaceAll(/\/\/.*$|"(?:[^"\\]|\\.)*"/gm, '');
  for (const bracket of code.match(/[()[\]{}]/g) ?? []) {
    const at = '([{'.indexOf(bracket);
    if (at >= 0) open.push(')]}'[at] ?? '');
    else assert.equal(open.pop(), bracket, text);
  }
  assert.deepEqual(open, [], text);
}

/** What was taken, tool and text: runs and faces often have the same to paste, and each reader is a process. */
const taken = new Set<string>();

/** By the tool that it is for; where its reader is not here it is not read. Those without one of their own are lines of a shell. */
export function consume(tool: string, text: string): void {
  const key = `${tool}\n${text}`;
  if (taken.has(key)) return;
  read(tool, text);
  taken.add(key);
}

function read(tool: string, text: string): void {
  if (tool === 'kubernetes') checkKubernetes(text);
  else if (['tokio', 'rayon', 'onetbb'].includes(tool)) checkBrackets(text);
  else if (tool === 'kernel') assert.match(text, /^(?:hugepagesz=\d+[KMG] hugepages=[\d:,]+ ?)+$/);
  else if (tool === 'libvirt') {
    if (hasLibvirt()) checkLibvirt(text);
  } else if (tool === 'systemd') {
    if (there('systemd-analyze')) checkSystemd(text);
  } else if (tool === 'fstab') {
    if (there('findmnt')) checkFstab(text);
  } else checkShell(text);
}

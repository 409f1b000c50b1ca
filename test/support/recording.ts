// Owns the file a machine is recorded in: a .tar.gz of what discovery reads there (sys/, proc/) and of what its lstopo says
// (lstopo.xml). Whoever records a machine gives it to everybody, so what would tell whose it is does not go in.
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { isKnownFile, isKnownLink } from '../../src/model/formats/sysfs/globs.ts';
import type { ProbeFiles } from '../../src/model/formats/sysfs/probe.ts';

export interface Recording {
  readonly files: ProbeFiles;
  /** Null where no lstopo was there. */
  readonly lstopo: string | null;
}

const LSTOPO = 'lstopo.xml';

/** What to keep of a file that also holds ids, paths or serial numbers. The rest of the allow-list has none. */
const KEPT: Readonly<Record<string, (content: string, name: string) => string>> = {
  'proc/sys/kernel/hostname': (_, name) => name,
  'proc/self/status': (content) => linesLike(content, /^(Cpus|Mems)_allowed/),
  'proc/cpuinfo': (content) => linesLike(content, /^(?!Serial)/),
  // The groups' names tell users, units and containers; the root's limits are what is recorded of them.
  'proc/self/cgroup': (content) => content.replace(/^(\d+:[^:]*:)\/.*$/gm, '$1/'),
};

/** Interfaces that are called by their hardware address; and what stands behind a link, which an archive has elsewhere. */
const LEFT_OUT = /^sys\/class\/(net\/\w*x[0-9a-f]{12}$|(net|block|infiniband|drm)\/[^/]+\/)/;

/** What lstopo notes of a machine beside its objects, where that says nothing of whose it is. */
const TOLD = /^(Architecture|Backend|CPU\w+|Inclusive|OSName|OSRelease|hwlocVersion|MemoryTier)$/;

const linesLike = (content: string, pattern: RegExp): string =>
  content
    .split('\n')
    .filter((line) => pattern.test(line))
    .join('\n');

/** Without notes that are not known to be harmless, and without the parts of memory and devices that have serial numbers. */
function cleanLstopo(xml: string): string {
  return xml
    .replace(/^ *<object type="Misc"[^>]*\/>\n/gm, '')
    .replace(/^( *)<object type="Misc"[^>]*[^/]>\n[^]*?^\1<\/object>\n/gm, '')
    .replace(/^ *<info name="([^"]*)".*\n/gm, (line, name: string) => (TOLD.test(name) ? line : ''))
    .replace(/^ *<support .*\n/gm, '');
}

/** The same machine gives the same bytes: no times, sorted names. */
export async function packRecording(name: string, { files, lstopo }: Recording): Promise<Buffer> {
  const pack = tar.pack();
  const add = (path: string, content: string): void => {
    if (isKnownLink(path)) pack.entry({ name: path, type: 'symlink', linkname: content, mtime: new Date(0) });
    else pack.entry({ name: path, mtime: new Date(0), mode: 0o644 }, content === '' ? '' : `${content}\n`);
  };
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isKnownFile(path) && !LEFT_OUT.test(path)) add(path, KEPT[path]?.(content, name) ?? content);
  }
  if (lstopo !== null) add(LSTOPO, cleanLstopo(lstopo).trimEnd());
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}

/** A recording of this repository; what comes from elsewhere is read by the product's `--from`. */
export function readRecording(path: string | URL): Promise<Recording> {
  return unpackRecording(readFileSync(path));
}

export async function unpackRecording(packed: Buffer): Promise<Recording> {
  const files = new Map<string, string>();
  let lstopo: string | null = null;
  const extract = tar.extract();
  extract.end(gunzipSync(packed));
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    const content =
      entry.header.type === 'symlink'
        ? entry.header.linkname
        : Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
    if (entry.header.name === LSTOPO) lstopo = content;
    else files.set(entry.header.name, content);
  }
  return { files, lstopo };
}

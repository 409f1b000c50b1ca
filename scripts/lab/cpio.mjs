// Owns the archive that Linux unpacks into its first file system (cpio, format "newc"): from a list, not from a folder, so
// that owners and modes are what the list says and nobody has to be root to make it.
import { closeSync, openSync, writeSync } from 'node:fs';

const types = { folder: 0o040000, file: 0o100000, link: 0o120000 };

/**
 * @param {string} path of the archive
 * @param {Iterable<import('./types.ts').Entry>} entries
 *   a folder before what lies in it; a link's content is its target
 */
export function writeCpio(path, entries) {
  const file = openSync(path, 'w');
  try {
    let inode = 1;
    for (const entry of entries) writeSync(file, record(entry, inode++));
    writeSync(file, record({ path: 'TRAILER!!!', type: 'file', mode: 0 }, 0));
  } finally {
    closeSync(file);
  }
}

/**
 * @param {import('./types.ts').Entry} entry
 * @param {number} inode
 */
function record({ path, type, mode = type === 'file' ? 0o644 : 0o755, owner = 0, content = '' }, inode) {
  const bytes = Buffer.from(content);
  const name = Buffer.from(`${path}\0`);
  const links = type === 'folder' ? 2 : 1;
  const fields = [inode, types[type] | mode, owner, owner, links, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([aligned(Buffer.concat([Buffer.from(head), name])), aligned(bytes)]);
}

/** @param {Buffer} bytes */
function aligned(bytes) {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

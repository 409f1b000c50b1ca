// Owns the look into a program's header: which libraries it asks the loader for. Read here, because the loader of another
// architecture cannot be asked.

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;

/**
 * Names of the libraries a 64-bit little-endian ELF file needs, its loader's path among them; none for other files.
 * @param {Buffer} file
 * @returns {string[]}
 */
export function neededBy(file) {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) return [];
  const segments = segmentsOf(file);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  const loader = interpreter ? [text(file, interpreter.offset)] : [];
  if (!dynamic) return loader;
  /** @type {[tag: bigint, value: bigint][]} */
  const entries = [];
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.bytes; at += 16) {
    entries.push([file.readBigInt64LE(at), file.readBigUInt64LE(at + 8)]);
  }
  const strings = entries.find(([tag]) => tag === DT_STRTAB)?.[1];
  if (strings === undefined) return loader;
  const home = segments.find(({ type, address, bytes }) => {
    return type === PT_LOAD && strings >= address && strings < address + BigInt(bytes);
  });
  if (!home) return loader;
  const base = home.offset + Number(strings - home.address);
  return [...loader, ...entries.filter(([tag]) => tag === DT_NEEDED).map(([, at]) => text(file, base + Number(at)))];
}

/** @param {Buffer} file */
function segmentsOf(file) {
  const first = Number(file.readBigUInt64LE(0x20));
  const size = file.readUInt16LE(0x36);
  return Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => {
    const at = first + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: file.readBigUInt64LE(at + 16),
      bytes: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

/**
 * @param {Buffer} file
 * @param {number} at
 */
function text(file, at) {
  return file.toString('utf8', at, file.indexOf(0, at));
}

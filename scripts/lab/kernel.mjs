// Owns taking the plain kernel out of a packed one: the emulator starts that at once, where unpacking in the guest takes
// seconds under emulation.
import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { needTools } from './tools.mjs';

const unpackers = [
  { magic: '02214c18', tool: 'lz4', args: ['-dc'] },
  { magic: 'fd377a58', tool: 'xz', args: ['-dc'] },
  { magic: '28b52ffd', tool: 'zstd', args: ['-dc'] },
];

/**
 * The vmlinux in an x86 bzImage; any other image as it is.
 * @param {Buffer} image
 * @param {import('./types.ts').Say} say
 */
export function plainKernel(image, say) {
  const isX86 = image.length > 0x250 && image.toString('latin1', 0x202, 0x206) === 'HdrS';
  if (!isX86) return image;
  const begin = (image.readUInt8(0x1f1) + 1) * 512 + image.readUInt32LE(0x248);
  // The last four bytes are the unpacked size, put there by the kernel's build.
  const packed = image.subarray(begin, begin + image.readUInt32LE(0x24c) - 4);
  const kernel = unpack(packed, say);
  if (kernel.readUInt32BE(0) !== 0x7f454c46) throw new Error('the kernel in the package could not be unpacked');
  return kernel;
}

/**
 * Unpacks what is packed in one of the ways Debian uses for kernels and modules; the rest as it is.
 * @param {Buffer} packed
 * @param {import('./types.ts').Say} say
 */
export function unpack(packed, say) {
  const magic = packed.toString('hex', 0, 4);
  if (magic.startsWith('1f8b')) return gunzipSync(packed);
  const unpacker = unpackers.find((one) => one.magic === magic);
  if (!unpacker) return packed;
  needTools([unpacker.tool], say);
  const run = spawnSync(unpacker.tool, unpacker.args, { input: packed, maxBuffer: 1 << 29 });
  if (run.status !== 0) throw new Error(`${unpacker.tool} failed: ${String(run.error ?? run.stderr).trim()}`);
  return run.stdout;
}

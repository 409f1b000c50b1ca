// A screenshot as a PNG of at most 256 colours: a third of the size, and of a page that is drawn with few colours nothing is seen of it.
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const MOST = 256;

/** Red, green, blue and alpha of each pixel, as the browser itself reads its screenshot. */
async function pixelsOf(page: Page, png: Buffer): Promise<{ width: number; height: number; rgba: Buffer }> {
  const { width, height, base64 } = await page.evaluate(async (source) => {
    // Not as an element: the page's policy lets no picture in.
    const bytes = Uint8Array.from(atob(source), (char) => char.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('This browser has no canvas.');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const text = Array.from(data, (byte) => String.fromCharCode(byte)).join('');
    return { width: image.width, height: image.height, base64: btoa(text) };
  }, png.toString('base64'));
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, data.length + 8)), data.length + 8);
  return whole;
}

const distance = (a: number, b: number): number =>
  Math.abs((a >> 16) - (b >> 16)) + Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) + Math.abs((a & 255) - (b & 255));

export async function smallPng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, rgba } = await pixelsOf(page, png);
  const colours = Array.from({ length: width * height }, (_, i) => rgba.readUIntBE(i * 4, 3));
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts.entries()]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([colour]) => colour);
  const nearest = (colour: number): number =>
    palette.reduce((best, one, at) => (distance(one, colour) < distance(palette[best] ?? 0, colour) ? at : best), 0);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (const [i, colour] of colours.entries())
    rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = places.get(colour) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const entries = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', entries),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

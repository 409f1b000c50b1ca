/** What may be sent to the loopback server by any program or web page, and by a page gone mad: bytes in pieces, and how the peer then leaves. */

import { randomBytes } from 'node:crypto';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import type { Entry } from '../cli/board-client.ts';
import type { Random } from './random.ts';

export interface Attack {
  readonly kind: string;
  /** Written one after the other. */
  readonly pieces: readonly Buffer[];
  /** The peer resets at once, ends its side, leaves it to the server, or says nothing more and stays. */
  readonly leaves: 'resets' | 'ends' | 'waits' | 'stays';
}

const PATHS = [
  '/',
  '//',
  '///',
  '//[',
  '/\\',
  '/\\[',
  'http://[',
  'http://[::1',
  'http://',
  'http:',
  'https://evil.example/',
  'http://127.0.0.1:99999/',
  '*',
  '',
  '/%',
  '/%ff%fe',
  '/%00',
  '/..%2f..%2fetc%2fpasswd',
  '/../../etc/passwd',
  '/board.js/../../package.json',
  '/socket',
  '/socket?token=',
  '/?token=',
  '/?token=guess',
  `/?token=${'a'.repeat(6000)}`,
  '/?token=\u0000',
  '/?%',
  '?token=x',
  'socket',
  `/${'x'.repeat(15_000)}`,
  `/${'a/'.repeat(4000)}`,
  '/\u00e9\u202e',
  'data:text/html,x',
  'javascript:1',
  'file:///etc/passwd',
  '/favicon.ico',
  '/__proto__',
  '/constructor',
];
const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'PUT',
  'TRACE',
  'PRI',
  'get',
  '\u0016\u0003\u0001',
  '',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/', ''];
const BODIES = [
  '',
  '',
  'x',
  'x'.repeat(70_000),
  '5\r\nhello\r\n0\r\n\r\n',
  'FFFFFFFFFFFFFFFFF\r\n',
  '-1\r\n',
  '\u0000'.repeat(100),
];

function hosts(entry: Entry): string[] {
  const own = `127.0.0.1:${String(entry.port)}`;
  return [
    own,
    own,
    own,
    own,
    `localhost:${String(entry.port)}`,
    'evil.example',
    '',
    '[',
    '127.0.0.1',
    `${own}, ${own}`,
    'x'.repeat(9000),
    '\u0001',
  ];
}

function origins(entry: Entry): (string | null)[] {
  const own = `http://127.0.0.1:${String(entry.port)}`;
  return [own, own, own, null, 'null', 'http://evil.example', '', `${own}/`, `${own}@evil.example`, 'http://['];
}

function headers(entry: Entry, random: Random): string[] {
  // Of every two one is in order but for its target, or it would hardly be read beyond its first lines.
  const tame = random.below(2) === 0;
  const origin = random.pick(origins(entry));
  const lines = [`Host: ${tame ? (hosts(entry)[0] ?? '') : random.pick(hosts(entry))}`];
  if (origin !== null) lines.push(`Origin: ${origin}`);
  const more = [
    `Cookie: ${entry.cookie}`,
    `Cookie: ${entry.cookie.slice(0, -1)}`,
    `Cookie: ${'a=b; '.repeat(2500)}`,
    `Cookie: ;;=;=${entry.cookie}`,
    'Cookie: \u0000',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked, x',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Expect: 100-continue',
    'Expect: what',
    'Connection: close',
    'Connection: Upgrade, keep-alive, close',
    'Range: bytes=0-18446744073709551615',
    ': no name',
    'no colon',
    'X-\u00e9: \u202e',
    `X-Long: ${'y'.repeat(20_000)}`,
    ...Array.from({ length: 3 }, (_, n) => `X-${String(n)}: ${'z'.repeat(random.below(300))}`),
    ' folded: line',
    'Host: second.example',
  ];
  for (let i = tame ? 0 : random.below(4); i > 0; i--) lines.push(random.pick(more));
  if (random.below(60) === 0) for (let i = 0; i < 3000; i++) lines.push(`H${String(i)}: 1`);
  return lines;
}

const UPGRADES = [
  ['Connection: Upgrade', 'Upgrade: websocket'],
  ['Connection: Upgrade', 'Upgrade: websocket'],
  ['Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
  ['Connection: upgrade', 'Upgrade: \u0001'],
  ['Connection: Upgrade', 'Upgrade: websocket, websocket'],
];
const KEYS = ['dGhlIHNhbXBsZSBub25jZQ==', '', 'x', '='.repeat(24), '\u0000', 'a'.repeat(5000)];

function webSocketLines(random: Random, proper: boolean): string[] {
  const pick = <T>(right: T, wrong: readonly T[]): T => (proper ? right : random.pick([right, ...wrong]));
  return [
    ...pick(UPGRADES[0] ?? [], UPGRADES),
    `Sec-WebSocket-Version: ${pick('13', ['8', '12', '99999999999', '', 'x'])}`,
    `Sec-WebSocket-Key: ${pick('dGhlIHNhbXBsZSBub25jZQ==', KEYS)}`,
    ...(random.below(4) === 0
      ? [`Sec-WebSocket-Protocol: ${random.pick(['a', ',,', 'a, a', '\u0001', 'x'.repeat(3000)])}`]
      : []),
    ...(random.below(4) === 0
      ? [
          `Sec-WebSocket-Extensions: ${random.pick(['permessage-deflate', 'permessage-deflate; client_max_window_bits=99', 'x; =', ';', 'a'.repeat(3000)])}`,
        ]
      : []),
  ];
}

/** A frame as a client sends it (RFC 6455), with any opcode, any bits, and a length that may lie. */
function frame(
  payload: Buffer,
  random: Random,
  lies: { opcode: number; final: boolean; rsv: number; masked: boolean; length: number | bigint },
): Buffer {
  const first = (lies.final ? 0x80 : 0) | (lies.rsv << 4) | lies.opcode;
  const mask = lies.masked ? 0x80 : 0;
  const length = BigInt(lies.length);
  let head: Buffer;
  if (length < 126n) head = Buffer.from([first, mask | Number(length)]);
  else if (length < 65_536n) {
    head = Buffer.alloc(4);
    head.set([first, mask | 126]);
    head.writeUInt16BE(Number(length), 2);
  } else {
    head = Buffer.alloc(10);
    head.set([first, mask | 127]);
    head.writeBigUInt64BE(length, 2);
  }
  if (!lies.masked) return Buffer.concat([head, payload]);
  const key = Buffer.from([random.below(256), random.below(256), random.below(256), random.below(256)]);
  const hidden = Buffer.from(payload);
  for (let i = 0; i < hidden.length; i++) hidden[i] = (hidden[i] ?? 0) ^ (key[i % 4] ?? 0);
  return Buffer.concat([head, key, hidden]);
}

const proper = (payload: Buffer, random: Random, opcode = 1, final = true): Buffer =>
  frame(payload, random, { opcode, final, rsv: 0, masked: true, length: payload.length });

/** Requests that read or place, wrongly asked; none that ends or starts something on the machine. */
const PAGE_METHODS = [
  'open',
  'watch',
  'follow',
  'place',
  'undo',
  'choose',
  'configure',
  'baseline',
  'export',
  'answer',
  'pin',
  'pages',
  'planHugePages',
  'nonsense',
  '__proto__',
  'constructor',
];
const PARAMS = [
  {},
  null,
  [],
  'x',
  { version: 1e308 },
  { version: MESSAGES_VERSION },
  { visible: 'yes' },
  { visible: true },
  { process: -5 },
  { process: 2 ** 53 },
  { slot: 'toString', on: [0] },
  { slot: 'producer', on: [2 ** 40] },
  { slot: 'memory', on: [-1] },
  { slot: 'memory', on: { of: '__proto__' } },
  { kind: 'constructor' },
  { run: '../../etc/passwd' },
  { run: '\u202e\u001b[2J'.repeat(1000) },
  { question: '1', value: 'x'.repeat(100_000) },
  { threads: Array.from({ length: 5000 }, (_, i) => i), cpus: '0-99999999999' },
  { to: 77 },
];

function pageText(random: Random): string {
  const way = random.below(9);
  const id = 1_000_000 + random.below(1_000_000);
  if (way === 0) return '['.repeat(random.pick([10, 1000, 200_000]));
  if (way === 1) return '{"type":'.repeat(random.pick([3, 20_000]));
  if (way === 2)
    return random.pick([
      '',
      'x',
      'null',
      '0',
      '"',
      '[]',
      '{}',
      '{"type":"request"}',
      '{"__proto__":{"type":"request"}}',
      '\ufeff{}',
      '1e999',
    ]);
  if (way === 3)
    return JSON.stringify({
      type: random.pick(['request', 'cancel', 'response', 'event']),
      id: random.pick([0, -1, 1.5, '1', null, 2 ** 60]),
      method: 'open',
      params: {},
    });
  return JSON.stringify({ type: 'request', id, method: random.pick(PAGE_METHODS), params: random.pick(PARAMS) });
}

/** Frames of a socket that was let in. */
function frames(random: Random): Buffer[] {
  const out: Buffer[] = [];
  for (let i = 1 + random.below(4); i > 0; i--) {
    const way = random.below(10);
    const text = Buffer.from(pageText(random));
    if (way < 4) out.push(proper(text, random));
    else if (way === 4) out.push(proper(randomBytes(random.pick([1, 200, 70_000])), random, random.pick([1, 2])));
    else if (way === 5)
      out.push(
        proper(text.subarray(0, 9), random, 1, false),
        proper(text.subarray(9), random, random.pick([0, 0, 1, 9]), random.below(3) > 0),
      );
    else if (way === 6)
      out.push(proper(Buffer.alloc(random.pick([0, 1, 2, 125, 126]), 0xff), random, random.pick([8, 9, 10, 8])));
    else if (way === 7) out.push(proper(Buffer.alloc((1 << 20) + random.below(2), 0x20), random));
    else if (way === 8)
      out.push(Buffer.concat(Array.from({ length: 300 }, () => proper(text.subarray(0, 20), random, 0, false))));
    else {
      const length = random.pick([0, 5, 126, 65_535, 2 ** 31, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]);
      const lies = {
        opcode: random.below(16),
        final: random.below(2) === 0,
        rsv: random.below(8),
        masked: random.below(4) > 0,
        length,
      };
      out.push(frame(text.subarray(0, 200), random, lies));
    }
  }
  return out;
}

const LEAVES: readonly Attack['leaves'][] = ['resets', 'resets', 'ends', 'waits', 'waits'];

/** Cut into pieces anywhere, sometimes short of its end. */
function cut(bytes: Buffer, random: Random): Buffer[] {
  if (random.below(3) > 0) return [bytes];
  const at = random.below(bytes.length + 1);
  return random.below(2) === 0 ? [bytes.subarray(0, at)] : [bytes.subarray(0, at), bytes.subarray(at)];
}

/** Attack number `index` on the board that `entry` leads to. */
export function attackOf(random: Random, index: number, entry: Entry): Attack {
  const leaves = index % 40 === 0 ? 'stays' : random.pick(LEAVES);
  const way = random.below(10);
  if (way === 0) {
    const noise = randomBytes(1 + random.below(random.pick([10, 3000, 100_000])));
    return { kind: 'noise', pieces: cut(noise, random), leaves };
  }
  if (way < 4) {
    const method = random.below(2) === 0 ? 'GET' : random.pick(METHODS);
    const version = random.below(2) === 0 ? 'HTTP/1.1' : random.pick(VERSIONS);
    const head = [`${method} ${random.pick(PATHS)} ${version}`, ...headers(entry, random)];
    return {
      kind: 'request',
      pieces: cut(Buffer.from(`${head.join('\r\n')}\r\n\r\n${random.pick(BODIES)}`), random),
      leaves,
    };
  }
  if (way < 7) {
    const target = random.pick([...PATHS, '/socket', `${entry.path}socket`, entry.path]);
    const head = [`GET ${target} HTTP/1.1`, ...headers(entry, random), ...webSocketLines(random, false)];
    return { kind: 'upgrade', pieces: cut(Buffer.from(`${head.join('\r\n')}\r\n\r\n`), random), leaves };
  }
  const own = `127.0.0.1:${String(entry.port)}`;
  const head = [
    `GET ${entry.path}socket HTTP/1.1`,
    `Host: ${own}`,
    `Origin: http://${own}`,
    `Cookie: ${entry.cookie}`,
    ...webSocketLines(random, true),
  ];
  const opening = Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
  const rest = frames(random);
  // Frames may come with the request, before it was answered.
  const pieces = random.below(3) === 0 ? [Buffer.concat([opening, ...rest])] : [opening, ...rest];
  return { kind: 'frames', pieces, leaves };
}

// What a file shows, where there is no Node: read as on a desktop, answered as a board answers, refused in words.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from '../../../src/model/live/packed.ts';
import { RECORDING_SCHEMA } from '../../../src/model/live/recording.ts';
import type { PinboardError } from '../../../src/model/problem.ts';
import type { Run } from '../../../src/model/run/run.ts';
import { MESSAGES_VERSION } from '../../../src/protocol/messages.ts';
import type { HostEvent } from '../../../src/protocol/messages.ts';
import { createClient } from '../../../src/protocol/client.ts';
import type { Client } from '../../../src/protocol/client.ts';
import { readRecordingBytes } from '../../../src/remote/recording/reader.ts';
import type { FileBoard } from '../../../src/viewer/file-board.ts';
import { readShown } from '../../../src/viewer/shown-file.ts';
import { troublePage } from '../../../src/viewer/trouble-page.ts';
import { readRecording } from '../../../src/viewer/unpack.ts';
import { viewBoard } from '../../../src/viewer/view-board.ts';
import { headOf, samplesOf, timeAt } from '../../support/recorded.ts';

const bytesOf = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../../fixtures/runs/${name}`, import.meta.url));
const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function recordingOf(seconds: number): Uint8Array {
  const head = headOf();
  const lines: unknown[] = [{ schema: RECORDING_SCHEMA, ...head }];
  for (const sample of samplesOf(head, seconds, 2)) lines.push({ sample: pack(sample) });
  lines.push({ end: { time: timeAt(seconds), cutOff: null } });
  return gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function shown(name: string, bytes: Uint8Array): Promise<string> {
  try {
    return (await readShown(name, bytes, readRecording)).kind;
  } catch (error) {
    return (error as PinboardError).message;
  }
}

function opened(board: FileBoard): { client: Client; events: HostEvent[] } {
  const events: HostEvent[] = [];
  const attached = board.attach((message) => client.receive(JSON.parse(JSON.stringify(message))));
  const client = createClient(
    (message) => attached.receive(message),
    (event) => events.push(event),
  );
  return { client, events };
}

const nobody = (): Promise<never[]> => Promise.resolve([]);

test('a file is told by what it holds, and one that shows nothing says why', async () => {
  assert.equal(await shown('a/memory.numa.json', await bytesOf('memory.numa.json')), 'run');
  assert.equal(await shown('box.numarec', recordingOf(3)), 'recording');
  const xml =
    '<?xml version="1.0"?><topology><object type="Machine" os_index="0" cpuset="0x1" complete_cpuset="0x1"><object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1"/></object></topology>';
  assert.equal(await shown('box.xml', textBytes(xml)), 'machine');
  assert.match(await shown('x.numa.json', textBytes('')), /x\.numa\.json is empty/);
  assert.match(await shown('x.numa.json', textBytes('{')), /the file is not JSON/);
  assert.match(await shown('x.numa.json', textBytes('{"schema":"numa-pinboard/snapshot/9"}')), /newer NUMA Pinboard/);
  assert.match(await shown('x.numarec', textBytes('no gzip')), /x\.numarec/);
  assert.match(await shown('x.numa.json', new Uint8Array((64 << 20) + 1).fill(32)), /larger than a run can be/);
});

test('a recording is unpacked without Node as it is with it', async () => {
  const bytes = recordingOf(40);
  assert.deepEqual(await readRecording('box', bytes), await readRecordingBytes('box', bytes));
  await assert.rejects(readRecording('box', textBytes('no gzip')), /box: /);
});

test('a board that only shows answers what looking asks for, and refuses the rest in words', async () => {
  const file = await readShown('memory.numa.json', await bytesOf('memory.numa.json'), readRecording);
  const { client } = opened(viewBoard(file, nobody));
  const board = await client.request('open', { version: MESSAGES_VERSION });
  assert.equal(board.host?.transport, 'recorded');
  assert.equal(board.runs.length, 1);
  assert.equal(board.kept, null);
  assert.equal(board.workload.kind, 'memory');
  assert.match(board.measuring?.message ?? '', /nothing can run on it/);
  await client.request('watch', { visible: true });
  assert.deepEqual(await client.request('pick', {}), { opened: [] });
  for (const refused of [client.request('export', { run: board.runs[0]?.id ?? '' }), client.request('run', {})])
    await assert.rejects(refused, /nothing runs, and nothing is written/);
  await assert.rejects(client.request('open', { version: 1 }), /protocol version/);
});

test('a recording on it has its past', async () => {
  const file = await readShown('box.numarec', recordingOf(5), readRecording);
  const { client } = opened(viewBoard(file, nobody));
  const board = await client.request('open', { version: MESSAGES_VERSION });
  assert.deepEqual(board.runs, []);
  assert.equal((await client.request('past', { before: null })).frames.length, 5);
});

test('two runs of one machine are held against each other; one of another machine is refused', async () => {
  const source = new TextDecoder().decode(await bytesOf('memory.numa.json'));
  const first = JSON.parse(source) as Run;
  const later = { ...first, id: `${first.id}-2`, time: '2031-01-01T00:00:00.000Z' };
  const board = viewBoard({ kind: 'run', run: first }, () =>
    Promise.resolve([
      { name: 'other.numa.json', text: source.replaceAll(JSON.stringify(first.host.name), '"elsewhere"') },
    ]),
  );
  const { client, events } = opened(board);
  board.compare(first, later);
  assert.equal((await client.request('open', { version: MESSAGES_VERSION })).runs.length, 2);
  assert.deepEqual(events, [{ type: 'event', event: 'show', run: first.id, beside: later.id }]);
});

test('the page of a file that shows nothing holds its words as text', () => {
  const steps = [{ title: 'Open as Text', command: 'numaPinboard.openAsText' }];
  const page = troublePage({ message: '<img src=x>', hint: '"><script>' }, steps, 'n');
  assert.doesNotMatch(page, /<img|<script/);
  assert.match(page, /<a href="command:numaPinboard\.openAsText">Open as Text<\/a>/);
});

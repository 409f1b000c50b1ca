// A recording: what is written is read again; cut off, torn, full disks, hostile files; and what opens it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Recording } from '../../src/model/live/recording.ts';
import type { Problem } from '../../src/model/problem.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { readRecordingFile } from '../../src/remote/recording/reader.ts';
import { RecordingWriter } from '../../src/remote/recording/writer.ts';
import type { WriterOptions } from '../../src/remote/recording/writer.ts';
import { removeFolder, temporaryFolder, whenThisEnds } from '../support/processes.ts';
import { headOf, samplesOf, timeAt } from '../support/recorded.ts';

function fileFor(t: TestContext): string {
  const folder = temporaryFolder('recording');
  t.after(() => removeFolder(folder));
  return join(folder, 'big-box.numarec');
}

const never = ({ message }: Problem): void => assert.fail(message);

/** A recording of so many seconds at `path`, ended. */
async function recorded(path: string, seconds: number, limits?: WriterOptions['limits']): Promise<void> {
  const head = headOf();
  const options = limits ? { onProblem: never, limits } : { onProblem: never };
  const writer = await RecordingWriter.create(path, head, options);
  for (const sample of samplesOf(head, seconds, 4)) writer.append(sample);
  await writer.close();
}

/** The lines of a recording, changed and packed again. */
function rewritten(path: string, change: (lines: string[]) => string[]): void {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  writeFileSync(path, gzipSync(`${change(lines).join('\n')}\n`));
}

const seconds = ({ samples }: Recording): string[] => samples.map(({ time }) => time);

test('samples and marks come back as they were, and the machine with them', async (t) => {
  const path = fileFor(t);
  const head = headOf();
  const writer = await RecordingWriter.create(path, head, { onProblem: never });
  const samples = [...samplesOf(head, 30, 4)];
  writer.mark({ time: timeAt(3), until: null, kind: 'run', words: 'spsc' });
  samples.forEach((sample) => writer.append(sample));
  writer.mark({ time: timeAt(2), until: null, kind: 'note', words: 'The batch begins.' });
  writer.mark({ time: timeAt(3), until: timeAt(9), kind: 'run', words: 'spsc' });
  await writer.close();
  const { samples: read, marks, ...rest } = await readRecordingFile(path);
  assert.deepEqual(rest, { ...head, every: 1, cutOff: null });
  assert.deepEqual(marks, [
    { time: timeAt(2), until: null, kind: 'note', words: 'The batch begins.' },
    { time: timeAt(3), until: timeAt(9), kind: 'run', words: 'spsc' },
  ]);
  // But for digits behind the fourth.
  const rounded = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === 'number' && !Number.isInteger(inner) ? Number(inner.toPrecision(4)) : inner,
      ),
    );
  assert.deepEqual(read, rounded(samples));
  await assert.rejects(RecordingWriter.create(path, head, { onProblem: never }), /exists already/);
});

test('killed in the middle, it opens with all but the last seconds, and says that it was cut off', async (t) => {
  const path = fileFor(t);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', new URL('killed-recorder.ts', import.meta.url).pathname, path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  whenThisEnds(() => child.kill('SIGKILL'));
  const [said] = (await once(createInterface(child.stdout), 'line')) as [string];
  assert.equal(said, '200 samples');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { samples, cutOff } = await readRecordingFile(path);
  assert.match(cutOff ?? '', /not ended/);
  assert.deepEqual(
    seconds({ samples } as Recording),
    samples.map((_, at) => timeAt(at + 1)),
  );
  assert.ok(samples.length > 150, `${samples.length} samples`);
});

test('torn at any byte, it opens with what stands before the tear, or is refused in words', async (t) => {
  const path = fileFor(t);
  await recorded(path, 40);
  const whole = readFileSync(path);
  let least = 0;
  for (const bytes of [
    0,
    1,
    9,
    100,
    ...Array.from({ length: 12 }, (_, at) => Math.floor((whole.length * (at + 1)) / 13)),
  ]) {
    writeFileSync(path, whole.subarray(0, bytes));
    const read = await readRecordingFile(path).catch((error: unknown) => {
      assert.match(String(error), /nothing was recorded|cannot be read/);
      return null;
    });
    if (!read) continue;
    assert.notEqual(read.cutOff, null);
    assert.ok(read.samples.length >= least, 'the longer, the more');
    least = read.samples.length;
  }
  assert.ok(least > 25, `${least} samples`);
});

test('bytes that a disk has changed end it there, and that is said', async (t) => {
  const path = fileFor(t);
  await recorded(path, 400);
  const bytes = readFileSync(path);
  bytes.fill(0xaa, Math.floor(bytes.length * 0.7), Math.floor(bytes.length * 0.7) + 40);
  writeFileSync(path, bytes);
  const { samples, cutOff } = await readRecordingFile(path);
  assert.match(cutOff ?? '', /cannot be read further/);
  assert.ok(samples.length > 100 && samples.length < 400, `${samples.length} samples`);
});

test('a clock that was set back mixes up no times; what is unknown to this version is passed over', async (t) => {
  const path = fileFor(t);
  await recorded(path, 6);
  rewritten(path, ([head, a, b, c, ...rest]) => [
    head ?? '',
    '{"weather":{"rain":true}}',
    c ?? '',
    a ?? '',
    b ?? '',
    ...rest,
  ]);
  const read = await readRecordingFile(path);
  assert.deepEqual(seconds(read), [1, 2, 3, 4, 5, 6].map(timeAt));
  assert.equal(read.cutOff, null);
});

test('what is no recording, or one of a newer version, is refused in words', async (t) => {
  const path = fileFor(t);
  await recorded(path, 2);
  const whole = readFileSync(path);
  for (const [change, why] of [
    [
      (lines: string[]) => [(lines[0] ?? '').replace('recording/1', 'recording/2')],
      /written by a newer NUMA Pinboard \(numa-pinboard\/recording\/2\)\. Update/,
    ],
    [
      (lines: string[]) => [(lines[0] ?? '').replace('"intervalMs":1000', '"intervalMs":0')],
      /cannot be read: intervalMs/,
    ],
    [(lines: string[]) => [(lines[0] ?? '').replace(/"cpus":"[^"]*"/, '"cpus":"9-1"')], /cannot be read: .*cpus/],
    [() => ['{"schema":"numa-pinboard/recording/x"}'], /"schema" is not numa-pinboard\/recording\/1/],
    [() => ['{"schema":"numa-pinboard/recording/1"'], /first line is not JSON/],
  ] as const) {
    writeFileSync(path, whole);
    rewritten(path, change);
    await assert.rejects(openRecorded(path), why);
  }
  writeFileSync(path, whole);
  rewritten(path, (lines) => [...lines.slice(0, 2), '{"sample":[1]}', ...lines.slice(2)]);
  const { samples, cutOff } = await readRecordingFile(path);
  assert.equal(samples.length, 1);
  assert.match(cutOff ?? '', /line 3 cannot be read: it is not packed as it should be/);
});

test('a disk that is too slow costs samples and not the host, and where they are missing is marked', async (t) => {
  const path = fileFor(t);
  const head = headOf();
  const writer = await RecordingWriter.create(path, head, {
    onProblem: never,
    limits: { fileBytes: 1e9, waitingBytes: 20_000 },
  });
  const samples = [...samplesOf(head, 400)];
  const last = samples.pop();
  // All at once: nothing of it can be on the disk yet.
  samples.forEach((sample) => writer.append(sample));
  while (writer.bytes === 0) await new Promise((resolve) => setImmediate(resolve));
  if (last) writer.append(last);
  await writer.close();
  const read = await readRecordingFile(path);
  assert.ok(read.samples.length < 300, `${read.samples.length} samples`);
  assert.match(read.marks[0]?.words ?? '', /^The disk was too slow: \d+ samples could not be written\.$/);
  assert.equal(read.samples.at(-1)?.time, last?.time);
});

test('at the size that can be opened again it ends, whole, and says so', async (t) => {
  const path = fileFor(t);
  const head = headOf();
  const problems: Problem[] = [];
  const limits = { fileBytes: 4000, waitingBytes: 1e9 };
  const writer = await RecordingWriter.create(path, head, { onProblem: (problem) => problems.push(problem), limits });
  for (const sample of samplesOf(head, 100_000)) {
    writer.append(sample);
    if (problems.length > 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  assert.match(problems.map(({ message }) => message).join(), /reached the size that can be opened again/);
  const { cutOff, samples } = await readRecordingFile(path);
  assert.match(cutOff ?? '', /reached the size/);
  assert.equal(samples.length, writer.samples);
});

test('a full disk ends it once, in words, and what was written before opens', async (t) => {
  const path = fileFor(t);
  // A limit of the shell's is what fills up here: 8 KiB.
  const script = `ulimit -f 8; exec ${process.execPath} --import tsx ${new URL('killed-recorder.ts', import.meta.url).pathname} ${path}`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  whenThisEnds(() => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('problem')) continue;
    assert.match(
      line,
      /cannot be written: the file is too large for that file system\. What was recorded before opens/,
    );
    break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { samples, cutOff } = await readRecordingFile(path);
  assert.ok(samples.length > 10, `${samples.length} samples`);
  assert.match(cutOff ?? '', /not ended/);
});

test('of a very long recording every second, fourth … sample is held', async (t) => {
  const path = fileFor(t);
  await recorded(path, 4);
  const blank = 'x'.repeat(20_000);
  rewritten(path, (lines) => {
    const [head = '', ...rest] = lines;
    const first = rest[0] ?? '';
    // Names of threads as long as no kernel has them fill it up.
    const long = Array.from({ length: 900 }, (_, at) =>
      first.replaceAll('worker', blank.slice(at % 7)).replace(timeAt(1), timeAt(at)),
    );
    return [head, ...long, '{"end":{"time":"2026-01-01T12:00:00.000Z","cutOff":null}}'];
  });
  const read = await readRecordingFile(path);
  assert.equal(read.every, 4);
  assert.deepEqual(
    seconds(read),
    Array.from({ length: 225 }, (_, at) => timeAt(at * 4)),
  );
});

test('--from opens the machine with its recording', async (t) => {
  const path = fileFor(t);
  await recorded(path, 3);
  const host = await openRecorded(path);
  const { topology } = await host.discover();
  assert.equal(topology.machine.name, 'big-box');
  assert.equal(host.recording?.samples.length, 3);
  truncateSync(path, readFileSync(path).length - 30);
  assert.match((await openRecorded(path)).recording?.cutOff ?? '', /not ended/);
});

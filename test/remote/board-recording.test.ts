// A board's recording: it goes on while nobody looks, ends with a reason where the host is lost, and opens as a board again.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { framesOf } from '../../src/model/live/past/chunk.ts';
import { Past } from '../../src/model/live/past/past.ts';
import type { Recording } from '../../src/model/live/recording.ts';
import type { HostEvent } from '../../src/protocol/messages.ts';
import { hostFromRecording } from '../../src/remote/recorded/dump-host.ts';
import { recordingIn } from '../../src/remote/recording/place.ts';
import { readRecordingFile } from '../../src/remote/recording/reader.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { headOf, samplesOf } from '../support/recorded.ts';
import { endSessions, newSession, openPage } from './boards.ts';
import type { TestPage } from './boards.ts';
import { hasCode, localHost, losable } from './measuring.ts';

const folder = temporaryFolder('recordings');
const recordTo = (host: string): Promise<string> => recordingIn(folder, host);

/** Every piece of it, as a page asks for them. */
async function pastOf({ client }: TestPage): Promise<Past> {
  const past = new Past(2 ** 25);
  for (let before: number | null = null, more = true; more;) {
    const piece: Awaited<ReturnType<typeof client.request<'past'>>> = await client.request('past', { before });
    past.add(framesOf(piece, past));
    [before, more] = [piece.frames[0]?.at ?? null, piece.more];
  }
  return past;
}

describe('a recording of a board', { timeout: 300_000 }, () => {
  afterEach(endSessions);
  after(() => removeFolder(folder));

  it('goes on while nobody looks, holds marks, and ends when it is ended', async () => {
    const session = newSession({ recordTo });
    await session.useHost(localHost());
    const page = await openPage(session);
    const { path } = await page.client.request('record', {});
    assert.ok(path);
    assert.equal(page.board().recording?.path, path);
    await assert.rejects(page.client.request('record', {}), hasCode('busy'));
    await waitFor(() => session.lastSample, { what: 'a sample, though nobody looks' });
    const mark = { time: new Date().toISOString(), until: null, kind: 'finding', words: 'One node is full.' } as const;
    session.live.mark(mark);
    const { time } = session.lastSample ?? {};
    await waitFor(() => session.lastSample?.time !== time, { what: 'another sample' });
    const { recorded } = await page.client.request('stopRecording', {});
    assert.equal(recorded?.path, path);
    assert.equal(page.board().recording, null);
    await waitFor(() => session.lastSample === null, { what: 'an end of sampling' });
    assert.equal((await page.client.request('stopRecording', {})).recorded, null);
    const read = await readRecordingFile(path);
    assert.equal(read.samples.length, recorded.samples);
    assert.ok(read.samples.length >= 2);
    assert.equal(read.cutOff, null);
    assert.deepEqual(read.marks, [mark]);
    const again = await page.client.request('record', {});
    assert.notEqual(again.path, path, 'what was recorded within the same minute stays');
  });

  it('says why it ends where the host is lost', async () => {
    const session = newSession({ recordTo });
    const { host, lose } = losable(localHost());
    await session.useHost(host);
    const path = await session.recorder.start();
    assert.ok(path !== null);
    await waitFor(() => session.lastSample, { what: 'a sample' });
    lose();
    await waitFor(() => session.board.recording === null, { what: 'an end of the recording' });
    const read = await waitFor(
      async () => {
        const now = await readRecordingFile(path);
        return now.cutOff === 'The connection to the host ended.' ? now : null;
      },
      { what: 'the reason in the file' },
    );
    assert.ok(read.samples.length >= 1);
  });

  it('is declined, impossible, or without a host: nothing is recorded, in words', async () => {
    const declined = newSession({ recordTo: () => Promise.resolve(null) });
    await assert.rejects(declined.recorder.start(), hasCode('not-connected'));
    await declined.useHost(localHost());
    assert.equal(await declined.recorder.start(), null);
    assert.equal(declined.board.recording, null);
    const nowhere = newSession({ recordTo: () => Promise.resolve(join(folder, 'no', 'such', 'folder.numarec')) });
    await nowhere.useHost(localHost());
    await assert.rejects(nowhere.recorder.start());
    const never = newSession();
    await never.useHost(localHost());
    await assert.rejects(never.recorder.start(), hasCode('unsupported'));
  });

  it('opens as a board that has all its samples and marks, and samples nothing', async () => {
    const head = headOf();
    const recording: Recording = {
      ...head,
      samples: [...samplesOf(head, 400, 3)],
      every: 1,
      marks: [{ time: '2026-01-01T10:00:05.000Z', until: null, kind: 'note', words: 'Restarted.' }],
      cutOff: 'The disk is full.',
    };
    const session = newSession({ recordTo });
    await session.useHost(hostFromRecording(recording));
    const page = await openPage(session);
    await page.client.request('watch', { visible: true });
    const past = await pastOf(page);
    assert.deepEqual(
      past.frames.map(({ time }) => new Date(time).toISOString()),
      recording.samples.map(({ time }) => time),
    );
    const [last, was] = [past.frames.at(-1), recording.samples.at(-1)];
    assert.ok(last && was);
    assert.deepEqual(past.sampleOf(last).processes[0]?.threads, was.processes[0]?.threads);
    assert.deepEqual(
      page.board().marks.map(({ words }) => words),
      ['Restarted.', 'The recording was cut off: The disk is full.'],
    );
    assert.ok(page.events.every((event: HostEvent) => event.event !== 'sample'));
  });
});

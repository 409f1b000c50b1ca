// Records to the file that is named until it is killed, a sample of a made-up second every few milliseconds, and says when there are some.
import { setTimeout as sleep } from 'node:timers/promises';
import { RecordingWriter } from '../../src/remote/recording/writer.ts';
import { headOf, samplesOf } from '../support/recorded.ts';

const head = headOf();
const onProblem = ({ message, hint }: { message: string; hint: string | null }): void => {
  console.log(`problem: ${message} ${hint ?? ''}`);
};
const writer = await RecordingWriter.create(process.argv[2] ?? '', head, { onProblem });
for (const sample of samplesOf(head, 100_000)) {
  writer.append(sample);
  await sleep(1);
  if (writer.samples === 200) console.log('200 samples');
}

// `npm run bench:recording`: what an hour of a busy machine of 256 CPUs takes as a recording, once a second, and how long writing and
// opening it takes. Method and figures: docs/BENCHMARKS.md.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readRecordingFile } from '../../src/remote/recording/reader.ts';
import { RecordingWriter } from '../../src/remote/recording/writer.ts';
import { removeFolder, temporaryFolder } from '../../test/support/processes.ts';
import { headOf, samplesOf } from '../../test/support/recorded.ts';

const SECONDS = 3600;
const SHAPE = { name: 'big-box', packages: 2, nodesPerPackage: 2, coresPerNode: 32, threads: 2 };

const folder = temporaryFolder('recording');
try {
  for (const threads of [0, 256]) {
    const head = headOf(SHAPE);
    const path = join(folder, `${threads}.numarec`);
    const writer = await RecordingWriter.create(path, head, {
      onProblem: ({ message }) => {
        throw new Error(message);
      },
      // An hour in a moment: the disk need not keep up.
      limits: { fileBytes: Infinity, waitingBytes: Infinity },
    });
    const samples = [...samplesOf(head, SECONDS, threads)];
    const json = samples.reduce((sum, sample) => sum + JSON.stringify(sample).length + 1, 0);
    const before = process.cpuUsage();
    for (const sample of samples) writer.append(sample);
    await writer.close();
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e6;
    const bytes = statSync(path).size;
    const begun = performance.now();
    const { length } = (await readRecordingFile(path)).samples;
    const opened = (performance.now() - begun) / 1000;
    console.log(
      [
        `${head.topology.cpus.length} CPUs, ${head.topology.nodes.length} nodes, ${threads} followed threads, ${SECONDS} samples:`,
        `${(bytes / 1e6).toFixed(2)} MB (as JSON lines ${(json / 1e6).toFixed(0)} MB),`,
        `${((cpu / SECONDS) * 1000).toFixed(2)} ms of CPU a sample to write,`,
        `${opened.toFixed(1)} s to open (${length} samples)`,
      ].join(' '),
    );
  }
} finally {
  removeFolder(folder);
}

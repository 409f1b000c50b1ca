/** `--from`: a machine out of a directory or a file of any format that the table below knows, told apart by content. */

import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { PinboardError } from '../../../model/problem.ts';
import { PROBE_WARNINGS } from '../../../model/formats/sysfs/probe.ts';
import { hostFromProbe } from '../probe-host.ts';
import { readDump } from '../dump.ts';
import type { Host } from '../../host.ts';
import { archiveImporter } from './archive.ts';
import { capabilitiesImporter } from './capabilities.ts';
import { readStart } from './importer.ts';
import type { FileStart, Importer } from './importer.ts';
import { lscpuImporter, lscpuSummaryImporter } from './lscpu.ts';
import { lstopoConsoleImporter } from './lstopo-console.ts';
import { lstopoImporter } from './lstopo.ts';
import { numactlImporter } from './numactl.ts';
import { recordingImporter } from './recording.ts';
import { runImporter } from './run.ts';
import { looksSynthetic, openSynthetic, syntheticImporter } from './synthetic.ts';
import { topologyImporter } from './topology.ts';
import { zipImporter } from './zip.ts';

const TEXT_IMPORTERS: readonly Importer[] = [
  lstopoImporter,
  capabilitiesImporter,
  topologyImporter,
  lscpuImporter,
  lscpuSummaryImporter,
  numactlImporter,
  lstopoConsoleImporter,
  runImporter,
  syntheticImporter,
];

/** The first that recognises a file reads it: a recording is packed as archives are. */
const IMPORTERS: readonly Importer[] = [
  recordingImporter,
  archiveImporter,
  zipImporter(TEXT_IMPORTERS),
  ...TEXT_IMPORTERS,
];

const ACCEPTED = `Provide a directory with sys/ and proc/, or ${IMPORTERS.map(({ format }) => format).join(', or ')}, or a machine in hwloc's notation ('pack:2 core:4 pu:2').`;

function openDirectory(path: string): Host {
  const files = readDump(path);
  const unreadable = files.get(PROBE_WARNINGS);
  if (files.size > (unreadable === undefined ? 0 : 1)) return hostFromProbe(basename(resolve(path)), files);
  if (unreadable !== undefined) {
    throw new PinboardError(
      'bad-file',
      `${path} could not be read: ${unreadable.replaceAll('\n', ' ')}`,
      /\((?:EACCES|EPERM)\)/.test(unreadable)
        ? 'Make it readable: `chmod -R u+rX`.'
        : 'Record the machine again, as plain files and links inside the folder.',
    );
  }
  throw new PinboardError(
    'bad-file',
    `${path} does not contain a machine's sys/ and proc/.`,
    'Use the directory that contains sys/.',
  );
}

/** What an unknown file is, as far as its first bytes tell. */
function looksLike({ bytes, rootElement }: FileStart): string {
  if (bytes.length === 0) return 'is empty';
  if (rootElement !== null) return `is a different kind of XML (its root element is <${rootElement.slice(0, 40)}>)`;
  return bytes.includes(0) ? 'is a binary file in an unknown format' : 'is text in an unknown format';
}

/** @throws PinboardError `bad-file`, which says what the file is and what is taken. */
export async function openRecorded(path: string): Promise<Host> {
  const info = await stat(path).catch(() => {
    if (looksSynthetic(path)) return null;
    throw new PinboardError('bad-file', `${path} does not exist.`, ACCEPTED);
  });
  if (!info) return openSynthetic(path);
  if (info.isDirectory()) return openDirectory(path);
  const start = await readStart(path);
  const importer = IMPORTERS.find(({ recognises }) => recognises(start));
  if (!importer) throw new PinboardError('bad-file', `${path} ${looksLike(start)}.`, ACCEPTED);
  return importer.open(path, start);
}

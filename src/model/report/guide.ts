/** What a guided run found, and what to paste, as parts of a run's page. */

import { guideFindings, TOGETHER_WORDS } from '../bench/guide/findings/findings.ts';
import { candidateRows, finalWords, raceNotes } from '../bench/race/lines.ts';
import { recommendFrom } from '../recommend/recommend.ts';
import type { Tool } from '../recommend/tools/placed.ts';
import { forewords } from '../recommend/text.ts';
import { byHeading, FINDING_KINDS } from '../run/finding.ts';
import type { Finding } from '../run/finding.ts';
import type { Run } from '../run/run.ts';
import { codeBlock, markdownText as text } from './escape.ts';

function bullet({ kind, sentence, advice }: Finding<unknown>): string {
  const { word } = FINDING_KINDS[kind];
  return `- ${word === null ? '' : `**${word}:** `}${text(sentence)}${advice === null ? '' : ` **${text(advice)}**`}`;
}

/** Empty for a run that is no race. */
export function candidates(run: Run): string[] {
  if (!run.race) return [];
  const proof = finalWords(run);
  const rows = candidateRows(run).map(({ name, why, fate }) => `- **${text(name)}**: ${text(why)} *${text(fate)}*`);
  const notes = [...(proof === null ? [] : [proof]), ...raceNotes(run)].flatMap((note) => [text(note), '']);
  return ['## Candidates', '', ...rows, '', ...notes];
}

/** Empty for a run that is not guided. */
export function findings({ guide, topology, results }: Run): string[] {
  if (!guide) return [];
  const found = guideFindings(topology, results);
  const left =
    guide.leftOut.length === 0 ? [] : [`Left out to stay within the time: ${text(guide.leftOut.join(' · '))}.`, ''];
  return [
    '## What was found',
    '',
    ...[...byHeading(found)].flatMap(([heading, own]) => [`### ${text(heading)}`, '', ...own.map(bullet), '']),
    ...(found.some(({ evidence }) => evidence.length > 0) ? [text(TOGETHER_WORDS), ''] : []),
    ...left,
  ];
}

const LANGUAGES: Readonly<Record<Tool, string>> = {
  taskset: 'sh',
  numactl: 'sh',
  openmp: 'sh',
  systemd: 'ini',
  docker: 'sh',
  kubernetes: 'yaml',
  libvirt: 'xml',
  slurm: 'sh',
  dpdk: 'sh',
  'weighted-interleave': 'sh',
  command: 'sh',
  environment: 'sh',
  tokio: 'rust',
  rayon: 'rust',
  onetbb: 'cpp',
  jvm: 'sh',
  'steal-order': 'sh',
};

/** Empty where nothing follows for other tools. */
export function toPaste(run: Run): string[] {
  const { topology } = run;
  const made = recommendFrom(topology, run);
  if (made.length === 0) return [];
  return [
    '## Ready to paste',
    '',
    ...forewords(topology, run).flatMap((words) => [`> ${text(words)}`, '']),
    ...made.flatMap(({ tool, title, text: lines, note }) => [
      `### ${text(title)}`,
      '',
      codeBlock(lines, LANGUAGES[tool]),
      '',
      ...(note === null ? [] : [text(note), '']),
    ]),
  ];
}

/** A kubelet's folder on the machine it runs on, this one or a host by SSH. */

import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { listed } from '../../model/text/format.ts';
import { within } from '../deadline.ts';
import { kubeletScript } from '../scripts/kubelet.ts';
import { endedEarly, lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';
import { KUBELET_FILES, kubeletFrom, MAX_KUBELET_BYTES } from './files.ts';
import type { KubeletRead } from './files.ts';

const READING_MS = 30_000;

export interface LiveKubelet extends KubeletRead {
  /** In words: the folder, and on which machine. */
  readonly place: string;
  /** Arguments of the kubelet that runs there which its file gives way to. */
  readonly overriding: readonly string[];
}

interface Answer {
  readonly folder: string;
  readonly there: boolean;
  /** Of the kubelet that runs there; empty where none does. */
  readonly arguments: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly denied: readonly string[];
}

/**
 * @param folder null: where the kubelet that runs there keeps it, else its default.
 * @throws PinboardError `not-found` where no kubelet has been, `permission` where the login may not read it, `bad-file` as `kubeletFrom`.
 */
export async function readKubeletOf(
  transport: Transport,
  folder: string | null,
  signal: AbortSignal | undefined,
): Promise<LiveKubelet> {
  const answer = await ask(transport, folder, signal);
  const { name, kind } = transport;
  const at = clean(answer.folder, 300);
  const on = kind === 'local' ? 'here' : `on ${name}`;
  if (!answer.there)
    throw new PinboardError(
      'not-found',
      `There is no ${at} ${on}: no kubelet keeps its state there.`,
      "Name the kubelet's folder with --kubelet (its --root-dir; MicroK8s: /var/snap/microk8s/common/var/lib/kubelet), or the node with --host.",
    );
  if (answer.denied.length > 0)
    throw new PinboardError(
      'permission',
      `This login may not read ${listed(answer.denied)} in ${at} ${on}.`,
      `${kind === 'local' ? 'Run it as root' : `Log in as root (--host root@${name})`}, or copy ${listed(KUBELET_FILES)} there with sudo into a folder that this login may read, and name it with --kubelet.`,
    );
  const place = `${at} ${on}`;
  return { ...kubeletFrom(answer.texts, place, at), place, overriding: overriding(answer.arguments) };
}

/** Arguments of a kubelet stand above its file. */
const DECIDING =
  /^--(?:cpu-manager-policy|cpu-manager-policy-options|memory-manager-policy|topology-manager-policy|topology-manager-policy-options|topology-manager-scope|reserved-cpus|reserved-memory|kube-reserved|system-reserved|config-dir)(?:=|$)/;

const overriding = (all: readonly string[]): string[] =>
  all.filter((one) => DECIDING.test(one)).map((one) => clean(one, 200));

async function ask(transport: Transport, folder: string | null, signal: AbortSignal | undefined): Promise<Answer> {
  if (folder !== null && /[\n\0]/.test(folder))
    throw new PinboardError('usage', 'The name of a folder is one line.', 'Check --kubelet.');
  const mark = newMark();
  const host = transport.name;
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  channel.stdin.on('error', () => undefined);
  try {
    // A state file is one line.
    const lines = readLines(channel.stdout, MAX_KUBELET_BYTES + 1024);
    channel.stdin.write(kubeletScript(mark, MAX_KUBELET_BYTES));
    const ms = transport.answerMs;
    const ready = await nextMarked(lines, mark, { host, signal, ...(ms === undefined ? {} : { ms }) });
    if (ready !== 'ready') throw await endedEarly(transport, channel, words);
    channel.stdin.write(`${folder ?? ''}\n`);
    const answer = await within(collect(lines, mark.word), { ms: READING_MS, signal, late: () => late(host) });
    if (answer === null) throw await endedEarly(transport, channel, words);
    return answer;
  } finally {
    channel.close();
  }
}

const late = (host: string): PinboardError =>
  new PinboardError(
    'unreachable',
    `${host} did not give the kubelet's files within ${String(READING_MS / 1000)} s.`,
    'Check that its file systems answer.',
  );

/** Null where it ends before it is whole. @throws PinboardError `unsupported` for more than such files can be. */
async function collect(lines: AsyncGenerator<string, void, undefined>, word: string): Promise<Answer | null> {
  const texts = new Map<string, string[]>();
  const denied: string[] = [];
  const said: string[] = [];
  let folder = '';
  let into: string[] | null = null;
  let size = 0;
  for await (const line of lines) {
    const mark = line.indexOf(word);
    if (mark === -1) {
      size += line.length;
      if (size > 4 * MAX_KUBELET_BYTES)
        throw new PinboardError('unsupported', "The host sent more than a kubelet's files can be.");
      if (line.startsWith('=')) into?.push(line.slice(1));
      continue;
    }
    const [what = '', ...rest] = line
      .slice(mark + word.length)
      .trim()
      .split(' ');
    const of = rest.join(' ');
    into = null;
    if (what === 'folder') folder = of;
    else if (what === 'arguments') into = said;
    else if (what === 'denied') denied.push(of);
    else if (what === 'file') texts.set(of, (into = []));
    else if (what === 'none' || what === 'end')
      return {
        ...{ folder, there: what === 'end', arguments: said, denied },
        texts: new Map([...texts].map(([name, own]) => [name, own.join('\n')])),
      };
  }
  return null;
}

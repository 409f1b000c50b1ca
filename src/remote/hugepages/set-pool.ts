/** Sets a pool by the script of constants, with the numbers sent as data. */

import { setCommand } from '../../model/hugepages/change.ts';
import type { PoolChange, PoolReading } from '../../model/hugepages/change.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { hugePageChangeScript } from '../scripts/hugepage-change.ts';
import { endedEarly, lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';

/** The kernel moves and reclaims memory page by page to make huge ones: minutes, for many on a full host. */
const MAKING_MS = 15 * 60_000;
const MAX_LINE = 64 * 1024;

type Answer = PoolReading & { readonly how: 'directly' | 'sudo' };

/** The numbers were sent, and what the kernel did with them is not known. */
export class MaybeChanged extends PinboardError {}

/** @throws PinboardError when nothing was changed, MaybeChanged when that is not certain. */
export async function setPool(
  transport: Transport,
  change: PoolChange,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const mark = newMark();
  const host = transport.name;
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  channel.stdin.on('error', () => undefined);
  let sent = false;
  try {
    const lines = readLines(channel.stdout, MAX_LINE);
    channel.stdin.write(hugePageChangeScript(mark));
    const ms = transport.answerMs;
    const ready = await nextMarked(lines, mark, { host, signal, ...(ms === undefined ? {} : { ms }) });
    if (ready !== 'ready') throw await endedEarly(transport, channel, words);
    const node = change.inferred ? '-' : String(change.node);
    sent = true;
    channel.stdin.write([node, change.sizeBytes / 1024, change.to, change.from].map((word) => `${word}\n`).join(''));
    const answer = await nextMarked(lines, mark, { host, signal, ms: MAKING_MS });
    if (answer === null) throw await endedEarly(transport, channel, words);
    return understood(answer, change);
  } catch (error) {
    throw sent ? uncertain(error) : error;
  } finally {
    channel.close();
  }
}

function understood(answer: string, change: PoolChange): Answer {
  const [, how, total, free, surplus] = /^set (directly|sudo) (\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(answer) ?? [];
  if (how === 'directly' || how === 'sudo') {
    return { how, total: Number(total), free: Number(free), surplus: Number(surplus) };
  }
  const command = setCommand(change, change.to);
  if (answer === 'absent') {
    throw new PinboardError(
      'not-found',
      'The host has no such pool of huge pages any more.',
      'Look again: hugepages list.',
    );
  }
  const [, now] = /^differs (\d{1,15})/.exec(answer) ?? [];
  if (now !== undefined) {
    throw new PinboardError(
      'busy',
      `The pool was changed by somebody else meanwhile: it has ${now} pages, not ${change.from}. Nothing was changed.`,
      'Look again and repeat the command.',
    );
  }
  if (answer.startsWith('denied')) {
    const why = /read-only/i.test(answer)
      ? 'its /sys is read-only, as in a container'
      : /permission|denied$|not permitted/i.test(answer)
        ? 'this login may not write it, and sudo is not there or asks for a password'
        : `the kernel refused it (${clean(answer.slice(7), 200) || 'no reason given'})`;
    throw new PinboardError(
      'permission',
      `The pool cannot be changed: ${why}. Nothing was changed.`,
      `As root there: ${command}`,
    );
  }
  throw new PinboardError('internal', `The host answered with something else: ${clean(answer, 200)}.`);
}

const REFUSED = new Set<unknown>(['permission', 'not-found', 'busy']);

function uncertain(error: unknown): unknown {
  if (!(error instanceof PinboardError) || REFUSED.has(error.code)) return error;
  // A shell that ended in the middle is no shell that never answered.
  const code = error.code === 'unsupported' ? 'connection-lost' : error.code;
  const words =
    'The change may have been made all the same. It is in the journal: hugepages list shows it, hugepages undo puts back what was there.';
  return new MaybeChanged(code, error.message, error.hint === null ? words : `${words}\n${error.hint}`, {
    cause: error,
  });
}

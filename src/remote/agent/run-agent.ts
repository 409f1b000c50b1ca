/** One run of the agent from start to end, whatever ends it: done, an error, a cancel, a lost connection. */

import { PinboardError, toProblem } from '../../model/problem.ts';
import { quoteWord } from '../../model/text/command-line.ts';
import type { AgentLine } from '../../protocol/agent.ts';
import type { AgentProcess, Host } from '../host.ts';
import { atMost } from '../deadline.ts';

/** After a cancel, the agent gets this long to be gone before the answer is given; it ends in any case. */
const GRACE_MS = 3000;

export interface AgentRun {
  /** The agent is there and begins. */
  readonly onStart?: ((agent: AgentProcess) => void) | undefined;
  readonly onLine: (line: AgentLine) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hands every line to `onLine` until the agent is done.
 * @returns null when it was, else the problem that cut it short; never throws for what happens on the host.
 */
export async function runAgent(
  host: Host,
  args: readonly string[],
  following: AgentRun,
): Promise<PinboardError | null> {
  const { onStart, onLine, signal } = following;
  if (signal?.aborted === true) return cancelled(signal);
  let deliver = onLine;
  let cancel = (): void => undefined;
  const interrupted = new Promise<PinboardError>((resolve) => {
    cancel = () => resolve(cancelled(signal));
    void host.transport.lost.then(resolve);
  });
  signal?.addEventListener('abort', cancel);
  const starting = host.startAgent(args, signal);
  const work = (async (): Promise<PinboardError | null> => {
    try {
      const agent = await starting;
      onStart?.(agent);
      try {
        for await (const line of agent.lines) deliver(line);
      } finally {
        await agent.stop();
      }
      return null;
    } catch (error) {
      return onHost(asError(error), host.transport);
    }
  })();
  try {
    const first = await Promise.race([work, interrupted]);
    // Not longer, where the host has fallen silent: its connection's keepalive ends that later.
    if (first?.code === 'cancelled')
      await atMost(
        GRACE_MS,
        starting.then((agent) => agent.stop()),
      );
    return first;
  } finally {
    // What a host that fell silent may still say later comes too late to count.
    deliver = () => undefined;
    signal?.removeEventListener('abort', cancel);
  }
}

/** Whoever ends it may say why. */
function cancelled(signal: AbortSignal | undefined): PinboardError {
  const why: unknown = signal?.reason;
  return why instanceof PinboardError ? why : new PinboardError('cancelled', 'It was cancelled.');
}

/** A command of this program that the agent names in a hint: it does not know how its host is reached. */
const OWN_COMMAND = /numa-pinboard hugepages (?:reserve(?: --[a-z]+ [\w.]+)+|undo)/g;

function onHost(problem: PinboardError, { kind, name }: Host['transport']): PinboardError {
  const { code, message, hint } = problem;
  if (kind !== 'ssh' || hint === null) return problem;
  const there = hint.replaceAll(OWN_COMMAND, (command) => `${command} --host ${quoteWord(name)}`);
  return new PinboardError(code, message, there, { cause: problem.cause });
}

function asError(error: unknown): PinboardError {
  if (error instanceof PinboardError) return error;
  const { code, message, hint } = toProblem(error);
  return new PinboardError(code, message, hint, { cause: error });
}

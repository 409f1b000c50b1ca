/** Lines that the agent prints (docs/PROTOCOL.md, "The agent"), checked before anybody believes them. */

import * as v from 'valibot';
import { BENCHMARKS, METRICS } from '../model/cases/case.ts';
import { bytes, count, cpuList, firstIssue, id, list, nullable, reading, record, text } from './primitives.ts';
import { poolWorkerSchema, trafficSchema } from './cases.ts';
import { askedSchema, groupSchema, processListSchema, processSchema } from './sample.ts';

export const AGENT_VERSION = 3;

const AGENT_ERRORS = [
  'usage',
  'cpu-absent',
  'cpu-forbidden',
  'node-absent',
  'node-without-memory',
  'node-forbidden',
  'no-huge-pages',
  'no-memory',
  'permission',
  'not-found',
  'unsupported',
  'internal',
] as const;
export type AgentErrorCode = (typeof AGENT_ERRORS)[number];

/** Null: there is none, and `why` tells the reason. */
const figure = nullable(count);

/** What a benchmark places: "producer". It becomes a key of the run's file. */
const slot = v.pipe(text, v.regex(/^[a-z][A-Za-z-]{0,39}$/, 'not the name of a slot'));

/** What the agent itself measures, of all kinds. */
const AGENT_BENCHMARKS = Object.values(BENCHMARKS)
  .flat()
  .filter((one) => one !== 'run');

/** One line for every benchmark; what only some of them have is optional. */
const repetitionSchema = v.object({
  type: v.literal('repetition'),
  benchmark: v.picklist(AGENT_BENCHMARKS),
  case: count,
  round: count,
  value: figure,
  metric: v.picklist(METRICS),
  seconds: count,
  seen: v.object({
    cpus: v.record(slot, cpuList),
    nodes: record(count),
    pageBytes: nullable(bytes),
    migrations: nullable(count),
  }),
  valid: v.boolean(),
  why: nullable(text),
  counters: record(reading(count)),
  items: v.exactOptional(count),
  emptyPolls: v.exactOptional(count),
  fullPolls: v.exactOptional(count),
  histogram: v.exactOptional(list(v.tuple([count, count]))),
  quartiles: v.exactOptional(v.tuple([figure, figure])),
  samples: v.exactOptional(count),
  page: v.exactOptional(v.picklist(['fresh', 'reused'])),
  loads: v.exactOptional(count),
  loadBytesPerSecond: v.exactOptional(figure),
  threads: v.exactOptional(list(figure)),
  frames: v.exactOptional(count),
  workers: v.exactOptional(list(poolWorkerSchema)),
  arrived: v.exactOptional(count),
  dropped: v.exactOptional(count),
  handed: v.exactOptional(list(v.tuple([count, count]))),
  traffic: v.exactOptional(trafficSchema),
});
export type Repetition = v.InferOutput<typeof repetitionSchema>;

const helloSchema = v.object({ type: v.literal('hello'), version: count, architecture: text, pid: count });
const errorSchema = v.object({
  type: v.literal('error'),
  code: v.picklist(AGENT_ERRORS),
  message: text,
  hint: nullable(text),
});
const identifySchema = v.object({ type: v.literal('identify'), hypervisor: nullable(text), emulated: v.boolean() });
/** The first line tells all, a later one what changed since the line before (model/live/agent-lines.ts puts it together). */
const sampleLineSchema = v.object({
  type: v.literal('sample'),
  line: count,
  monotonicMs: count,
  cpus: v.exactOptional(
    v.object({ ids: v.exactOptional(cpuList), of: v.exactOptional(count), shares: v.exactOptional(text) }),
  ),
  files: v.exactOptional(record(nullable(v.union([v.string(), record(v.string())])))),
  /** By reader, of those that were read: what changed, or why there is nothing. */
  tables: v.exactOptional(record(v.union([text, record(text)]))),
  processes: v.exactOptional(list(processSchema)),
  groups: v.exactOptional(list(groupSchema)),
});
/** One look at what was selected, with what was asked for it. */
const groupLineSchema = v.object({
  type: v.literal('group'),
  monotonicMs: count,
  processes: list(v.object({ ...processSchema.entries, asked: askedSchema })),
  groups: list(v.object({ ...groupSchema.entries, kubelet: nullable(text) })),
});
/** Which of the programs, in the order given. */
const program = count;
const startedSchema = v.object({ type: v.literal('started'), program, pid: id, monotonicMs: count });
const outputSchema = v.object({
  type: v.literal('output'),
  program,
  monotonicMs: count,
  stream: v.picklist(['stdout', 'stderr']),
  data: v.string(),
});
const observedSchema = v.object({
  type: v.literal('observed'),
  program,
  monotonicMs: count,
  threads: list(
    v.object({
      tid: id,
      start: count,
      name: text,
      cpu: id,
      migrations: nullable(count),
      pid: id,
      allowed: cpuList,
      cpuSeconds: count,
    }),
  ),
  residentBytes: reading(record(bytes)),
});
const exitedSchema = v.object({
  type: v.literal('exited'),
  program,
  code: nullable(id),
  signal: nullable(text),
  timedOut: v.boolean(),
  /** From its start to its end, in s. */
  value: count,
  metric: v.literal('s'),
  userSeconds: count,
  systemSeconds: count,
  maxResidentBytes: bytes,
  voluntarySwitches: count,
  involuntarySwitches: count,
  minorFaults: count,
  majorFaults: count,
  counters: record(reading(count)),
  pins: list(v.object({ name: text, matched: count, held: v.boolean() })),
});
/** To a request that came on the agent's stdin while programs run. */
const answerSchema = v.object({
  type: v.literal('answer'),
  request: count,
  /** When it was begun, and when it was done. */
  begunMs: count,
  monotonicMs: count,
  threads: count,
  movedBytes: bytes,
  leftBytes: bytes,
  error: nullable(v.object({ code: v.picklist(AGENT_ERRORS), message: text, hint: nullable(text) })),
});

/** What came from a service's own metrics since the line before, or the whole answer of its endpoint. */
const metricsSchema = v.object({
  type: v.literal('metrics'),
  monotonicMs: count,
  wallMs: count,
  /** Bytes of a file that were too many. */
  skipped: bytes,
  data: v.string(),
  error: nullable(text),
});

/** `hold` is ready for requests. */
const holdingSchema = v.object({ type: v.literal('holding') });
const processesSchema = v.object({ type: v.literal('processes'), ...processListSchema.entries });

const agentLineSchema = v.variant('type', [
  helloSchema,
  errorSchema,
  identifySchema,
  sampleLineSchema,
  processesSchema,
  groupLineSchema,
  holdingSchema,
  repetitionSchema,
  startedSchema,
  outputSchema,
  observedSchema,
  exitedSchema,
  answerSchema,
  metricsSchema,
  v.object({ type: v.literal('done') }),
]);
export type AgentLine = v.InferOutput<typeof agentLineSchema>;
export type AgentLineOf<T extends AgentLine['type']> = Extract<AgentLine, { type: T }>;

export class AgentProtocolError extends Error {
  override name = 'AgentProtocolError';
}

/** @throws AgentProtocolError when the line is none of the above. */
export function parseAgentLine(line: string): AgentLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new AgentProtocolError(`The agent printed a line that is not JSON: ${line.slice(0, 80)}`);
  }
  const checked = v.safeParse(agentLineSchema, value);
  if (!checked.success)
    throw new AgentProtocolError(`The agent printed a line of unknown form: ${firstIssue(checked.issues)}`);
  return checked.output;
}

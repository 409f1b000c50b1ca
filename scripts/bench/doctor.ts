// `npm run bench:doctor [-- --shape NAME]... [KIND]...`: seeds every fault of the fault lab on emulated hosts, and hosts without any, and
// asks the doctor. Prints a table of what it found, missed and accused wrongly. Method and figures: docs/BENCHMARKS.md.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { diagnose } from '../../src/remote/doctor/doctor.ts';
import type { Host } from '../../src/remote/host.ts';
import type { Boot, Condition, Need } from '../lab/faults/fault.ts';
import { faults } from '../lab/faults/faults.ts';
import { health, healthyShapes } from '../lab/faults/health.ts';
import { hostShape, running } from '../lab/faults/hosts.ts';
import { judge, type Verdict } from '../lab/faults/judge.ts';
import { bringWorker, seed, undo, type Place } from '../lab/faults/seed.ts';
import type { Shape } from '../lab/types.ts';
import { bootLab, type LabHost } from '../../test/support/lab.ts';
import { tableOf, type Look } from './doctor-table.ts';
import { AGENT, need } from './needs.ts';

need(['qemu', 'ssh'], [AGENT]);
const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shape: { type: 'string', multiple: true, default: [] } },
});

const wanted = ({ kind }: Condition): boolean => positionals.length === 0 || positionals.includes(kind);
const onShape = (name: string): boolean => values.shape.length === 0 || values.shape.includes(name);
const all: readonly Condition[] = [...faults, ...health].filter(wanted);
const kinds = new Set([...faults, ...health].map(({ kind }) => kind));
const shapes = new Set([
  ...[...Object.keys(running), ...healthyShapes],
  ...faults.flatMap(({ boots = [] }) => boots.map(({ shape }) => shape)),
]);
const unknown = [
  ...positionals.filter((kind) => !kinds.has(kind)),
  ...values.shape.filter((name) => !shapes.has(name)),
];
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(', no ')}.\nKinds: ${[...kinds].join(' ')}\nShapes: ${[...shapes].join(' ')}`,
  );
  process.exit(2);
}

/** The first and the last node that have memory and CPUs, from shape to shape in another order. */
function placeOn({ nodes }: Shape): Place {
  const whole = nodes.flatMap(({ cpus, mebibytes }, id) => (cpus !== null && mebibytes > 0 ? [id] : []));
  const [first, last] = [whole[0] ?? 0, whole.at(-1) ?? 0];
  return nodes.length % 4 === 0 ? { near: last, far: first } : { near: first, far: last };
}

const NEEDS: Readonly<Record<Need, (shape: Shape) => boolean>> = {
  devices: ({ drives }) => drives !== undefined,
  threads: ({ cpus }) => cpus.threads > 1,
  'four-cpus-a-node': ({ nodes }) => nodes.every(({ cpus }) => cpus !== null && cpus[1] - cpus[0] >= 3),
  'large-nodes': ({ nodes }) => nodes.every(({ mebibytes }) => mebibytes >= 1000),
};
const bears = (shape: Shape, { needs = [] }: Condition): boolean => needs.every((need) => NEEDS[need](shape));

const looks: Look[] = [];

function note(condition: Condition, shape: string, place: Place, verdict: Verdict, seconds: number): void {
  const { found, wrong } = verdict;
  const said = found === null ? '' : found ? 'found' : 'MISSED';
  const words =
    [said, ...(wrong.length > 0 ? [`FALSE: ${wrong.join(', ')}`] : [])].filter(Boolean).join(', ') || 'quiet';
  console.log(
    `${shape.padEnd(13)} ${condition.kind.padEnd(26)} node ${String(place.near)} ${words} (${seconds.toFixed(1)} s)`,
  );
  looks.push({ condition, shape, verdict });
}

async function lookAt(lab: LabHost, host: Host, shape: string, condition: Condition, place: Place): Promise<void> {
  await seed(lab, [condition], place);
  try {
    const diagnosis = await diagnose(host);
    note(condition, shape, place, judge(condition, diagnosis), diagnosis.seconds);
    for (const one of diagnosis.findings)
      if (looks.at(-1)?.verdict.wrong.includes(one.id) === true)
        console.log(`    ${[one.sentence, ...one.evidence].join('\n      ')}`);
  } finally {
    await undo(lab, [condition], place);
  }
}

async function onHost(boot: Boot, conditions: readonly Condition[]): Promise<void> {
  if (conditions.length === 0 || !onShape(boot.shape)) return;
  const shape = hostShape(boot.shape);
  const lab = await bootLab({ ...shape, name: boot.shape }, boot.words ?? []);
  try {
    if (conditions.some((one) => one.seed !== undefined)) await bringWorker(lab);
    const host = connectHost(await lab.open('root'), { agentDir });
    try {
      for (const condition of conditions)
        await lookAt(lab, host, boot.shape, condition, placeOn(shape)).catch((error: unknown) => {
          failed.push(`${condition.kind} on ${boot.shape}: ${error instanceof Error ? error.message : String(error)}`);
          console.log(`not seeded: ${failed.at(-1) ?? ''}`);
        });
    } finally {
      await host.close();
    }
  } finally {
    await lab.stop();
  }
}

const failed: string[] = [];
for (const [name, shape] of Object.entries(running))
  await onHost(
    { shape: name },
    all.filter((one) => one.boots === undefined && bears(shape, one)),
  );
/** Those that are born alike share a boot. */
const boots = new Map<string, { boot: Boot; conditions: Condition[] }>();
for (const condition of all)
  for (const boot of condition.boots ?? []) {
    const key = JSON.stringify(boot);
    boots.set(key, { boot, conditions: [...(boots.get(key)?.conditions ?? []), condition] });
  }
for (const shape of healthyShapes)
  boots.set(shape, { boot: { shape }, conditions: all.filter(({ kind }) => kind === 'idle') });
for (const { boot, conditions } of boots.values()) await onHost(boot, conditions);

console.log(`\n${tableOf(looks, all)}`);
if (failed.length > 0) {
  console.log(`\nnot seeded, and not counted:\n${failed.join('\n')}`);
  process.exitCode = 1;
}

// Exported plans are taken by the programs they are for: libvirt's parser, Slurm's daemons, cloud-init; in a long run Docker and Podman.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { ROOT } from '../../support/markdown.ts';
import { varied } from '../../support/long.ts';
import {
  cloudInitReader,
  defineDomain,
  dockerReader,
  isMissing,
  libvirtReader,
  podmanReader,
  readCloudConfig,
  readGres,
  readRunLines,
  readSlurm,
  slurmReader,
} from '../../support/readers.ts';
import type { Reader } from '../../support/readers.ts';
import type { Unpacked } from '../../support/unpacked.ts';
import { exported, MIXED_PLAN, textOf } from './exporting.ts';

const linux = process.platform === 'linux' ? {} : { skip: 'it needs Debian' };

/** Null, and the test is skipped with the reason, where the program cannot be had. */
function had(t: TestContext, reader: Reader): Unpacked | null {
  if (!isMissing(reader)) return reader;
  t.skip(reader.why);
  return null;
}

test('libvirt defines every domain, and not one that contradicts itself', linux, async (t) => {
  const libvirt = had(t, libvirtReader());
  if (!libvirt) return;
  const example = exported(readFileSync(join(ROOT, 'docs/examples/four-vms.plan.yaml'), 'utf8'));
  const domains = [...example.values(), ...exported(MIXED_PLAN).values()].filter(({ path }) => path.endsWith('.xml'));
  assert.equal(domains.length, 5);
  for (const { text } of domains) await defineDomain(libvirt, text);
  const wrong = domains[0]?.text.replace(/>(\d+)<\/vcpu>/, '>2</vcpu>') ?? '';
  await assert.rejects(defineDomain(libvirt, wrong), /exceeds the <vcpu> count/);
});

test('cloud-init takes what reserves pages, and in a long run not a line of another kind', linux, async (t) => {
  const cloudInit = had(t, cloudInitReader());
  if (!cloudInit) return;
  const text = textOf(exported(MIXED_PLAN), 'cloud-init/user-data.yaml');
  await readCloudConfig(cloudInit, text);
  for (const wrong of varied([], ['- { a: b }']))
    await assert.rejects(readCloudConfig(cloudInit, `${text}${wrong}\n`), /bootcmd/);
});

test('Slurm has a node with the CPUs and memory that are kept, and its devices by its own cores', linux, async (t) => {
  const slurm = had(t, slurmReader());
  if (!slurm) return;
  const plan = `${MIXED_PLAN}  - { name: model, kind: container, node: 1, cores: 1, memory: 1GB, devices: [card0] }\n`;
  const files = exported(plan, ['slurm'], (topology) => ({
    ...topology,
    devices: [{ kind: 'gpu', name: 'card0', address: null, pci: null, node: 1, cpus: '18-35,54-71' }],
  }));
  const of = (name: string): string => textOf(files, `slurm/${name}`);
  const read = { slurm: of('slurm.conf'), cgroup: of('cgroup.conf'), gres: of('gres.conf') };
  assert.match(read.gres, /^NodeName=YOUR_HOST Name=gpu File=\/dev\/YOUR_DEVICE Cores=18-35 # card0\n$/);
  const node = await readSlurm(slurm, read);
  const kept = /CpuSpecList=(\S+)/.exec(read.slurm)?.[1] ?? '';
  for (const part of ['CPUTot=72', 'CPUEfctv=68', `CPUSpecList=${kept}`, 'MemSpecLimit=8192', 'Sockets=2'])
    assert.ok(node.includes(part), `${part}\n${node}`);
  assert.doesNotMatch(await readGres(slurm, read), /Invalid GRES|fatal|unrecognized/);
  // The kernel's numbers of the same cores are none of Slurm's.
  const wrong = await readGres(slurm, { ...read, gres: read.gres.replace('18-35', '18-35,54-71') });
  assert.match(wrong, /Invalid GRES data for gpu, Cores=18-35,54-71/);
});

for (const [name, reader] of varied([], [
  ['docker', dockerReader],
  ['podman', podmanReader],
] as const))
  test(`${name} takes the words of every line`, linux, async (t) => {
    const program = had(t, reader());
    if (!program) return;
    const script = textOf(exported(MIXED_PLAN), 'containers/run.sh');
    await readRunLines(name, program, script);
    await assert.rejects(readRunLines(name, program, script.replace('--cpuset-mems', '--cpuset-mem')), /unknown flag/);
  });

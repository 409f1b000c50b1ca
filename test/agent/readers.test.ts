/**
 * The real agent summing up what invented machines show: interrupts, frequencies, resctrl and the counters of perf. Trees are made as
 * the kernel documents them; that counters are really opened is seen by what the kernel of this machine says to it.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import { AgentLines } from '../../src/model/live/agent-lines.ts';
import { isTable } from '../../src/model/live/tables.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { Agent, agent, assertDone, haveAgent, linesOf } from './process.ts';

before(haveAgent);
const folder = temporaryFolder('readers');
after(() => removeFolder(folder));

type Files = Readonly<Record<string, string>>;
type Cells = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** Two nodes of two CPUs. */
const MACHINE: Files = {
  'proc/stat': 'cpu0 1 0 0 1\n',
  'sys/devices/system/cpu/online': '0-3\n',
  'sys/devices/system/node/online': '0-1\n',
  'sys/devices/system/node/node0/cpulist': '0-1\n',
  'sys/devices/system/node/node1/cpulist': '2-3\n',
};
let made = 0;

/** What a reader finds on such a machine, or why it finds nothing. */
async function read(reader: string, files: Files): Promise<Cells | string> {
  const root = join(folder, String(made++));
  for (const [path, text] of Object.entries({ ...MACHINE, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const answer = await agent('sample', '--root', root, '--count', '1', '--reader', reader);
  assertDone(answer);
  const [line] = linesOf(answer, 'sample');
  const reading = new AgentLines().take(line!);
  assert.ok(typeof reading !== 'string');
  const table = reading.tables.get(reader)!;
  if (!isTable(table)) return table.unavailable;
  return Object.fromEntries([...table].map(([row, cells]) => [row, Object.fromEntries(cells)]));
}

void test('a file is told with only the lines that are wanted, once; one that is there and cannot be read with the reason', async () => {
  const root = join(folder, 'files');
  for (const [path, text] of Object.entries({
    ...MACHINE,
    'proc/vmstat': 'nr_free 1\npgmigrate_success 5\nnuma_hit 9\nnuma_hint_faults 7\n',
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'proc/pressure/cpu'), { recursive: true });
  const asked = ['/proc/no-such|/proc/vmstat', '/proc/pressure/cpu', '/proc/pressure/io'];
  const answer = await agent(
    ...['sample', '--root', root, '--count', '3', '--interval-ms', '1000'],
    ...asked.flatMap((list) => [
      '--files',
      list,
      ...(list.includes('vmstat') ? ['--lines', 'pgmigrate_|numa_hint'] : []),
    ]),
  );
  assertDone(answer);
  const [first, ...later] = linesOf(answer, 'sample');
  assert.deepEqual(first?.files, {
    'proc/pressure/cpu': { unavailable: 'Is a directory' },
    'proc/vmstat': 'pgmigrate_success 5\nnuma_hint_faults 7\n',
  });
  for (const { files = {} } of later) assert.deepEqual(files, {});
});

const INTERRUPTS = `            CPU0       CPU1       CPU2       CPU3
   0:         44          0          0          0   IO-APIC   2-edge      timer
  28:          1          2          3          4  PCI-MSIX-0000:3b:00.0   0-edge      eth0-TxRx-0
  29:         10         20         30         40  PCI-MSIX-0000:3b:00.0   1-edge      eth0-TxRx-1
  30:          0          0          5          0  PCI-MSIX-0000:5e:00.0   0-edge      nvme0q1
  31:          0          0          0          0  PCI-MSIX-0000:5e:00.0   1-edge      nvme0q2
 NMI:          0          0          0          0   Non-maskable interrupts
 LOC:    1000000    1000000    1000000    1000000   Local timer interrupts
 RES:          5          6          7          8   Rescheduling interrupts
 CAL:        100          0          0          0   Function call interrupts
 ERR:          3
`;

void test('interrupts are told by CPU, and by device and node with the device\u2019s own node', async () => {
  const pci = 'sys/bus/pci/devices';
  const found = await read('interrupts', {
    'proc/interrupts': INTERRUPTS,
    [`${pci}/0000:3b:00.0/numa_node`]: '1\n',
    [`${pci}/0000:3b:00.0/msi_irqs/28`]: 'msix\n',
    [`${pci}/0000:3b:00.0/msi_irqs/29`]: 'msix\n',
    [`${pci}/0000:3b:00.0/net/eth0/address`]: '',
    [`${pci}/0000:5e:00.0/numa_node`]: '-1\n',
    [`${pci}/0000:5e:00.0/irq`]: '30\n',
    [`${pci}/0000:5e:00.0/nvme/nvme0/nvme0n1/size`]: '',
  });
  assert.deepEqual(found, {
    'by timer': { 0: 44, 1: 0 },
    'by eth0': { 0: 33, 1: 77 },
    'at eth0': { 0: 1 },
    'by nvme0n1': { 0: 0, 1: 5 },
    devices: { 0: 55, 1: 22, 2: 38, 3: 44 },
    'between CPUs': { 0: 105, 1: 6, 2: 7, 3: 8 },
  });
});

void test('a CPU that is offline has no column, and its neighbours keep their own', async () => {
  const found = await read('interrupts', {
    'proc/interrupts':
      '           CPU0       CPU3\n  9:          7          8   GICv3  25 Level     uart\nIPI0:         1          2       Rescheduling interrupts\n',
  });
  assert.deepEqual(found, { 'by uart': { 0: 7, 1: 8 }, devices: { 0: 7, 3: 8 }, 'between CPUs': { 0: 1, 3: 2 } });
});

void test('frequencies are told by CPU, or that no driver tells them', async () => {
  const at = (cpu: number): string => `sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_cur_freq`;
  assert.deepEqual(await read('frequency', { [at(0)]: '2100000\n', [at(3)]: '3600000\n' }), {
    kHz: { 0: 2_100_000, 3: 3_600_000 },
  });
  assert.match((await read('frequency', {})) as string, /no cpufreq driver/);
});

const RESCTRL = 'sys/fs/resctrl';
const domain = (id: string, of: Files, group = ''): Files =>
  Object.fromEntries(
    Object.entries(of).map(([event, value]) => [`${RESCTRL}/${group}mon_data/mon_L3_${id}/${event}`, `${value}\n`]),
  );
const caches = (of: readonly number[]): Files =>
  Object.fromEntries(of.map((id, cpu) => [`sys/devices/system/cpu/cpu${cpu}/cache/index3/id`, `${id}\n`]));
const all = (llc: number, total: number, local: number): Files => ({
  llc_occupancy: String(llc),
  mbm_total_bytes: String(total),
  mbm_local_bytes: String(local),
});

void test('resctrl is summed up by node: of several L3s, and of all control groups', async () => {
  const found = await read('resctrl', {
    ...caches([0, 8, 16, 16]),
    ...domain('00', all(100, 1000, 900)),
    ...domain('08', all(10, 100, 90)),
    ...domain('16', all(7, 70, 0)),
    ...domain('16', all(1, 1, 1), 'batch/'),
    ...domain('16', all(5000, 5000, 5000), 'mon_groups/inside/'),
  });
  assert.deepEqual(found, {
    llc_occupancy: { 0: 110, 1: 8 },
    mbm_total_bytes: { 0: 1100, 1: 71 },
    mbm_local_bytes: { 0: 990, 1: 1 },
  });
});

void test('with sub-NUMA clustering the folders below a domain are its nodes; without them such a domain is no one\u2019s', async () => {
  const shared = { ...caches([0, 0, 0, 0]), ...domain('00', all(9, 90, 80)) };
  const found = await read('resctrl', {
    ...shared,
    ...domain('00/mon_sub_L3_00', all(4, 40, 40)),
    ...domain('00/mon_sub_L3_01', all(5, 50, 40)),
  });
  assert.deepEqual(found, {
    llc_occupancy: { 0: 4, 1: 5 },
    mbm_total_bytes: { 0: 40, 1: 50 },
    mbm_local_bytes: { 0: 40, 1: 40 },
  });
  assert.match((await read('resctrl', shared)) as string, /CPUs of several nodes share L3 0 \(sub-NUMA clustering\)/);
});

void test('words in place of a number, counters that are absent, and no resctrl at all are told apart', async () => {
  const unassigned = { ...all(9, 0, 0), mbm_total_bytes: 'Unassigned', mbm_local_bytes: 'Unassigned' };
  const words = await read('resctrl', {
    ...caches([0, 0, 1, 1]),
    ...domain('00', unassigned),
    ...domain('01', { mbm_total_bytes: 'Unavailable' }),
  });
  assert.deepEqual(words, { llc_occupancy: { 0: 9 }, unassigned: { 0: 2 }, unavailable: { 1: 1 } });
  // Arm's MPAM: no counter of what is local.
  const mpam = await read('resctrl', {
    ...caches([0, 0, 1, 1]),
    ...domain('00', { llc_occupancy: '3', mbm_total_bytes: '5' }),
  });
  assert.deepEqual(mpam, { llc_occupancy: { 0: 3 }, mbm_total_bytes: { 0: 5 } });
  assert.match((await read('resctrl', {})) as string, /^This kernel offers no resctrl/);
  assert.match(
    (await read('resctrl', { 'proc/filesystems': 'nodev\tsysfs\nnodev\tresctrl\n' })) as string,
    /mount -t resctrl/,
  );
  assert.match(
    (await read('resctrl', { [`${RESCTRL}/info/L3/num_closids`]: '16\n' })) as string,
    /does not monitor its L3/,
  );
  assert.match((await read('resctrl', domain('00', all(1, 1, 1)))) as string, /which CPUs the domains/);
});

const PMU = 'sys/bus/event_source/devices';
/** Types that this machine's kernel cannot have given to anything. */
const pmu = (name: string, type: number, format: Files, events: Files = {}): Files => ({
  [`${PMU}/${name}/type`]: `${type}\n`,
  [`${PMU}/${name}/cpumask`]: '0,2\n',
  ...Object.fromEntries(Object.entries(format).map(([field, bits]) => [`${PMU}/${name}/format/${field}`, `${bits}\n`])),
  ...Object.fromEntries(Object.entries(events).map(([event, text]) => [`${PMU}/${name}/events/${event}`, `${text}\n`])),
});
const INTEL = { event: 'config:0-7', umask: 'config:8-15' };
const PARANOID = 'proc/sys/kernel/perf_event_paranoid';

void test('of links and controllers that event is opened that counts bytes there, and what the kernel says to it is told', async () => {
  assert.match((await read('links', {})) as string, /no counters of links or memory controllers/);
  const why = async (files: Files): Promise<string> => (await read('links', files)) as string;
  assert.match(await why(pmu('uncore_upi_0', 990_001, INTEL)), /^uncore_upi_0\/event=0x2,umask=0xf\/: .+/);
  const wide = { event: 'config:0-7,32-37', umask: 'config:8-15,24-27' };
  assert.match(await why(pmu('amd_df', 990_002, wide)), /^amd_df\/event=0xb5f,umask=0xf3e\/: /);
  const zen5 = { ...pmu('amd_df', 990_002, wide), 'proc/cpuinfo': 'cpu family\t: 26\n' };
  assert.match(await why(zen5), /^amd_df\/event=0xd5f,umask=0xf3e\/: /);
  const zen2 = pmu('amd_df', 990_002, { event: 'config:0-7,32-35,59-60', umask: 'config:8-15' });
  assert.match(await why(zen2), /^amd_df\/event=0x7c7,umask=0x2\/: /);
  const controller = {
    cas_count_read: 'event=0x04,umask=0x03',
    'cas_count_read.scale': '6.103515625e-5',
    'cas_count_read.unit': 'MiB',
  };
  assert.match(await why(pmu('uncore_imc_0', 990_003, INTEL, controller)), /^uncore_imc_0\/event=0x04,umask=0x03\/: /);
  // In a unit that is not known nothing is counted.
  assert.match(
    await why(pmu('uncore_imc_0', 990_003, INTEL, { ...controller, 'cas_count_read.unit': 'furlongs' })),
    /no counters/,
  );
  // Nor where the fields of an event are elsewhere than they were.
  assert.match(await why(pmu('uncore_upi_0', 990_001, { event: 'config1:0-7', umask: 'config:8-15' })), /no counters/);
});

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeNobody = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv');

void test(
  'who may not count for the whole machine is told what would allow it',
  { skip: canBeNobody ? false : 'only root becomes somebody else' },
  async () => {
    const paranoid = Number(readFileSync(`/${PARANOID}`, 'utf8'));
    const nobody = new Agent(['sample', '--count', '1', '--reader', 'loads'], NOBODY);
    const { tables } = await nobody.line('sample');
    nobody.endStdin();
    await nobody.ended();
    const told = tables?.['loads'];
    if (paranoid > 1)
      assert.match(
        JSON.stringify(told),
        /must be at most 0 \(sudo sysctl kernel\.perf_event_paranoid=0\), or the user needs the capability PERFMON/,
      );
  },
);

void test('loads are counted by the events of the CPU\u2019s maker, and why they are not is told', async () => {
  const found = await read('loads', { 'proc/cpuinfo': 'vendor_id\t: GenuineIntel\n', [PARANOID]: '4\n' });
  if (typeof found === 'string') assert.match(found, /^node-loads: .+/);
  const amd = await read('loads', { 'proc/cpuinfo': 'vendor_id\t: AuthenticAMD\n', [PARANOID]: '4\n' });
  if (typeof amd === 'string') assert.match(amd, /^ls_dmnd_fills_from_sys\.mem_io_local: .+/);
});

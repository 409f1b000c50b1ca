// Owns the translation of a shape into the emulator's arguments: a pure function of data.
import { guests } from './guests.mjs';
import { cpuCount } from './shapes.mjs';

/** The file in the host's folder that its console is written to, and the socket that takes the emulator's commands. */
export const consoleFile = 'console.log';
export const controlSocket = 'qmp.sock';

/** Timer interrupts a second, as Debian's kernels for amd64 are built. */
const GUEST_HZ = 250;

/**
 * The program and its arguments. Files that the emulator makes are named relative to the folder it is started in.
 *
 * @param {import('./types.ts').Shape} shape
 * @param {{ kernel: string, initramfs: string, port: number, hostName: string, tscKhz: number | null }} with_
 * @returns {{ program: string, args: string[] }}
 */
export function qemuCommand(shape, { kernel, initramfs, port, hostName, tscKhz }) {
  const guest = guests[shape.architecture];
  const { sockets, dies, cores, threads } = shape.cpus;
  const mebibytes = shape.nodes.reduce((sum, node) => sum + node.mebibytes, 0);
  const smp = [cpuCount(shape), `sockets=${sockets}`, ...(dies > 1 ? [`dies=${dies}`] : [])];
  const words = [...guest.kernelWords, ...(shape.kernelWords ?? []), `hostname=${hostName}`];
  if (shape.architecture === 'amd64') {
    // Without the frequency the guest measures it, wrongly where this machine is busy, and its time drifts several-fold; and each
    // CPU its loops a jiffy.
    if (tscKhz !== null) words.push(`tsc_early_khz=${tscKhz}`, `lpj=${Math.round((tscKhz * 1000) / GUEST_HZ)}`);
    // A key derivation that nothing here uses, which tests itself whatever one says.
    words.push('initcall_blacklist=crypto_kdf108_init');
  }
  return {
    program: guest.emulator,
    args: [
      ...['-name', hostName, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-accel', 'tcg,thread=multi,tb-size=256'],
      ...['-machine', guest.machine + (shape.rated ? ',hmat=on' : '')],
      ...['-cpu', guest.cpu, '-smp', `${smp.join(',')},cores=${cores},threads=${threads}`, '-m', `${mebibytes}M`],
      ...memory(shape),
      ...distances(shape),
      ...ratings(shape),
      ...['-serial', `file:${consoleFile}`, '-qmp', `unix:${controlSocket},server=on,wait=off`],
      ...['-kernel', kernel, '-initrd', initramfs, '-append', words.join(' ')],
      // Restricted: the guest reaches nothing, and is reached at this one port. No vectors: qemu 7.2 crashes with them.
      ...['-netdev', `user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
      ...['-device', 'virtio-net-pci,vectors=0,netdev=n0,romfile='],
      ...devices(shape),
    ],
  };
}

/** Bus numbers that one node's PCI buses may take, root ports and all. */
const BUSES_OF_A_NODE = 16;

/**
 * A host bridge for each node that has devices, as sockets have their own, and a root port for each network interface, each
 * display adapter and each NVMe drive, which is empty and reads as zeros.
 * @param {import('./types.ts').Shape} shape
 */
function devices({ interfaces = [], drives = [], displays = [] }) {
  const all = [
    ...interfaces.map(({ node, vectors = 0 }, i) => ({
      node,
      backend: ['-netdev', `user,id=io${i}net,restrict=on`],
      device: `virtio-net-pci,vectors=${vectors},netdev=io${i}net,romfile=`,
    })),
    ...drives.map(({ node }, i) => ({
      node,
      backend: ['-blockdev', `driver=null-co,size=${64 << 20},read-zeroes=on,node-name=drive${i}`],
      device: `nvme,serial=drive${i},drive=drive${i}`,
    })),
    ...displays.map(({ node }) => ({ node, backend: [], device: 'bochs-display' })),
  ];
  const nodes = [...new Set(all.map(({ node }) => node))];
  return [
    ...nodes.flatMap((node, i) => {
      const bus = 256 - (i + 1) * BUSES_OF_A_NODE;
      return ['-device', `pxb-pcie,id=io${node},bus=pcie.0,bus_nr=${bus},numa_node=${node}`];
    }),
    ...all.flatMap(({ node, backend, device }, i) => [
      ...['-device', `pcie-root-port,id=port${i},bus=io${node},chassis=${i + 1},slot=${i + 1}`],
      ...backend,
      ...['-device', `${device},bus=port${i}`],
    ]),
  ];
}

/** @param {import('./types.ts').Shape} shape */
function memory(shape) {
  return shape.nodes.flatMap(({ cpus, mebibytes, initiator }, node) => {
    const backed = mebibytes > 0;
    const words = [`node,nodeid=${node}`];
    if (backed) words.push(`memdev=m${node}`);
    if (cpus !== null) words.push(`cpus=${cpus[0]}-${cpus[1]}`);
    // Asked for only by the tables that hold ratings; a node with CPUs is its own.
    if (shape.rated) words.push(`initiator=${cpus === null ? initiator : node}`);
    return [
      ...(backed ? ['-object', `memory-backend-ram,id=m${node},size=${mebibytes}M`] : []),
      ...['-numa', words.join(',')],
    ];
  });
}

/** @param {import('./types.ts').Shape} shape */
function distances(shape) {
  return pairs(shape.distances).flatMap(([src, dst, val]) =>
    src === dst ? [] : ['-numa', `dist,src=${src},dst=${dst},val=${val}`],
  );
}

/** @param {import('./types.ts').Shape} shape */
function ratings({ rated, memorySideCaches = [] }) {
  if (!rated) return [];
  /** @type {(initiator: number, target: number) => string} */
  const between = (initiator, target) => `hmat-lb,initiator=${initiator},target=${target},hierarchy=memory`;
  return [
    ...pairs(rated.latencyNs).flatMap(([initiator, target, ns]) => [
      ...['-numa', `${between(initiator, target)},data-type=access-latency,latency=${ns}`],
      ...['-numa', bandwidth(between(initiator, target), rated.bandwidthGiBs[initiator]?.[target])],
    ]),
    ...memorySideCaches.flatMap(({ node, mebibytes, lineBytes }) => {
      const form = 'level=1,associativity=direct,policy=write-back';
      return ['-numa', `hmat-cache,node-id=${node},size=${mebibytes}M,${form},line=${lineBytes}`];
    }),
  ];
}

/**
 * @param {string} between
 * @param {number | undefined} gibibytes
 */
function bandwidth(between, gibibytes) {
  if (gibibytes === undefined) throw new Error(`a shape rates latency without bandwidth: ${between}`);
  return `${between},data-type=access-bandwidth,bandwidth=${gibibytes}G`;
}

/**
 * @param {readonly (readonly number[])[]} matrix
 * @returns {[row: number, column: number, value: number][]}
 */
function pairs(matrix) {
  return matrix.flatMap((row, a) => row.map((value, b) => /** @type {[number, number, number]} */ ([a, b, value])));
}

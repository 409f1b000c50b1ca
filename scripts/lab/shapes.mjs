// Owns the shapes of emulated hosts, as data: which CPUs and how much memory each NUMA node has, how far the nodes lie from
// each other, what the firmware rates them at. Nothing here knows the emulator; qemu.mjs turns a shape into its arguments.
//
// CPUs are numbered by socket, then die, core, thread. `cores` counts the cores of a die. `distances[a][b]` is the way from
// node a to node b. `interfaces` are those beside the one the host is reached by, which firmware places nowhere: each
// on a PCI bus of its node. A node of no CPUs has the initiator that reaches it best. `rated` is by [initiator][target].

const fourCores = { sockets: 2, dies: 1, cores: 4, threads: 2 };
const near = 10;

/** @type {Readonly<Record<string, Omit<import('./types.ts').Shape, 'name' | 'architecture'> & { architecture?: import('./types.ts').Architecture }>>} */
const named = {
  '2s': {
    title: 'two sockets, four cores with two threads each',
    cpus: fourCores,
    nodes: evenNodes(16, 2, 2048),
    distances: distancesBy(2, () => 21),
  },
  '4s': {
    title: 'four sockets with four distances',
    cpus: { sockets: 4, dies: 1, cores: 2, threads: 2 },
    nodes: evenNodes(16, 4, 2048),
    distances: [
      [10, 16, 22, 28],
      [16, 10, 28, 22],
      [22, 28, 10, 16],
      [28, 22, 16, 10],
    ],
  },
  '8n': {
    title: 'two sockets of four nodes each',
    cpus: { sockets: 2, dies: 1, cores: 8, threads: 1 },
    nodes: evenNodes(16, 8, 2048),
    distances: distancesBy(8, (a, b) => (a >> 2 === b >> 2 ? 12 : 32)),
  },
  hmat: {
    title: 'two sockets with rated memory and a memory-side cache',
    cpus: fourCores,
    nodes: evenNodes(16, 2, 2048),
    distances: distancesBy(2, () => 21),
    rated: {
      latencyNs: [
        [80, 140],
        [140, 80],
      ],
      bandwidthGiBs: [
        [100, 40],
        [40, 100],
      ],
    },
    memorySideCaches: [
      { node: 0, mebibytes: 16, lineBytes: 64 },
      { node: 1, mebibytes: 16, lineBytes: 64 },
    ],
  },
  cxl: {
    title: 'two sockets and a memory node without CPUs',
    cpus: fourCores,
    nodes: [
      { cpus: [0, 7], mebibytes: 768 },
      { cpus: [8, 15], mebibytes: 768 },
      { cpus: null, mebibytes: 512, initiator: 0 },
    ],
    distances: [
      [10, 21, 24],
      [21, 10, 34],
      [24, 34, 10],
    ],
    rated: {
      latencyNs: [
        [80, 140, 250],
        [140, 80, 350],
      ],
      bandwidthGiBs: [
        [100, 40, 20],
        [40, 100, 12],
      ],
    },
  },
  memless: {
    title: 'three sockets, one without memory, distances that differ by direction',
    cpus: { sockets: 3, dies: 1, cores: 4, threads: 1 },
    nodes: [
      { cpus: [0, 3], mebibytes: 1536 },
      { cpus: [4, 7], mebibytes: 0 },
      { cpus: [8, 11], mebibytes: 512 },
    ],
    distances: [
      [10, 15, 31],
      [17, 10, 20],
      [35, 24, 10],
    ],
  },
  epyc: {
    title: 'two sockets of two dies each, a cache of the third level a die',
    cpus: { sockets: 2, dies: 2, cores: 2, threads: 2 },
    nodes: evenNodes(16, 2, 2048),
    distances: distancesBy(2, () => 32),
    interfaces: [{ node: 1 }, { node: 1 }, { node: 0 }],
  },
  arm64: {
    title: 'an arm64 host of two sockets',
    architecture: 'arm64',
    cpus: { sockets: 2, dies: 1, cores: 4, threads: 1 },
    nodes: evenNodes(8, 2, 2048),
    distances: distancesBy(2, () => 20),
  },
  'arm64-16k': {
    title: 'an arm64 host of two sockets, with pages of 16 KiB',
    architecture: 'arm64-16k',
    cpus: { sockets: 2, dies: 1, cores: 2, threads: 1 },
    nodes: evenNodes(4, 2, 2048),
    distances: distancesBy(2, () => 20),
  },
  min: {
    title: 'one socket, one node, two cores',
    cpus: { sockets: 1, dies: 1, cores: 2, threads: 1 },
    nodes: evenNodes(2, 1, 768),
    distances: [[near]],
  },
};

/** @type {Readonly<Record<string, import('./types.ts').Shape>>} every named shape, by its name */
export const shapes = Object.fromEntries(
  Object.entries(named).map(([name, shape]) => [name, { name, architecture: 'amd64', ...shape }]),
);

/**
 * How many CPUs a shape has.
 * @param {Pick<import('./types.ts').Shape, 'cpus'>} shape
 */
export function cpuCount({ cpus }) {
  return cpus.sockets * cpus.dies * cpus.cores * cpus.threads;
}

/**
 * A shape from numbers instead of a name; throws words that say which number cannot be.
 * @param {import('./types.ts').AskedShape} asked
 * @returns {import('./types.ts').Shape}
 */
export function freeShape(asked) {
  const sockets = whole('sockets', asked.sockets ?? 2, 1, 16);
  const nodes = whole('nodes', asked.nodes ?? sockets, 1, 32);
  const dies = whole('dies', asked.dies ?? 1, 1, 8);
  const threads = whole('threads', asked.threads ?? 1, 1, 2);
  const cores = whole('cores', asked.cores ?? Math.max(2, Math.ceil(nodes / sockets)), 1, 32);
  const mebibytes = whole('memory', asked.memory ?? 2048, 256 + 64 * nodes, 65_536);
  const architecture = asked.architecture ?? 'amd64';
  if (architecture !== 'amd64' && architecture !== 'arm64')
    throw new Error(`--arch is amd64 or arm64, not "${architecture}"`);
  if (architecture === 'arm64' && (dies > 1 || threads > 1))
    throw new Error('arm64 hosts have no dies or threads: leave out --dies and --threads');
  const cpus = { sockets, dies, cores, threads };
  const count = cpuCount({ cpus });
  if (count > 64) throw new Error(`${count} CPUs are more than the emulator supports: at most 64`);
  if (count % nodes !== 0) {
    throw new Error(
      `${count} CPUs cannot be divided evenly among ${nodes} nodes: change --cores, --sockets or --nodes`,
    );
  }
  return {
    name: String(asked.name ?? 'custom'),
    title: `${sockets} sockets, ${nodes} nodes, ${count} CPUs`,
    architecture,
    cpus,
    nodes: evenNodes(count, nodes, mebibytes),
    distances: parseDistances(asked.distances, nodes, (node) => Math.floor((node * sockets) / nodes)),
  };
}

/**
 * `21`: to every other node. `12,32`: to one of the same socket, to one of another. `10,16/17,10`: row by row.
 * @param {string | number | undefined} text
 * @param {number} nodes
 * @param {(node: number) => number} socketOf
 */
function parseDistances(text = '12,21', nodes, socketOf) {
  const rows = String(text)
    .split('/')
    .map((row) => row.split(',').map((word) => whole('distances', word.trim(), 10, 254)));
  if (rows.length === 1 && nodes > 1) {
    const [within = near, between = within, ...more] = rows[0] ?? [];
    if (more.length > 0 || within === near || between === near) {
      throw new Error(
        '--distances takes one number, two (same socket, other socket), or rows separated by "/"; 10 is a node to itself',
      );
    }
    return distancesBy(nodes, (a, b) => (socketOf(a) === socketOf(b) ? within : between));
  }
  if (nodes === 1) return [[near]];
  if (rows.length !== nodes || rows.some((row) => row.length !== nodes)) {
    throw new Error(`--distances needs ${nodes} rows of ${nodes} numbers for ${nodes} nodes`);
  }
  rows.forEach((row, a) =>
    row.forEach((value, b) => {
      if ((value === near) !== (a === b)) {
        throw new Error('--distances: from a node to itself it is 10, and more than 10 to every other node');
      }
    }),
  );
  return rows;
}

/**
 * @param {string} name
 * @param {string | number} value
 * @param {number} least
 * @param {number} most
 */
function whole(name, value, least, most) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most || value === '') {
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, not "${value}"`);
  }
  return number;
}

/**
 * @param {number} cpus
 * @param {number} nodes
 * @param {number} mebibytes
 * @returns {import('./types.ts').ShapeNode[]}
 */
function evenNodes(cpus, nodes, mebibytes) {
  const each = cpus / nodes;
  return Array.from({ length: nodes }, (_, node) => ({
    cpus: [node * each, (node + 1) * each - 1],
    mebibytes: Math.floor(mebibytes / nodes),
  }));
}

/**
 * @param {number} nodes
 * @param {(a: number, b: number) => number} between
 */
function distancesBy(nodes, between) {
  return Array.from({ length: nodes }, (_, a) =>
    Array.from({ length: nodes }, (_, b) => (a === b ? near : between(a, b))),
  );
}

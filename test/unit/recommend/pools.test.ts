// What is to be pasted for worker pools is what was measured, separates nothing that was not shown to gain, and is taken by what it is for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Result } from '../../../src/model/run/run.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { recommendPools } from '../../../src/model/recommend/pools/recommend.ts';
import { poolsIn } from '../../../src/model/recommend/pools/wanted.ts';
import type { Pools } from '../../../src/model/recommend/pools/wanted.ts';
import type { Recommendation, Tool } from '../../../src/model/recommend/tools/placed.ts';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { consume } from '../../support/consumers.ts';
import { readPods } from '../../support/kubernetes.ts';
import { needsLinux } from '../../support/linux.ts';
import { varied } from '../../support/long.ts';
import { removeFolder, temporaryFolder } from '../../support/processes.ts';
import { measuredPools } from '../bench/pool/measured.ts';
import { measuredLayouts } from '../bench/separation/measured.ts';
import { machine, oneNode, twoSockets } from '../topologies.ts';

const two = twoSockets();
/** Separating pays by a fifth, with huge pages by a quarter. */
const gaining = (topology: Topology = two): Result[] =>
  measuredLayouts(topology, {
    rate: ({ layout }) => (layout === 'separated' ? 1200 : layout === 'huge-pages' ? 1250 : 1000),
  });

const wantedOf = (topology: Topology, results: readonly Result[], thresholds: Record<string, number> = {}): Pools =>
  poolsIn(topology, { results, thresholds }) ?? assert.fail();
const madeOf = (topology: Topology, wanted: Pools): ReadonlyMap<Tool, Recommendation> =>
  new Map(recommendPools(topology, wanted).map((one) => [one.tool, one]));
/** Where separating pays. Weighing the figures takes a second. */
const gained = wantedOf(two, gaining());
const text = (tool: Tool, wanted: Pools = gained, topology = two): string =>
  madeOf(topology, wanted).get(tool)?.text ?? assert.fail(tool);

test('where separating was shown to pay, both pools are those that were measured, and the order of giving way is said', () => {
  const { pools, words } = gained;
  assert.deepEqual(
    pools.map(({ name, cpus, memory, store }) => [name, cpus, memory, store?.pages ?? null]),
    [
      ['walks', [0, 1, 2, 3, 8, 9, 10, 11], { policy: 'preferred', nodes: [0] }, null],
      ['distances', [4, 5, 6, 7, 12, 13, 14, 15], { policy: 'preferred', nodes: [1] }, 'thp'],
    ],
  );
  assert.match(words[0] ?? '', /^Separating pays: .* As measured: "walks" 8 workers on node 0, CPUs 0-3,8-11; "dist/);
  assert.match(words[1] ?? '', /prefer it, .* interleave .* mix: one pool on all CPUs/);
  assert.match(words[2] ?? '', /transparent huge pages: madvise/);
  assert.match(words[3] ?? '', /huge pages are missing/);
});

test('where no difference was shown nothing is separated, and that is said; nor on one node, nor where it costs', () => {
  for (const [topology, results, why] of [
    [two, measuredLayouts(two), /^No difference could be shown .* nothing is recommended to be separated: one pool/],
    [
      two,
      measuredLayouts(two, { rate: ({ layout }) => (layout === 'mixed' ? 1000 : 700) }),
      /^Separating costs: .* nothing is/,
    ],
    [
      oneNode({ coresPerNode: 8 }),
      measuredLayouts(oneNode({ coresPerNode: 8 })),
      /^Both pools are on one node.* nothing is/,
    ],
  ] as const) {
    const { pools, words } = wantedOf(topology, results);
    assert.match(words[0] ?? '', why);
    assert.equal(pools.length, 1);
    assert.deepEqual(
      pools[0]?.cpus,
      topology.cpus.map(({ id }) => id),
    );
    for (const { tool, text: made } of recommendPools(topology, { pools, words, nearest: false }))
      assert.doesNotMatch(made, /preferred|membind|interleave|NUMAPolicy|hugepages-|set_numa_id\(1/, tool);
  }
});

test('of worker pools: the order and the first touch that were shown to be better', () => {
  const rate = ({ order, touch }: { order: string; touch: string }): number =>
    (order === 'hierarchical' ? 1.3 : 1) * (touch === 'interleave' ? 1.4 : 1);
  const run = measuredPools(two, { rate, touches: ['worker', 'interleave'] });
  const wanted = wantedOf(two, run.results);
  assert.equal(wanted.nearest, true);
  assert.deepEqual(wanted.pools[0]?.memory, { policy: 'interleave', nodes: [0, 1] });
  assert.match(text('steal-order', wanted), /^numa-pinboard steal-order --cpus 0-15 --format c$/);
  assert.match(text('numactl', wanted), /^numactl --physcpubind=0-15 --interleave=0-1 /);
  const plain = wantedOf(two, measuredPools(two, {}).results);
  assert.deepEqual([plain.nearest, plain.pools[0]?.memory.policy], [false, 'local']);
  assert.equal(madeOf(two, plain).has('steal-order'), false);
  assert.match(plain.words.join(' '), /The nearest first was not shown .* First touch by worker was not shown/);
});

test('of worker pools nothing is recommended that was not held against the others, or on fewer nodes alone', () => {
  const faster = (wanted: string) => ({
    rate: ({ order, touch }: { order: string; touch: string }) => (order === wanted || touch === wanted ? 1300 : 1000),
  });
  const others = { orders: ['flat', 'random'], touches: ['main', 'interleave'] } as const;
  for (const asked of [
    { ...others, ...faster('flat') },
    { ...others, ...faster('main') },
    { ...others, ...faster('interleave') },
    // Flat order, not interleaved memory, is what was faster.
    { touches: ['interleave'], ...faster('flat') } as const,
    // On one node alone the nearest first pays.
    {
      across: [1, 2],
      rate: ({ order, cpus }: { order: string; cpus: readonly number[] }) =>
        order === 'hierarchical' && cpus.length < 16 ? 1300 : 1000,
    },
  ]) {
    const wanted = wantedOf(two, measuredPools(two, asked).results);
    assert.equal(wanted.nearest, false, JSON.stringify(asked));
    assert.equal(wanted.pools[0]?.memory.policy, 'local');
    assert.match(wanted.words.join(' '), /not shown .* not shown/);
  }
  const split = measuredPools(two, {
    touches: ['worker', 'main', 'interleave'],
    rate: ({ touch }) => (touch === 'main' ? 1300 : touch === 'worker' ? 1100 : 1000),
  });
  assert.match(
    wantedOf(two, split.results).words.join(' '),
    /First touch by worker was not shown to be better through/,
  );
});

test('what is to be pasted follows from the same decision as the answer: by the thresholds that a person set', () => {
  const quiet = measuredLayouts(two);
  assert.match(
    wantedOf(two, quiet).words[0] ?? '',
    /^No difference could be shown between mixed and separated pools\. /,
  );
  const [words = ''] = wantedOf(two, quiet, { 'steal-rate-low': 0, 'steal-rate-high': 0 }).words;
  assert.match(words, /yet signs speak for looking further: jobs stolen/);
});

test('each tool has this host’s numbers', () => {
  const numbers =
    /TOKIO_WORKER_THREADS=8 RAYON_NUM_THREADS=8 OMP_NUM_THREADS=8 GOMAXPROCS=8 JAVA_TOOL_OPTIONS=-XX:ActiveProcessorCount=8/;
  assert.match(text('environment'), numbers);
  assert.match(
    text('environment'),
    /OMP_PLACES='\{4\}:4,\{12\}:4' OMP_PROC_BIND=close numactl --physcpubind=4-7,12-15 --preferred=1 /,
  );
  assert.match(text('numactl'), /^# numactl --physcpubind=4-7,12-15 --interleave=0-1 /m);
  assert.match(text('tokio'), /^const DISTANCES: &\[usize\] = &\[4, 5, 6, 7, 12, 13, 14, 15\];$/m);
  assert.match(text('rayon'), /\.num_threads\(cpus\.len\(\)\)/);
  assert.match(text('onetbb'), /tbb::task_arena distances.*\n {4}\.set_numa_id\(1\)\n {4}\.set_max_concurrency\(8\)/);
  assert.match(
    text('jvm'),
    /--preferred=1 java -XX:ActiveProcessorCount=8 .*parallelism=8 -XX:\+UseTransparentHugePages -jar/,
  );
  const [walks, distances] = recommendPools(two, gained).filter(({ tool }) => tool === 'systemd');
  assert.deepEqual([walks?.part, distances?.part], ['walks', 'distances']);
  assert.match(
    distances?.text ?? '',
    /^CPUAffinity=4-7 12-15\nAllowedCPUs=4-7 12-15\nNUMAPolicy=preferred\nNUMAMask=1$/m,
  );
});

test('a store in reserved pages is in the limits of its pod, read by kubectl', { skip: needsLinux }, () => {
  const wanted = gained;
  const [walks, distances] = wanted.pools;
  assert.ok(walks && distances);
  const reserved: Pools = {
    ...wanted,
    pools: [walks, { ...distances, store: { sizeBytes: 3 * 2 ** 20, pages: '2m' } }],
  };
  const { kubelet, pods } = readPods(text('kubernetes', reserved));
  assert.deepEqual([kubelet.cpuManagerPolicy, kubelet.topologyManagerPolicy], ['static', 'single-numa-node']);
  assert.deepEqual(
    pods.map(({ spec }) => spec.containers[0]?.resources.limits),
    [
      { cpu: '8', memory: '1Gi' },
      { cpu: '8', memory: '1Gi', 'hugepages-2Mi': '4Mi' },
    ],
  );
  assert.equal(pods[1]?.spec.volumes?.[0]?.emptyDir.medium, 'HugePages-2Mi');
  assert.match(text('jvm', reserved), /UseLargePages -XX:LargePageSizeInBytes=2m/);
});

test('nodes are hwloc’s for oneTBB; CPUs that a cpu_set_t cannot name are left to numactl', () => {
  const sparse = twoSockets({ nodeIds: [4, 9] });
  assert.match(
    text('onetbb', wantedOf(sparse, gaining(sparse)), sparse),
    /on NUMA node 9.*\n.*\n {4}\.set_numa_id\(1\)/,
  );
  const large = machine({ packages: 8, coresPerNode: 80, threads: 2 });
  const pool = { name: 'workers', cpus: large.cpus.map(({ id }) => id), store: null } as const;
  const wanted: Pools = { pools: [{ ...pool, memory: { policy: 'local', nodes: [] } }], words: [], nearest: false };
  assert.deepEqual(
    ['tokio', 'rayon', 'numactl'].map((tool) => madeOf(large, wanted).has(tool as Tool)),
    [false, false, true],
  );
});

/** CPUs of this machine, in two pools of one node. */
function here(): Pools {
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(spawnSync('cat', ['/proc/self/status'], { encoding: 'utf8' }).stdout);
  const cpus = parseCpuList(list?.[1] ?? '0').slice(0, 2);
  const memory = { policy: 'preferred', nodes: [0] } as const;
  return {
    pools: [
      { name: 'walks', cpus, memory, store: null },
      { name: 'distances', cpus: cpus.slice(-1), memory, store: { sizeBytes: 2 ** 21, pages: 'thp' } },
    ],
    ...{ words: [], nearest: true },
  };
}

const ran = (program: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string => {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  assert.equal(status, 0, `${stderr}\n${stdout}`);
  return `${stdout}${stderr}`;
};

function inFolder(work: (folder: string) => void): void {
  const folder = temporaryFolder('pools');
  try {
    work(folder);
  } finally {
    removeFolder(folder);
  }
}

const there = (program: string, word = '--version'): boolean => spawnSync(program, [word]).status === 0;
const inLongRun = varied<false | string>('in a long run', false);

test('every text is taken by what it is for, of one pool and of two', { skip: needsLinux }, () => {
  for (const wanted of [gained, wantedOf(two, measuredLayouts(two))])
    for (const { tool, text: made } of recommendPools(two, wanted)) consume(tool, made);
});

test(
  'lines of a shell hold: numactl binds, OpenMP’s places are taken',
  { skip: !there('numactl', '--show') && 'needs numactl' },
  () => {
    const wanted = here();
    for (const tool of ['numactl', 'environment'] as const) {
      for (const line of text(tool, wanted)
        .split('\n')
        .filter((one) => !one.startsWith('#'))) {
        const told = ran(
          'sh',
          ['-c', line.replace('./your-program', 'sh -c "grep Cpus_allowed_list /proc/self/status"')],
          '/',
        );
        assert.match(told, /Cpus_allowed_list:\s*\d/, line);
      }
    }
  },
);

test('a JVM takes its flags', { skip: inLongRun || (!there('java', '-version') && 'needs java') }, () => {
  for (const line of text('jvm', here())
    .split('\n')
    .filter((one) => !one.startsWith('#')))
    assert.match(
      ran(
        'sh',
        ['-c', line.replace(/^numactl (--\S+ )*/, '').replace('-jar your.jar', '-XX:+PrintFlagsFinal -version')],
        '/',
      ),
      /ActiveProcessorCount\s+= [12]\b/,
    );
});

const REGISTRY = '/usr/share/cargo/registry';

test(
  'tokio and Rayon compile it, and their threads are where it says',
  {
    skip:
      inLongRun ||
      (!(there('cargo') && existsSync(`${REGISTRY}/tokio-1.24.2`) && existsSync(`${REGISTRY}/rayon-1.6.1`)) &&
        'needs cargo, librust-tokio-dev and librust-rayon-dev'),
  },
  () =>
    inFolder((folder) => {
      const allowed = `fn allowed() -> String {
    let text = std::fs::read_to_string("/proc/thread-self/status").unwrap();
    text.lines().find(|line| line.starts_with("Cpus_allowed_list")).unwrap().split_whitespace().last().unwrap().to_string()
}
`;
      const main = {
        tokio: `${allowed}fn main() -> Result<(), Box<dyn std::error::Error>> {
    for cpus in [WALKS, DISTANCES] {
        let own = runtime(cpus)?;
        println!("{}", own.block_on(own.spawn(async { allowed() }))?);
        println!("{}", own.block_on(own.spawn_blocking(allowed))?);
    }
    Ok(())
}
`,
        rayon: `${allowed}fn main() -> Result<(), Box<dyn std::error::Error>> {
    for cpus in [WALKS, DISTANCES] {
        println!("{}", pool(cpus)?.broadcast(|_| allowed()).join(" "));
    }
    Ok(())
}
`,
      };
      const depends = { tokio: 'tokio = { version = "1", features = ["rt-multi-thread"] }', rayon: 'rayon = "1"' };
      mkdirSync(join(folder, '.cargo'));
      writeFileSync(
        join(folder, '.cargo', 'config.toml'),
        `[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "${REGISTRY}"\n`,
      );
      for (const tool of ['tokio', 'rayon'] as const) {
        const own = join(folder, tool);
        mkdirSync(join(own, 'src'), { recursive: true });
        writeFileSync(
          join(own, 'Cargo.toml'),
          `[package]\nname = "pasted"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nlibc = "0.2"\n${depends[tool]}\n`,
        );
        const wanted = here();
        writeFileSync(join(own, 'src', 'main.rs'), `${text(tool, wanted)}\n${main[tool]}`);
        const told = ran('cargo', ['run', '--offline', '--quiet'], own).trim().split('\n');
        const [walks, distances] = wanted.pools.map(({ cpus }) => cpus.map(String));
        assert.ok(walks && distances);
        if (tool === 'rayon') assert.deepEqual(told, [walks.join(' '), distances.join(' ')]);
        else assert.ok(walks.includes(told[0] ?? '') && told[2] === distances[0], told.join('\n'));
      }
    }),
);

test(
  'oneTBB compiles it, and its arenas have the threads',
  {
    skip:
      inLongRun ||
      (!(there('g++') && existsSync('/usr/include/oneapi/tbb/task_arena.h')) && 'needs g++ and libtbb-dev'),
  },
  () =>
    inFolder((folder) => {
      writeFileSync(
        join(folder, 'a.cpp'),
        `#include <cstdio>\n${text('onetbb', here())}\nint main() { std::printf("%d %d\\n", walks.max_concurrency(), distances.max_concurrency()); }\n`,
      );
      ran('g++', ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-o', 'a', 'a.cpp', '-ltbb'], folder);
      const counts = here().pools.map(({ cpus }) => cpus.length);
      assert.equal(ran(join(folder, 'a'), [], folder), `${counts.join(' ')}\n`);
    }),
);

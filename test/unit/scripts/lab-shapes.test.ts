// The shapes of emulated hosts: their data agree with themselves, numbers that cannot be are refused with words, and the
// emulator is asked for just what a shape says.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qemuCommand } from '../../../scripts/lab/qemu.mjs';
import { cpuCount, freeShape, shapes } from '../../../scripts/lab/shapes.mjs';
import type { Shape } from '../../../scripts/lab/types.ts';

const files = { kernel: '/k', initramfs: '/i', port: 4022, hostName: 'lab-x', tscKhz: null };

function argumentsOf(shape: Shape, option: string): string[] {
  const { args } = qemuCommand(shape, files);
  return args.flatMap((word, index) => (word === option ? [args[index + 1] ?? ''] : []));
}

void describe('shapes of emulated hosts', () => {
  for (const [name, shape] of Object.entries(shapes)) {
    void it(`${name}: CPUs, distances and ratings agree`, () => {
      assert.equal(shape.name, name);
      const cpus = shape.nodes.flatMap(({ cpus: range }) =>
        range === null ? [] : Array.from({ length: range[1] - range[0] + 1 }, (_, index) => range[0] + index),
      );
      const all = Array.from({ length: cpuCount(shape) }, (_, cpu) => cpu);
      assert.deepEqual(
        cpus.sort((a, b) => a - b),
        all,
        'every CPU is in one node',
      );
      // Ratings are those of the nodes with CPUs, the way to every node.
      const initiators = shape.nodes.filter((node) => node.cpus !== null).length;
      const rated = shape.rated ? [shape.rated.latencyNs, shape.rated.bandwidthGiBs] : [];
      const matrices = [
        [shape.distances, shape.nodes.length] as const,
        ...rated.map((rows) => [rows, initiators] as const),
      ];
      for (const [rows, count] of matrices) {
        assert.equal(rows.length, count);
        for (const row of rows) assert.equal(row.length, shape.nodes.length);
      }
      shape.distances.forEach((row, a) =>
        row.forEach((value, b) => assert.ok(a === b ? value === 10 : value > 10 && value < 255, `${a} to ${b}`)),
      );
      for (const { cpus: range, initiator } of shape.nodes) {
        if (range === null)
          assert.ok(initiator !== undefined && shape.nodes[initiator]?.cpus, 'reached from a node with CPUs');
      }
      for (const { node } of shape.interfaces ?? [])
        assert.ok(shape.nodes[node], 'interfaces are at nodes that are there');
      const mebibytes = shape.nodes.reduce((sum, node) => sum + node.mebibytes, 0);
      assert.ok(mebibytes >= 512, 'the kernel and its first file system fit');
    });
  }

  void it('numbers make a shape', () => {
    const shape = freeShape({ sockets: '2', nodes: '4', distances: '12,32' });
    assert.deepEqual(shape.cpus, { sockets: 2, dies: 1, cores: 2, threads: 1 });
    assert.deepEqual(
      shape.nodes.map(({ cpus }) => cpus),
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    );
    assert.deepEqual(shape.distances[0], [10, 12, 32, 32]);
    assert.deepEqual(freeShape({ sockets: '2', distances: '10,16/17,10' }).distances, [
      [10, 16],
      [17, 10],
    ]);
  });

  const refused: readonly [Readonly<Record<string, string>>, RegExp][] = [
    [{ sockets: '0' }, /--sockets .* 1 to 16/],
    [{ sockets: 'two' }, /--sockets/],
    [{ sockets: '2', nodes: '3', cores: '2' }, /4 CPUs cannot be divided evenly among 3 nodes/],
    [{ sockets: '16', cores: '8' }, /128 CPUs are more/],
    [{ nodes: '2', distances: '10,16/17' }, /2 rows of 2/],
    [{ nodes: '2', distances: '10,10/17,10' }, /more than 10 to every other/],
    [{ nodes: '2', distances: '12,32,40' }, /one number, two/],
    [{ nodes: '2', distances: '12,300' }, /10 to 254/],
    [{ memory: '100' }, /--memory/],
    [{ architecture: 'arm64', threads: '2' }, /arm64 hosts have no/],
    [{ architecture: 'riscv' }, /amd64 or arm64/],
  ];
  for (const [asked, words] of refused) {
    void it(`${JSON.stringify(asked)} is refused`, () => assert.throws(() => freeShape(asked), words));
  }

  void it('the emulator is asked for what the shape says', () => {
    const shape = (name: string): Shape => {
      const one = shapes[name];
      assert.ok(one, name);
      return one;
    };
    const numa = argumentsOf(shape('cxl'), '-numa');
    assert.ok(numa.includes('node,nodeid=2,memdev=m2,initiator=0'), numa.join('\n'));
    assert.ok(numa.includes('dist,src=1,dst=2,val=34'));
    assert.ok(numa.includes('hmat-lb,initiator=1,target=2,hierarchy=memory,data-type=access-latency,latency=350'));
    assert.ok(argumentsOf(shape('memless'), '-numa').includes('node,nodeid=1,cpus=4-7'));
    assert.ok(argumentsOf(shape('memless'), '-numa').includes('dist,src=0,dst=2,val=31'));
    assert.ok(argumentsOf(shape('memless'), '-numa').includes('dist,src=2,dst=0,val=35'));
    assert.deepEqual(argumentsOf(shape('epyc'), '-smp'), ['16,sockets=2,dies=2,cores=2,threads=2']);
    assert.ok(argumentsOf(shape('hmat'), '-numa').some((words) => words.startsWith('hmat-cache,node-id=1,size=16M')));
    const devices = argumentsOf(shape('epyc'), '-device');
    assert.ok(devices.includes('pxb-pcie,id=io1,bus=pcie.0,bus_nr=240,numa_node=1'), devices.join('\n'));
    assert.equal(devices.filter((words) => words.startsWith('virtio-net-pci')).length, 4);
    assert.equal(devices.filter((words) => words.startsWith('pcie-root-port') && words.includes('bus=io1')).length, 2);
    assert.deepEqual(argumentsOf(shape('4s'), '-netdev'), ['user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:4022-:22']);
    assert.equal(qemuCommand(shape('arm64'), files).program, 'qemu-system-aarch64');
  });
});

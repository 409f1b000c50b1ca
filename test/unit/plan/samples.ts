// Owns files as other tools write them, made up for the tests of importers.

export const DOMAIN = `<!-- WARNING: made up -->
<domain type='kvm' id='3'>
  <name>db1</name>
  <memory unit='KiB'>8388608</memory>
  <currentMemory unit='KiB'>4194304</currentMemory>
  <memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages><locked/></memoryBacking>
  <vcpu placement='static' cpuset='2-3'>4</vcpu>
  <iothreads>2</iothreads>
  <cputune>
    <shares>2048</shares>
    <vcpupin vcpu='0' cpuset='2'/>
    <vcpupin vcpu='1' cpuset='38'/>
    <vcpupin vcpu='2' cpuset='3'/>
    <vcpupin vcpu='3' cpuset='39'/>
    <emulatorpin cpuset='0,36'/>
    <iothreadpin iothread='1' cpuset='0'/>
    <iothreadpin iothread='2' cpuset='1'/>
    <cachetune vcpus='0-1'><cache id='0' level='3' type='both' size='3' unit='MiB'/></cachetune>
  </cputune>
  <numatune>
    <memory mode='strict' nodeset='0-1'/>
    <memnode cellid='0' mode='strict' nodeset='0'/>
    <memnode cellid='1' mode='strict' nodeset='1'/>
  </numatune>
  <cpu mode='host-passthrough'>
    <topology sockets='1' dies='1' clusters='1' cores='2' threads='2'/>
    <numa>
      <cell id='0' cpus='0-1' memory='6291456' unit='KiB'/>
      <cell id='1' cpus='2-3' memory='2097152' unit='KiB'/>
    </numa>
  </cpu>
  <devices>
    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source><address domain='0x0000' bus='0x3b' slot='0x00' function='0x1'/></source>
    </hostdev>
    <hostdev mode='subsystem' type='usb'><source/></hostdev>
  </devices>
</domain>
`;

export const NODE_TOPOLOGY = `apiVersion: topology.node.k8s.io/v1alpha2
kind: NodeResourceTopology
metadata: { name: worker-1 }
attributes: [{ name: topologyManagerPolicy, value: single-numa-node }]
zones:
  - name: node-1
    type: Node
    costs: [{ name: node-0, value: 21 }, { name: node-1, value: 10 }]
    resources:
      - { name: cpu, capacity: "36", allocatable: "36", available: "36" }
      - { name: memory, capacity: 64Gi, allocatable: 60Gi, available: 60Gi }
      - { name: nvidia.com/gpu, capacity: "2", allocatable: "2", available: "1" }
  - name: node-0
    type: Node
    costs: [{ name: node-0, value: 10 }, { name: node-1, value: 21 }]
    resources:
      - { name: cpu, capacity: "36", allocatable: "34", available: "24" }
      - { name: memory, capacity: 64Gi, allocatable: 60Gi, available: 40Gi }
`;

export const SCONTROL = `NodeName=n1 Arch=x86_64 CoresPerSocket=18
   CPUAlloc=8 CPUEfctv=70 CPUTot=72 CPULoad=0.01
   AvailableFeatures=(null)
   Gres=gpu:a100:2
   GresUsed=gpu:a100:0(IDX:N/A)
   NodeAddr=n1 NodeHostName=n1 Version=23.11.4
   OS=Linux 6.1.0 #1 SMP PREEMPT_DYNAMIC
   RealMemory=258048 AllocMem=16384 FreeMem=200000 Sockets=2 Boards=1
   CoreSpecCount=1 CPUSpecList=0-1 MemSpecLimit=1024
   State=MIXED ThreadsPerCore=2 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A

JobId=77 JobName=train model
   UserId=ann(1000) GroupId=ann(1000) MCS_label=N/A
   JobState=RUNNING Reason=None Dependency=(null)
   NumNodes=2 NumCPUs=16 NumTasks=2 CPUs/Task=8
   JOB_GRES=(null)
     Nodes=n1 CPU_IDs=2-9 Mem=16384 GRES=
     Nodes=n2 CPU_IDs=0-7 Mem=16384 GRES=
   MinCPUsNode=8 MinMemoryNode=16G MinTmpDiskNode=0

JobId=78 JobName=waits
   JobState=PENDING Reason=Resources
`;

export const UNITS: Readonly<Record<string, string>> = {
  'cat.txt': `# /usr/lib/systemd/system/db.service
[Unit]
Description=A database

[Service]
ExecStart=/usr/bin/db \\
  --fast
CPUAffinity=0-1
MemoryHigh=4G
CPUQuota=400%

# /etc/systemd/system/db.service.d/pin.conf
[Service]
CPUAffinity=
CPUAffinity=4 5
CPUAffinity=6-7
NUMAPolicy=bind
NUMAMask=0
MemoryMax=8G

# /etc/systemd/system/idle.service
[Service]
ExecStart=/bin/true
`,
  '/etc/systemd/system/batch.slice': '[Slice]\nAllowedCPUs=10-13\nAllowedMemoryNodes=0\nMemoryMax=50%\n',
  'a.service': '[Service]\nSlice=batch.slice\n',
  'b.service': '[Service]\nSlice=batch.slice\n',
  'web.service.d/x.conf':
    '; fenced by its slice as well\n[Service]\nSlice=front-web.slice\nAllowedCPUs=20-23\nMemoryMax=infinity\n',
  'front-web.slice': '[Slice]\nAllowedCPUs=16-21\n',
  'front.slice': '[Slice]\nAllowedCPUs=20,22\n',
  'system.slice.d/a.conf': '[Slice]\nAllowedCPUs=0\n',
  'init.scope.d/a.conf': '[Scope]\nAllowedCPUs=1\n',
};

const hostConfig = { CpusetCpus: '', CpusetMems: '', Memory: 0, NanoCpus: 0, CpuQuota: 0, CpuPeriod: 0, CpuShares: 0 };

export const INSPECT = JSON.stringify([
  {
    Id: 'a1',
    Name: '/db',
    State: { Running: true },
    HostConfig: { ...hostConfig, CpusetCpus: '0-3', CpusetMems: '0', Memory: 2 ** 31 },
  },
  { Id: 'a2', Name: '/web', State: { Running: true }, HostConfig: { ...hostConfig, NanoCpus: 1_500_000_000 } },
  { Id: 'a3', Name: '/any', State: { Running: true }, HostConfig: hostConfig },
  {
    Id: 'a4',
    Name: 'job',
    State: { Running: false },
    HostConfig: { ...hostConfig, CpusetCpus: '9', Memory: -1, CpuShares: 512 },
  },
]);

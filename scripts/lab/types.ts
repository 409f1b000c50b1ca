// What the modules of the lab hand to each other, and to the tests.

/** Tells a person what goes on; one line. */
export type Say = (words: string) => void;

/** `-16k`: by a kernel whose pages are 16 KiB. */
export type Architecture = 'amd64' | 'arm64' | 'arm64-16k';

export interface Shape {
  readonly name: string;
  readonly title: string;
  readonly architecture: Architecture;
  /** `cores` of a die. */
  readonly cpus: { readonly sockets: number; readonly dies: number; readonly cores: number; readonly threads: number };
  readonly nodes: readonly ShapeNode[];
  /** `[from][to]`. */
  readonly distances: readonly (readonly number[])[];
  /** By [initiator][target]. */
  readonly rated?: {
    readonly latencyNs: readonly (readonly number[])[];
    readonly bandwidthGiBs: readonly (readonly number[])[];
  };
  /** Added to the kernel's command line. */
  readonly kernelWords?: readonly string[];
  /** Network interfaces beside the one the host is reached by, on a PCI bus of their node. */
  readonly interfaces?: readonly { readonly node: number; readonly vectors?: number }[];
  /** NVMe drives, and display adapters, likewise. */
  readonly drives?: readonly { readonly node: number }[];
  readonly displays?: readonly { readonly node: number }[];
  readonly memorySideCaches?: readonly {
    readonly node: number;
    readonly mebibytes: number;
    readonly lineBytes: number;
  }[];
}

export interface ShapeNode {
  /** The first and the last; null for a node of memory alone. */
  readonly cpus: readonly [number, number] | null;
  readonly mebibytes: number;
  readonly initiator?: number;
}

/** Paths of what a host boots from. */
export interface Image {
  readonly kernel: string;
  readonly initramfs: string;
  readonly keys: Keys;
}

export interface Keys {
  /** A path. */
  readonly userKey: string;
  readonly userPublic: string;
  readonly hostPrivate: string;
  readonly hostPublic: string;
}

export interface BootOptions {
  readonly image: Image;
  /** Exists and is the emulator's own. */
  readonly folder: string;
  readonly hostName: string;
  readonly port?: number | undefined;
  readonly tied: boolean;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly say: Say;
  readonly started?: ((emulator: Emulator) => void) | undefined;
}

export interface Emulator {
  readonly pid: number;
  readonly port: number;
  readonly folder: string;
  running(): boolean;
  release(): void;
  stop(): Promise<void>;
}

/** What is remembered of a host that outlives the command that booted it. */
export interface HostState {
  readonly alias: string;
  readonly shape: string;
  readonly title: string;
  readonly pid: number;
  readonly started: string | null;
  readonly port: number;
  readonly ready: boolean;
}

/** Numbers of a shape of one's own, as they were typed or as they are. */
export type AskedShape = Readonly<
  Partial<
    Record<
      'name' | 'architecture' | 'sockets' | 'dies' | 'cores' | 'threads' | 'nodes' | 'memory' | 'distances',
      string | number | undefined
    >
  >
>;

/** One entry of a host's first file system. */
export interface Entry {
  readonly path: string;
  readonly type: 'folder' | 'file' | 'link';
  readonly mode?: number;
  readonly owner?: number;
  /** A link's target. */
  readonly content?: Buffer | string;
}

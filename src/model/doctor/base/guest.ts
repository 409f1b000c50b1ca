/** Virtual machines as processes of a host: which threads are vCPUs. */

import type { LiveProcess, LiveThread } from '../facts/live.ts';

/** What QEMU, Firecracker and Cloud Hypervisor call them. */
const VCPU = /^(?:CPU (\d{1,4})\/(?:KVM|TCG|HVF)|fc_vcpu (\d{1,4})|vcpu(\d{1,4}))$/;

/** Which vCPU a thread of this name is; null: none. */
export function vcpuOf(name: string): number | null {
  const [, ...numbers] = VCPU.exec(name) ?? [];
  const found: string | undefined = numbers.find(Boolean);
  return found === undefined ? null : Number(found);
}

export interface Guest {
  readonly vcpus: readonly LiveThread[];
  /** Its emulator's, of I/O and of migration. */
  readonly others: readonly LiveThread[];
}

/** Null for what is no virtual machine. */
export function guestOf({ threads }: LiveProcess): Guest | null {
  const vcpus = threads.filter(({ name }) => vcpuOf(name) !== null);
  return vcpus.length === 0 ? null : { vcpus, others: threads.filter(({ name }) => vcpuOf(name) === null) };
}

/** Its maker gave it nodes of its own, or bound its memory: what lies where is on purpose. */
export const hasOwnNodes = ({ command }: LiveProcess): boolean =>
  (command.match(/(^| )-numa node/g) ?? []).length > 1 || command.includes('host-nodes');

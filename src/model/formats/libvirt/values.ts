/** Elements, numbers and amounts of libvirt's capabilities. */

import type { XmlElement } from '../xml.ts';

export const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

export const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The element that a path of names leads to. */
export function at(element: XmlElement, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((inside, name) => children(inside, name)[0], element);
}

export function whole(text: string | undefined, most = Number.MAX_SAFE_INTEGER): number | null {
  const number = /^\d{1,16}$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  return number <= most ? number : null;
}

/** An amount with its unit, in bytes. */
export function bytes(amount: string | undefined, unit: string | undefined): number | null {
  const size = (whole(amount) ?? Number.NaN) * (UNITS[unit ?? 'KiB'] ?? Number.NaN);
  return Number.isSafeInteger(size) ? size : null;
}

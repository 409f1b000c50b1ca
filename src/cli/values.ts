/** Parsers of option values; each refusal says what would be accepted. Help shows a default as a person would type it. */

import { InvalidArgumentError, Option } from 'commander';
import { parsePageKind } from '../model/cases/pages.ts';
import type { PageKind } from '../model/cases/pages.ts';
import { CPU_SET_WORDS, parseCpuSet } from '../model/placement/cpu-set.ts';
import { MAX_ID, parseCpuList } from '../model/text/cpulist.ts';

export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high)) {
      throw new InvalidArgumentError(`Give a whole number from ${String(low)} to ${String(high)}.`);
    }
    return value;
  };
}

/** CPUs as people name them; which of them there are is known to the host. */
export function cpuSet(text: string): string {
  try {
    parseCpuSet(text);
  } catch {
    throw new InvalidArgumentError(`Give ${CPU_SET_WORDS}.`);
  }
  return text;
}

export const cpuId = wholeNumber(0, MAX_ID);
export const nodeId = wholeNumber(0, MAX_ID);

/** "250ms", "1s", "2m" in milliseconds; a bare number is seconds. */
export function duration(text: string): number {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text);
  if (!match) throw new InvalidArgumentError('Give a duration such as 500ms, 1s or 2m.');
  return Math.round(Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[(match[2] ?? 's') as 'ms' | 's' | 'm']);
}

/** What the agent takes as the length of a repetition. */
const LONGEST_REPETITION_MS = 600_000;

export function repetition(text: string): number {
  const ms = duration(text);
  if (ms < 1 || ms > LONGEST_REPETITION_MS) throw new InvalidArgumentError('Give 1ms to 10m.');
  return ms;
}

/** A duration as a person would type it: 500ms, 1s. */
export function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${String(ms / 1000)}s` : `${String(ms)}ms`;
}

export function durationOption(flags: string, description: string, defaultMs: number, parse = duration): Option {
  return new Option(flags, description).argParser(parse).default(defaultMs, durationText(defaultMs));
}

export const repetitionOption = (defaultMs: number): Option =>
  durationOption('--duration <time>', 'length of each repetition', defaultMs, repetition);

/** "64M", "1G" in bytes, by powers of 1024 as dd and qemu read them. */
export function sizeInBytes(text: string): number {
  const match = /^(\d{1,9})([KMG])?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('Give a size such as 64M or 1G.');
  const unit = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[(match[2] ?? '').toUpperCase() as 'K' | 'M' | 'G'] as
    | number
    | undefined;
  return Number(match[1]) * (unit ?? 1);
}

/** A whole number of KiB, MiB or GiB as a person would type it: 64M, 1G. */
function sizeText(bytes: number): string {
  const [unit, factor] =
    bytes % 1024 ** 3 === 0 ? ['G', 1024 ** 3] : bytes % 1024 ** 2 === 0 ? ['M', 1024 ** 2] : ['K', 1024];
  return `${String(bytes / factor)}${unit}`;
}

/** Sizes with commas between. */
function sizeList(text: string): number[] {
  return text.split(',').map((size) => sizeInBytes(size.trim()));
}

export function sizeListOption(flags: string, description: string, defaultBytes: number): Option {
  return new Option(flags, description).argParser(sizeList).default([defaultBytes], sizeText(defaultBytes));
}

/** Any size that a host may have; whether this one does is known only there. */
export function pageKind(text: string): PageKind {
  const pages = parsePageKind(text.trim().toLowerCase());
  if (pages === null) throw new InvalidArgumentError('Give a page size such as 4k, thp, 64k, 2m or 1g.');
  return pages;
}

/** The first of the formats is the default. */
export function formatOption(formats: readonly [string, ...string[]]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0]);
}

export function idList(text: string): number[] {
  try {
    const ids = parseCpuList(text);
    if (ids.length > 0) return ids;
  } catch {
    // The words below serve for both.
  }
  throw new InvalidArgumentError('Give a list such as 0-3,8.');
}

/** Each once, in the order they were given: what is named twice is not measured twice. */
export function wordList<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) => {
    const words = text.split(',').map((word) => {
      const found = allowed.find((candidate) => candidate === word.trim());
      if (found === undefined)
        throw new InvalidArgumentError(`Give one or more of ${allowed.join(', ')}, separated by commas.`);
      return found;
    });
    return [...new Set(words)];
  };
}

export function wordListOption<T extends string>(
  flags: string,
  description: string,
  allowed: readonly T[],
  preset: readonly T[],
): Option {
  return new Option(flags, description).argParser(wordList(allowed)).default(preset, preset.join(','));
}

export function powerOfTwo(text: string): number {
  const value = wholeNumber(2, 1 << 24)(text);
  if ((value & (value - 1)) !== 0) throw new InvalidArgumentError('Give a power of two, such as 1024 or 65536.');
  return value;
}

/** "uneven-share=0.3", onto those before it. */
function threshold(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, name, value] = /^([a-z-]{1,40})=(\d{1,15}(?:\.\d{1,6})?)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Give NAME=NUMBER, such as uneven-share=0.3.');
  return { ...before, [name]: Number(value) };
}

export const thresholdOption = (description: string): Option =>
  new Option('--threshold <name=value>', description).argParser(threshold);

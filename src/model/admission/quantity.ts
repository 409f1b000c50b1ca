/** Amounts as Kubernetes writes them: "4", "500m", "64Gi", "1.5G", "12e3". */

const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
/** Powers of ten. */
const DECIMAL: Readonly<Record<string, number>> = {
  ...{ n: -9, u: -6, m: -3, '': 0, k: 3 },
  ...{ M: 6, G: 9, T: 12, P: 15, E: 18 },
};

/** Beyond it no amount of anything is meant, and a power of ten must not fill memory. */
const MOST_DIGITS = 30;
const MOST_EXPONENT = 24;

/**
 * @param text as in a pod; @param scale 1000 for thousandths of a CPU, 1 for bytes and counts. Rounded up, as Kubernetes does.
 * @returns null where it is no such amount, is negative, or is beyond what a number holds exactly.
 */
export function parseQuantity(text: string, scale: 1 | 1000): number | null {
  const match = /^\+?(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|[eE]([+-]?\d{1,2}))?$/.exec(text.trim());
  const [, whole = '', part = '', suffix = '', exponent = '0'] = match ?? [];
  if (!match || (whole === '' && part === '') || whole.length + part.length > MOST_DIGITS) return null;
  const power = Number(exponent) + (DECIMAL[suffix] ?? 0) - part.length;
  if (Math.abs(power) > MOST_EXPONENT + MOST_DIGITS) return null;
  const digits = BigInt(`${whole}${part}`) * (BINARY[suffix] ?? 1n) * BigInt(scale);
  const ten = 10n ** BigInt(Math.abs(power));
  const amount = power >= 0 ? digits * ten : (digits + ten - 1n) / ten;
  return amount > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(amount);
}

/** When a difference is too small for anyone to act on. */

/** An interval that stays within this share around zero: nobody acts on what may be left. */
const NEGLIGIBLE = 0.02;

export const isNegligible = ([low, high]: readonly [number, number]): boolean => Math.max(-low, high) < NEGLIGIBLE;

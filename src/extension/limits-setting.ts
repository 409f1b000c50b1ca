/** The doctor's thresholds as a setting holds them, which may be anything that JSON can say. */

import { limitsWith } from '../model/doctor/base/thresholds.ts';
import type { Limits } from '../model/doctor/base/thresholds.ts';
import { toProblem } from '../model/problem.ts';
import { SettingProblem } from './path-setting.ts';

const EXAMPLE = 'It takes names and numbers, such as { "far-share": 0.4 }.';

/** @throws SettingProblem for a threshold that is none, or no number. */
export function limitsFrom(setting: string, value: unknown): Limits {
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new SettingProblem(setting, `The setting ${setting} is ${JSON.stringify(given)}.`, EXAMPLE);
  try {
    return limitsWith(given as Record<string, number>);
  } catch (error) {
    const { message, hint } = toProblem(error);
    throw new SettingProblem(setting, `The setting ${setting} cannot be followed. ${message}`, hint ?? EXAMPLE);
  }
}

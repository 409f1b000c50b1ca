/** Thresholds as a setting holds them, which may be anything that JSON can say. */

import { toProblem } from '../model/problem.ts';
import { SettingProblem } from './path-setting.ts';

/**
 * @param follow what comes of names and numbers. @throws PinboardError for those that are none.
 * @param example of what the setting takes.
 * @throws SettingProblem for a threshold that is none, or no number.
 */
export function limitsFrom<L>(
  setting: string,
  value: unknown,
  follow: (changed: Readonly<Record<string, number>>) => L,
  example: string,
): L {
  const takes = `It takes names and numbers, such as ${example}.`;
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new SettingProblem(setting, `The setting ${setting} is ${JSON.stringify(given)}.`, takes);
  try {
    return follow(given as Record<string, number>);
  } catch (error) {
    const { message, hint } = toProblem(error);
    throw new SettingProblem(setting, `The setting ${setting} cannot be followed. ${message}`, hint ?? takes);
  }
}

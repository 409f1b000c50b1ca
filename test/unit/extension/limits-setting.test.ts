// Thresholds as a person's settings hold them: anything that JSON can say.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limitsFrom } from '../../../src/extension/limits-setting.ts';
import { SettingProblem } from '../../../src/extension/path-setting.ts';
import { limitsWith, PRESET_LIMITS } from '../../../src/model/doctor/base/thresholds.ts';

const of = (value: unknown): unknown => limitsFrom('a.limits', value, limitsWith, '{ "far-share": 0.4 }');

function refusal(value: unknown): string {
  try {
    of(value);
  } catch (error) {
    assert.ok(error instanceof SettingProblem);
    return `${error.message} ${error.hint ?? ''}`;
  }
  return assert.fail(`${JSON.stringify(value)} was taken`);
}

test('what is set is changed, and all else keeps its preset', () => {
  assert.deepEqual(of({ 'far-share': 0.4 }), { ...PRESET_LIMITS, 'far-share': 0.4 });
  for (const nothing of [{}, null, undefined]) assert.deepEqual(of(nothing), PRESET_LIMITS);
});

test('what cannot be followed is refused in words that name the setting', () => {
  assert.match(
    refusal({ 'fare-share': 1 }),
    /^The setting a\.limits cannot be followed\. .*"fare-share".*Thresholds are: uneven-share,/,
  );
  assert.match(refusal({ toString: 1 }), /no threshold named "toString"/);
  for (const value of ['0.4', -1, null, true])
    assert.match(refusal({ 'far-share': value }), /far-share takes a number of at least 0/);
  for (const value of [7, 'x', [1], true])
    assert.match(refusal(value), /^The setting a\.limits is .*\. It takes names and numbers/);
});

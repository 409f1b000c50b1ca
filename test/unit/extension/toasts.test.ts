// Problems as toasts: one at a time, with the next step.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Toasts } from '../../../src/extension/toasts.ts';
import type { Step, Toast } from '../../../src/extension/toasts.ts';

const again: Step = { title: 'Connect Again', command: 'connect', arguments: ['a'] };
const toast = (words: string): Toast => ({ words, steps: [again] });

function screen(): {
  toasts: Toasts;
  shown: string[];
  acted: Step[];
  close: (title?: string) => Promise<void>;
} {
  const shown: string[] = [];
  const acted: Step[] = [];
  let settle: (title?: string) => void = () => undefined;
  const toasts = new Toasts(
    (words) => {
      shown.push(words);
      return new Promise<string | undefined>((resolve) => (settle = resolve));
    },
    (step) => acted.push(step),
  );
  const close = async (title?: string): Promise<void> => {
    settle(title);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { toasts, shown, acted, close };
}

describe('toasts', () => {
  it('are one at a time, and the newest of what waits comes next', async () => {
    const { toasts, shown, close } = screen();
    for (const words of ['one', 'two', 'three']) toasts.offer(toast(words));
    assert.deepEqual(shown, ['one']);
    await close();
    assert.deepEqual(shown, ['one', 'three']);
    await close();
    assert.deepEqual(shown, ['one', 'three']);
  });

  it('do not say twice what still stands there', async () => {
    const { toasts, shown, close } = screen();
    toasts.offer(toast('one'));
    toasts.offer(toast('one'));
    await close();
    assert.deepEqual(shown, ['one']);
    toasts.offer(toast('one'));
    assert.deepEqual(shown, ['one', 'one']);
  });

  it('do the next step when it is chosen, and forget what does not hold any more', async () => {
    const { toasts, shown, acted, close } = screen();
    toasts.offer(toast('one'));
    toasts.offer(toast('two'));
    toasts.forget();
    await close('Connect Again');
    assert.deepEqual(acted, [again]);
    assert.deepEqual(shown, ['one']);
  });
});

/**
 * Owns how the page makes elements: text goes in as text nodes only, without what hides or turns round what a person reads, and
 * no attribute can carry style or script.
 */

import { withoutUnsafe } from '../../model/text/clean.ts';

const SVG = 'http://www.w3.org/2000/svg';

export type Child = Node | string | number | null | false | undefined | readonly Child[];
type Value = string | number | boolean | null | undefined;
type Handler = (event: never) => void;

export interface Attributes {
  /** Listeners by event name. */
  readonly on?: Readonly<Record<string, Handler>>;
  readonly [name: string]: Value | Readonly<Record<string, Handler>>;
}

/** `style` would be blocked by the page's policy, `on…` would be script: both are mistakes here. */
function assign(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'object') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler as EventListener);
    } else if (name === 'style' || name.startsWith('on')) throw new Error(`${name} is not an attribute of this page`);
    else element.setAttribute(name, value === true ? '' : withoutUnsafe(String(value)));
  }
}

function flat(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    if (typeof child === 'string') return [withoutUnsafe(child)];
    if (child instanceof Node) return [child];
    return typeof child === 'number' ? [String(child)] : flat(child);
  });
}

/** `el('div.row.held', { title }, 'text', other)`. */
export function el<K extends keyof HTMLElementTagNameMap>(
  spec: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [tag = 'div', ...classes] = spec.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  assign(element, attributes);
  element.append(...flat(children));
  return element as HTMLElementTagNameMap[K];
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  spec: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const [tag = 'g', ...classes] = spec.split('.');
  const element = document.createElementNS(SVG, tag);
  element.classList.add(...classes);
  assign(element, attributes);
  element.append(...flat(children));
  return element as SVGElementTagNameMap[K];
}

/**
 * What opens and closes a modal dialog as the state wants, and tells whether that changed anything. `dismissed`: a person closed
 * it. The browser tells of every closing a task later: when it was closed from here, or is open again, no person did it.
 */
export function modal(dialog: HTMLDialogElement, dismissed: () => void): (wanted: boolean) => boolean {
  let shown = false;
  dialog.addEventListener('close', () => {
    if (!shown || dialog.open) return;
    shown = false;
    dismissed();
  });
  return (wanted) => {
    if (wanted === shown) return false;
    shown = wanted;
    if (wanted) dialog.showModal();
    else dialog.close();
    return true;
  };
}

export const kbd = (key: string): HTMLElement => el('kbd', {}, key);

export interface Slot {
  /** Builds anew when one of `deps` is another value than last time. */
  update(deps: readonly unknown[], build: () => Child): void;
}

/** A place whose content is rebuilt as a whole; what has the same `data-key` keeps the focus, or stays unfolded. */
export function slot(into: Element): Slot {
  let last: readonly unknown[] | null = null;
  return {
    update(deps, build) {
      if (last?.length === deps.length && deps.every((dep, i) => Object.is(dep, last?.[i]))) return;
      last = deps;
      const held = into.contains(document.activeElement) ? document.activeElement : null;
      const key = held?.getAttribute('data-key') ?? held?.getAttribute('data-action');
      const open = [...into.querySelectorAll<HTMLElement>('details[open][data-key]')].map((one) => one.dataset['key']);
      into.replaceChildren(...flat([build()]));
      for (const one of into.querySelectorAll<HTMLDetailsElement>('details[data-key]')) {
        if (open.includes(one.dataset['key'])) one.open = true;
      }
      // The focus may be outside the page meanwhile, in the editor: there it stays.
      if (!held || key === null || key === undefined || !document.hasFocus()) return;
      const found = [...into.querySelectorAll<HTMLElement>('[data-key], [data-action]')].find(
        (other) => (other.dataset['key'] ?? other.dataset['action']) === key,
      );
      found?.focus({ preventScroll: true });
    },
  };
}

/**
 * The width of an element (px, with its padding) without having the page laid out in the middle of a frame to learn it.
 *
 * @param changed called when it became another.
 */
export function watchWidth(element: Element, changed: () => void): () => number {
  let width = 0;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    changed();
  }).observe(element);
  // Before the first frame it has not been told yet.
  return () => (width ||= element.clientWidth);
}

/** Writes text only where it changed, so that a screen reader is not told the same again. */
export function say(node: Element, words: string): void {
  const text = withoutUnsafe(words);
  if (node.textContent !== text) node.textContent = text;
}

/** What a person reads there, to be told once more elsewhere. */
export const textOf = (node: Element): string => node.textContent;

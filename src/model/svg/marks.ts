/** The drawing as data: SVG elements without a document, which the page paints and the command line prints. */

export interface Mark {
  readonly tag: 'g' | 'rect' | 'path' | 'text' | 'tspan' | 'title' | 'desc' | 'line';
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly children: readonly (Mark | string)[];
}

type Attributes = Readonly<Record<string, string | number | null>>;

/** `mark('rect.pkg', { x, y })`; attributes that are null are left out. Lengths get two decimals. */
export function mark(spec: string, attrs: Attributes = {}, ...children: (Mark | string | null)[]): Mark {
  const [tag, ...classes] = spec.split('.');
  const kept: Record<string, string | number> = classes.length > 0 ? { class: classes.join(' ') } : {};
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== null) kept[name] = typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  }
  return { tag: tag as Mark['tag'], attrs: kept, children: children.filter((child) => child !== null) };
}

/** One line of text; `words` may be pieces of their own class, set apart by `dx`. */
export function text(classes: string, x: number, y: number, ...words: (Mark | string | null)[]): Mark {
  return mark(`text${classes}`, { x, y }, ...words);
}

/** A one-pixel line lies on whole pixels where the box's corner is half a pixel in. */
export function crisp(box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }): {
  x: number;
  y: number;
  width: number;
  height: number;
} {
  const [x, y] = [Math.round(box.x) + 0.5, Math.round(box.y) + 0.5];
  return {
    x,
    y,
    width: Math.max(1, Math.round(box.x + box.w) - 0.5 - x),
    height: Math.max(1, Math.round(box.y + box.h) - 0.5 - y),
  };
}

/** Text on heat: black or white, whichever is told from the step's colour at 4.5 or better. */

/** Relative luminance at which black and white are equally well read. */
const EVEN = 0.179;

/** `#rrggbb` or `rgb(r, g, b)`, as a theme or the browser gives it; null for anything else. */
function channels(colour: string): number[] | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim())?.[1];
  if (hex !== undefined) return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(colour.trim());
  return parts ? parts.slice(1, 4).map(Number) : null;
}

export function textColourOn(colour: string): '#000' | '#fff' {
  const [r = 0, g = 0, b = 0] = (channels(colour) ?? [0, 0, 0]).map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > EVEN ? '#000' : '#fff';
}

/** Sets --ink1 … --ink6 on the element now and whenever the editor changes its theme. Returns how to stop. */
export function keepContrast(element: SVGElement | HTMLElement): () => void {
  const read = (): void => {
    const style = getComputedStyle(document.body);
    for (let i = 1; i <= 6; i++)
      element.style.setProperty(`--ink${i}`, textColourOn(style.getPropertyValue(`--h${i}`)));
  };
  const observer = new MutationObserver(read);
  const options = { attributes: true, attributeFilter: ['class', 'style'] };
  observer.observe(document.body, options);
  observer.observe(document.documentElement, options);
  read();
  return () => observer.disconnect();
}

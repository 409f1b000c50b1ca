/** Owns the page's static document, the same in the editor and in a browser. What is on it, the bundled script builds. */

export interface PageParts {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Fresh for every document. */
  readonly nonce: string;
  /** Where style sheets may come from: the webview's `cspSource`, or `'self'` in a browser. */
  readonly cspSource: string;
  /** The one address the script may talk to (the browser's socket); null in the editor, where it may talk to none. */
  readonly connect: string | null;
}

/**
 * What the script loads later comes under its nonce. Nothing is allowed that is not named: no inline style, no inline script, no frame, no form target. The components of
 * the page style themselves by constructable style sheets and the page by the CSSOM, which this policy lets through.
 */
function pagePolicy({ nonce, cspSource, connect }: Omit<PageParts, 'scriptUri' | 'styleUri'>): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
    `connect-src ${connect ?? `'none'`}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (value: string): string => value.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

export function pageHtml(parts: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(pagePolicy(parts))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>NUMA Pinboard</title>
<link rel="stylesheet" href="${escaped(parts.styleUri)}">
</head>
<body>
<div id="app"></div>
<script type="module" nonce="${escaped(parts.nonce)}" src="${escaped(parts.scriptUri)}"></script>
</body>
</html>
`;
}

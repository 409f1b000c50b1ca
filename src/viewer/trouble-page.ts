/** The page in place of a board that a file does not give: why, and what can be done. It holds no script. */

import { escaped } from '../protocol/page-html.ts';
import type { Problem } from '../model/problem.ts';

export interface Step {
  readonly title: string;
  readonly command: string;
}

const STYLE = `
body { padding: 24px; font-size: var(--vscode-font-size); line-height: 1.5; }
main { max-width: 44em; overflow-wrap: anywhere; }
h1 { margin: 0 0 8px; font-size: 1.3em; font-weight: 600; }
p { margin: 0 0 12px; }
.hint { color: var(--vscode-descriptionForeground); }
.steps { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
a { padding: 4px 12px; border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
  background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); text-decoration: none; }
a:hover { background: var(--vscode-button-secondaryHoverBackground); color: var(--vscode-button-secondaryForeground); }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
`;

export function troublePage(
  { message, hint }: Pick<Problem, 'message' | 'hint'>,
  steps: readonly Step[],
  nonce: string,
): string {
  const links = steps.map(({ title, command }) => `<a href="command:${escaped(command)}">${escaped(title)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${escaped(nonce)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>NUMA Pinboard</title>
<style nonce="${escaped(nonce)}">${STYLE}</style>
</head>
<body>
<main role="alert">
<h1>This file cannot be shown on a board</h1>
<p>${escaped(message)}</p>
${hint === null ? '' : `<p class="hint">${escaped(hint)}</p>`}
<div class="steps">${links.join('')}</div>
</main>
</body>
</html>
`;
}

/** Owns the four themes where no editor provides them: the browser's wishes as the classes a webview's body has. */

const CLASSES = ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'];

/** The editor marks its light high contrast with both classes; so does this. */
export function themeClasses(dark: boolean, contrast: boolean): string[] {
  if (!contrast) return [dark ? 'vscode-dark' : 'vscode-light'];
  return dark ? ['vscode-high-contrast'] : ['vscode-high-contrast', 'vscode-high-contrast-light'];
}

/** `np-browser` brings the --vscode-* colours that the editor would have set. */
export function followBrowserTheme(changed: () => void): void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];
  const [dark, more, forced] = queries.map((query) => matchMedia(query));
  const apply = (): void => {
    const body = document.body.classList;
    body.remove(...CLASSES);
    const contrast = (more?.matches ?? false) || (forced?.matches ?? false);
    body.add('np-browser', ...themeClasses(dark?.matches ?? false, contrast));
    changed();
  };
  for (const query of [dark, more, forced]) query?.addEventListener('change', apply);
  apply();
}

// The one function that tests use of js-yaml, which has no types of its own.
declare module 'js-yaml' {
  export function loadAll(text: string): unknown[];
}

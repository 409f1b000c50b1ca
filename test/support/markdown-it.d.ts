// What tests and scripts use of markdown-it, which has no types of its own.
declare module 'markdown-it' {
  interface Token {
    readonly type: string;
    /** Of a fence: its language. */
    readonly info: string;
    readonly content: string;
    /** `h2` of a heading. */
    readonly tag: string;
    /** Of a paragraph or heading: its text, links and pictures. */
    readonly children: readonly Token[] | null;
    attrGet(name: string): string | null;
  }
  export default class MarkdownIt {
    constructor(preset?: 'commonmark' | { html: boolean });
    render(text: string): string;
    parse(text: string, env: object): Token[];
  }
}

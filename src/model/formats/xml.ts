/** XML as a tree of elements with attributes and text: what lstopo and libvirt write. Bounded, and nothing is expanded. */

import { SaxesParser } from 'saxes';
import { PinboardError } from '../problem.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text that stands directly in it, put together. */
  readonly text: string;
}

interface Growing extends XmlElement {
  readonly children: Growing[];
  text: string;
}

/** Bounds against a file made to exhaust memory: lstopo nests 30 deep, and 2,048 PUs with all devices are 40,000 elements. */
const MAX_DEPTH = 200;
const MAX_ELEMENTS = 500_000;

const refused = (words: string, hint: string | null = null): PinboardError =>
  new PinboardError('bad-file', words, hint);

/**
 * The root element of a document. Text between elements is kept, comments and processing instructions are not.
 * @throws PinboardError `bad-file`: not well-formed, too deep or too large, or with a DTD of its own (whose entities
 *   could make a small file endless).
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const open: Growing[] = [];
  const roots: XmlElement[] = [];
  let count = 0;
  parser.on('error', (error) => {
    throw refused(`This is not well-formed XML: ${error.message}.`, 'Write the file again with the tool it came from.');
  });
  parser.on('doctype', (doctype) => {
    if (!doctype.includes('[')) return;
    throw refused(
      'This XML defines entities of its own, which no topology needs; it was not read.',
      'Remove the part in [ ] of its DOCTYPE if you trust the file.',
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= MAX_DEPTH) throw refused(`This XML is nested more than ${MAX_DEPTH} deep.`);
    if (++count > MAX_ELEMENTS) throw refused(`This XML has more than ${MAX_ELEMENTS} elements.`);
    const element: Growing = { name, attributes, children: [], text: '' };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else roots.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (piece: string): void => {
    const element = open.at(-1);
    if (element) element.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  const [root] = roots;
  if (!root) throw refused('This XML has no element.');
  return root;
}

/** Name of the first element of what begins like an XML document, else null; comments and declarations are passed over. */
export function rootElementOf(start: string): string | null {
  let rest = start.replace(/^\ufeff/, '').trimStart();
  for (;;) {
    // A DTD of its own hides where it ends; the parser, which refuses it in words, gets it by the name it declares.
    const own = /^<!DOCTYPE\s+([A-Za-z_][\w.:-]*)[^>[]*\[/.exec(rest)?.[1];
    if (own !== undefined) return own;
    const end = rest.startsWith('<!--') ? '-->' : rest.startsWith('<?') ? '?>' : rest.startsWith('<!') ? '>' : null;
    if (end === null) return /^<([A-Za-z_][\w.:-]*)/.exec(rest)?.[1] ?? null;
    const at = rest.indexOf(end);
    if (at === -1) return null;
    rest = rest.slice(at + end.length).trimStart();
  }
}

// Owns the table of known_hosts files that are tried by name: what each is, and what we are to say of it.
import { hashed, type KnownHostsCase } from './known-host-files.ts';

export interface NamedCase extends KnownHostsCase {
  readonly what: string;
  readonly verdict: 'known' | 'unknown' | 'changed' | 'revoked' | 'refused';
  /** ssh trusts it, and we do not. */
  readonly stricter?: true;
}

export function namedCases(own: readonly string[], strange: readonly string[]): NamedCase[] {
  const [ed = '', ecdsa = '', rsa = ''] = own;
  const [otherEd = '', otherEcdsa = '', otherRsa = ''] = strange;
  const blob = (key: string): string => key.split(' ')[1] ?? '';
  const one = (
    what: string,
    verdict: NamedCase['verdict'],
    text: string,
    more: Partial<NamedCase> = {},
  ): NamedCase => ({
    what,
    verdict,
    user: [text],
    ...more,
  });
  const port = { port: 2222 };
  const strict = (value: string): Partial<NamedCase> => ({ options: { StrictHostKeyChecking: value } });
  return [
    one('a plain entry', 'known', `box.lab ${ed}\n`),
    one('no entry', 'unknown', ''),
    one('another key', 'changed', `box.lab ${otherEd}\n`),
    one('another key, then the right one', 'known', `box.lab ${otherEd}\nbox.lab ${ed}\n`),
    one('a key of another type alone', 'changed', `box.lab ${otherRsa}\n`),
    one('its RSA key alone', 'known', `box.lab ${rsa}\n`),
    one(
      'a wrong key of the first type and a right one of another',
      'changed',
      `box.lab ${otherEd}\nbox.lab ${ecdsa}\n`,
    ),
    one('names in capitals', 'known', `BOX.Lab ${ed}\n`),
    one('a hashed name', 'known', `${hashed('box.lab')} ${ed}\n`),
    one('a hashed name with another key', 'changed', `${hashed('box.lab')} ${otherEd}\n`),
    one('a hashed name with a salt of another length', 'unknown', `${hashed('box.lab', Buffer.alloc(8, 1))} ${ed}\n`),
    one('a hash in capitals', 'unknown', `${hashed('BOX.LAB')} ${ed}\n`),
    one('a port', 'known', `[box.lab]:2222 ${ed}\n`, port),
    one('a port where 22 is asked', 'unknown', `[box.lab]:2222 ${ed}\n`),
    one('[name]:22 where 22 is asked', 'unknown', `[box.lab]:22 ${ed}\n`),
    one('a plain entry for another port', 'known', `box.lab ${ed}\n`, port),
    one('a plain entry with another key for another port', 'unknown', `box.lab ${otherEd}\n`, port),
    one('a port with another key, and a plain entry', 'changed', `[box.lab]:2222 ${otherEd}\nbox.lab ${ed}\n`, port),
    one('the same in the other order', 'changed', `box.lab ${ed}\n[box.lab]:2222 ${otherEd}\n`, port),
    one('the same, hashed', 'changed', `${hashed('[box.lab]:2222')} ${otherEd}\nbox.lab ${ed}\n`, port),
    one(
      'a port with a key of another type, and a plain entry',
      'changed',
      `[box.lab]:2222 ${otherRsa}\nbox.lab ${ed}\n`,
      port,
    ),
    {
      what: 'a port in the global file, plain in the own',
      verdict: 'changed',
      user: [`box.lab ${ed}\n`],
      global: `[box.lab]:2222 ${otherEd}\n`,
      ...port,
    },
    one('a plain RSA entry for another port', 'unknown', `box.lab ${rsa}\n`, port),
    one('wildcards', 'known', `*.lab ${ed}\n`),
    one('a wildcard with another key', 'changed', `b?x.* ${otherEd}\n`),
    one('a wildcard over ports', 'known', `[*.lab]:22?? ${ed}\n`, port),
    one('a star over brackets', 'changed', `* ${otherEd}\nbox.lab ${ed}\n`, port),
    one('a negation that takes the line away', 'unknown', `*.lab,!box.lab ${ed}\n`),
    one('a negation first', 'unknown', `!box.lab,* ${ed}\n`),
    one('a negation alone', 'unknown', `!other.lab ${ed}\n`),
    one('a negation of another', 'known', `*,!other.lab ${ed}\n`),
    one('a pattern too long', 'unknown', `box.lab,${'a'.repeat(2000)} ${ed}\n`),
    one('many names in a long line', 'known', `${'x.lab,'.repeat(20_000)}box.lab ${ed}\n`),
    { what: 'two files of the user', verdict: 'known', user: [`other ${ed}\n`, `box.lab ${ed}\n`] },
    { what: 'a wrong key in the second file', verdict: 'changed', user: ['', `box.lab ${otherEd}\n`] },
    {
      what: 'a wrong key in the own file, the right one in the global',
      verdict: 'known',
      user: [`box.lab ${otherEd}\n`],
      global: `box.lab ${ed}\n`,
    },
    { what: 'the global file alone', verdict: 'known', user: [], global: `box.lab ${ed}\n` },
    { what: 'no file of the user', verdict: 'refused', user: [], options: { StrictHostKeyChecking: 'accept-new' } },
    one('a revoked key', 'revoked', `box.lab ${ed}\n@revoked box.lab ${ed}\n`),
    one('a key revoked everywhere', 'revoked', `box.lab ${ed}\n@revoked * ${ed}\n`),
    one('a revoked key alone', 'revoked', `@revoked box.lab ${ed}\n`, strict('accept-new')),
    one('another revoked key', 'known', `@revoked * ${otherEd}\nbox.lab ${ed}\n`),
    one('a key revoked under its plain name', 'revoked', `@revoked box.lab ${ed}\n[box.lab]:2222 ${ed}\n`, {
      ...port,
      stricter: true,
    }),
    one('a marker followed by a tab', 'revoked', `box.lab ${ed}\n@revoked\tbox.lab ${ed}\n`, { stricter: true }),
    {
      what: 'a key revoked in the global file',
      verdict: 'revoked',
      user: [`box.lab ${ed}\n`],
      global: `@revoked * ${ed}\n`,
    },
    one('a revoked key, nothing checked', 'revoked', `@revoked box.lab ${ed}\n`, { ...strict('no'), stricter: true }),
    one('an authority', 'unknown', `@cert-authority *.lab ${ed}\n`),
    one('an authority and a key', 'known', `@cert-authority *.lab ${otherEd}\nbox.lab ${ed}\n`),
    one('a marker that is none', 'unknown', `@nonsense box.lab ${ed}\n`),
    one('two markers', 'unknown', `@revoked @cert-authority box.lab ${ed}\n`),
    one('comments', 'known', `# box.lab ${otherEd}\n\n  # more\nbox.lab ${ed} # me\n`),
    one("a comment in a key's place", 'unknown', `box.lab # ${ed}\n`),
    one('CRLF', 'known', `# list\r\nbox.lab ${ed}\r\n`),
    one('CRLF with another key', 'changed', `box.lab ${otherEd}\r\n`),
    one('a CR within another key', 'changed', `box.lab ${otherEd.slice(0, 40)}\r${otherEd.slice(40)}\n`),
    one('a CR within the key', 'known', `box.lab ${ed.slice(0, 40)}\r${ed.slice(40)}\n`),
    one('tabs', 'known', `\tbox.lab\t${ed.replace(' ', '\t')}\tme\n`),
    one('a vertical tab for a blank', 'unknown', `box.lab\v${ed}\n`),
    one('a no-break space first', 'unknown', `\u00a0box.lab ${ed}\n`),
    one('a byte order mark', 'unknown', `\u00ef\u00bb\u00bfbox.lab ${ed}\n`),
    one('NUL after the key', 'known', `box.lab ${ed}\0 garbage\n`),
    one('NUL after another key', 'changed', `box.lab ${otherEd}\0\n`),
    one('NUL within the key', 'unknown', `box.lab ${ed.slice(0, 40)}\0${ed.slice(40)}\n`),
    one('NUL before the line', 'unknown', `\0box.lab ${ed}\n`),
    one(
      'garbage, then the key',
      'known',
      `\u0001\u00ff\u0000\n\n%%%\nbox.lab\nbox.lab ssh-ed25519\n@\n@revoked\nbox.lab ${ed}`,
    ),
    one('no newline at the end', 'known', `box.lab ${ed}`),
    one('a type that does not fit the key', 'unknown', `box.lab ssh-rsa ${blob(ed)}\n`),
    one('a type that does not fit another key', 'unknown', `box.lab ssh-rsa ${blob(otherEd)}\n`),
    one("a signature's name for another RSA key", 'changed', `box.lab rsa-sha2-512 ${blob(otherRsa)}\n`),
    one("a signature's name for the RSA key", 'known', `box.lab rsa-sha2-256 ${blob(rsa)}\n`),
    one("a family's name for a type", 'unknown', `box.lab ED25519 ${blob(ed)}\n`),
    one('a key with its padding missing', 'unknown', `box.lab ${rsa.replace(/=+$/, '').slice(0, -1)}\n`),
    one('a key with a character too many', 'unknown', `box.lab ${ed}!\n`),
    one('several keys of a host', 'known', `box.lab ${rsa}\nbox.lab ${ecdsa}\nbox.lab ${ed}\n`),
    one('several wrong keys', 'changed', `box.lab ${otherRsa}\nbox.lab ${otherEcdsa}\nbox.lab ${otherEd}\n`),
    one('an alias', 'known', `thebox ${ed}\n`, { ...port, options: { HostKeyAlias: 'thebox' } }),
    one('an alias with another key', 'changed', `thebox ${otherEd}\n[box.lab]:2222 ${ed}\n`, {
      ...port,
      options: { HostKeyAlias: 'thebox' },
    }),
    one('an alias in capitals, hashed', 'known', `${hashed('thebox')} ${ed}\n`, {
      options: { HostKeyAlias: 'TheBox' },
    }),
    one('an alias with a port in the list', 'unknown', `[thebox]:2222 ${ed}\n`, {
      ...port,
      options: { HostKeyAlias: 'thebox' },
    }),
    one('an IPv6 address', 'known', `2001:db8::1 ${ed}\n`, { host: '2001:db8::1' }),
    one('an IPv6 address and port', 'changed', `[2001:db8::1]:2222 ${otherEd}\n`, { host: '2001:db8::1', ...port }),
    one('nothing known, strict', 'refused', '', strict('yes')),
    one('nothing known, new ones accepted', 'known', '', strict('accept-new')),
    one('nothing known, nothing checked', 'known', '', strict('no')),
    one('another key, new ones accepted', 'changed', `box.lab ${otherEd}\n`, strict('accept-new')),
    one('another key, nothing checked', 'changed', `box.lab ${otherEd}\n`, { ...strict('no'), stricter: true }),
    one('a file that is not there', 'known', 'missing', strict('accept-new')),
    one("a directory in the file's place", 'known', 'directory', strict('accept-new')),
    one("a directory in the file's place, asking", 'unknown', 'directory'),
    one('a file below a file', 'known', '', {
      files: { file: '' },
      options: { UserKnownHostsFile: '%DIR%/file/below', StrictHostKeyChecking: 'accept-new' },
    }),
    one('an RSA key that is too short', 'refused', `box.lab ${rsa}\n`, {
      options: { RequiredRSASize: '4096', HostKeyAlgorithms: 'rsa-sha2-512' },
    }),
    one('algorithms that the host has not', 'refused', `box.lab ${ed}\n`, {
      options: { HostKeyAlgorithms: 'ecdsa-sha2-nistp521' },
    }),
    one('algorithms in an order of their own', 'changed', `box.lab ${ed}\n`, {
      options: { HostKeyAlgorithms: 'rsa-sha2-512,ssh-ed25519' },
    }),
    one('the address checked', 'known', `box.lab ${ed}\n`, { options: { CheckHostIP: 'yes' } }),
  ];
}

/** RevokedHostKeys: text in the list, and whether the host's key is trusted; it stands in known_hosts. */
export function revocationLists(
  own: readonly string[],
  strange: readonly string[],
): { what: string; list: string; verdict: NamedCase['verdict'] }[] {
  const [ed = '', , rsa = ''] = own;
  const [otherEd = ''] = strange;
  return [
    { what: 'an empty list', list: '', verdict: 'known' },
    { what: 'the key', list: `# list\n${ed} me\n`, verdict: 'revoked' },
    { what: 'another key', list: `${otherEd}\n`, verdict: 'known' },
    { what: 'its other key', list: `${rsa}\n`, verdict: 'known' },
    { what: 'the key behind blanks', list: ` \t${ed}`, verdict: 'revoked' },
    { what: 'the key with CRLF', list: `${ed}\r\n`, verdict: 'revoked' },
    { what: 'garbage', list: 'garbage\n', verdict: 'refused' },
    { what: 'garbage behind another key', list: `${otherEd}\nbox.lab ${ed}\n`, verdict: 'refused' },
    { what: 'a line of CR', list: `${otherEd}\n\r\n`, verdict: 'refused' },
    { what: 'half a KRL', list: 'SSHKRL\n\0\0\0\0\x01', verdict: 'refused' },
    { what: 'no list', list: 'missing', verdict: 'refused' },
    { what: 'a directory', list: 'directory', verdict: 'refused' },
  ];
}

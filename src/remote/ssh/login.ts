/** Authentication at one host: which methods are tried in which order, and what is said when none was taken. */

import ssh2 from 'ssh2';
import type { AnyAuthMethod, IdentityCallback, ParsedKey, Prompt, SignCallback, SigningRequestOptions } from 'ssh2';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import type { Prompter } from '../transport.ts';
import { findIdentities } from './identities.ts';
import type { Identity } from './identities.ts';
import { shortPath } from './client-system.ts';
import type { Warn } from './known-files.ts';
import type { HostSettings } from './settings.ts';

/** As OpenSSH's NumberOfPasswordPrompts. */
const SECRET_TRIES = 3;

/** An agent of one key: ssh2 tells whether a method failed only when the method is over. */
class OneKey extends ssh2.BaseAgent<ParsedKey> {
  readonly #identity: Identity;
  /** The server took the key and asked for proof. */
  signed = false;

  constructor(identity: Identity) {
    super();
    this.#identity = identity;
  }

  getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, [this.#identity.publicKey]);
  }

  sign(_key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
    if (typeof options === 'function' || !callback) return;
    if (options.hash === 'sha1') {
      callback(new Error('The host asks for a SHA-1 signature.'));
      return;
    }
    this.#identity.sign(data, options).then(
      (signature) => {
        this.signed = true;
        callback(undefined, signature);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

export interface LoginOptions {
  readonly secret: Prompter['secret'];
  readonly warn: Warn;
  /** Answers to the questions that a further login of this connection would ask again, by their titles. */
  readonly answers: Map<string, string>;
  readonly signal: AbortSignal | undefined;
}

export class Login {
  readonly #settings: HostSettings;
  readonly #options: LoginOptions;
  readonly #who: string;
  readonly #tried: string[] = [];
  readonly #skipped: string[] = [];
  #accepted: readonly string[] = [];
  #declined = false;
  #promptProblem: PinboardError | null = null;
  readonly #attempts = this.#attempt();

  constructor(settings: HostSettings, options: LoginOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#who = `${settings.user}@${settings.hostName}`;
  }

  /** What to try next, `false` for nothing; `accepted` is what the server takes, null before its first answer. */
  next(accepted: readonly string[] | null, answer: (method: AnyAuthMethod | false) => void): void {
    this.#accepted = accepted ?? this.#accepted;
    this.#attempts.next().then(
      ({ value }) => answer(value ?? false),
      (error: unknown) => {
        if (error instanceof PinboardError) this.#promptProblem ??= error;
        answer(false);
      },
    );
  }

  async *#attempt(): AsyncGenerator<AnyAuthMethod, undefined> {
    const { user: username, methods } = this.#settings;
    yield { type: 'none', username };
    let proven = false;
    if (methods.publickey && this.#accepted.includes('publickey')) {
      const { keys, skipped } = await findIdentities(this.#settings, {
        ask: (path, again) => this.#passphrase(path, again),
        note: (words) => {
          this.#skipped.push(words);
          this.#options.warn(`The key ${words}`);
        },
        signal: this.#options.signal,
      });
      this.#skipped.push(...skipped);
      for (const identity of keys) {
        this.#tried.push(identity.label);
        const agent = new OneKey(identity);
        yield { type: 'agent', username, agent };
        // Taken, proven, and still not in: the server wants a second proof. ssh2 does not tell which.
        proven = agent.signed;
        if (proven) break;
      }
    }
    for (let tries = 0; methods.keyboard && this.#mayAsk('keyboard-interactive', proven, tries); tries++) {
      if (tries === 0) this.#tried.push('keyboard-interactive');
      yield {
        type: 'keyboard-interactive',
        username,
        prompt: (name, instructions, _language, prompts, finish) => {
          void this.#answers(`${name} ${instructions}`, prompts).then(finish);
        },
      };
    }
    for (let tries = 0; methods.password && this.#mayAsk('password', proven, tries); tries++) {
      if (tries === 0) this.#tried.push('password');
      const detail = tries === 0 ? '' : 'It was not accepted. Try again:';
      const password = await this.#askKept(`Password of ${this.#who}`, detail, tries > 0);
      if (password !== null) yield { type: 'password', username, password };
    }
    return undefined;
  }

  #mayAsk(method: string, proven: boolean, tries: number): boolean {
    return !this.#declined && tries < SECRET_TRIES && (this.#accepted.includes(method) || (proven && tries === 0));
  }

  /** Null when it was declined or nobody can be asked; then nothing more is asked. */
  async #ask(title: string, detail: string): Promise<string | null> {
    try {
      const secret = await this.#options.secret({ title, detail });
      if (secret === null) this.#declined = true;
      return secret;
    } catch (error) {
      this.#declined = true;
      if (!(error instanceof PinboardError)) throw error;
      this.#promptProblem ??= error;
      return null;
    }
  }

  /** As `#ask`, but what was given before for this connection is given again, once. */
  async #askKept(title: string, detail: string, again: boolean): Promise<string | null> {
    const { answers } = this.#options;
    const kept = again ? undefined : answers.get(title);
    if (kept !== undefined) return kept;
    const secret = await this.#ask(title, detail);
    if (secret !== null) answers.set(title, secret);
    return secret;
  }

  async #passphrase(path: string, again: boolean): Promise<string | null> {
    const detail = again ? 'It does not unlock the key. Try again:' : `${this.#who} accepts this key.`;
    // Declining one key's passphrase is no refusal to log in by other means.
    const secret = await this.#askKept(`Passphrase of the key ${shortPath(path)}`, detail, again);
    this.#declined = false;
    return secret;
  }

  async #answers(words: string, prompts: readonly Prompt[]): Promise<string[]> {
    const answers: string[] = [];
    for (const { prompt } of prompts) {
      // What the server asks is its own text: made safe, and said to be the server's.
      const title = `${this.#who} asks: ${clean(prompt, 200).replace(/:$/, '')}`;
      const answer = this.#declined ? null : await this.#ask(title, clean(words, 500));
      answers.push(answer ?? '');
    }
    return answers;
  }

  /** Why nobody got in. */
  problem(): PinboardError {
    if (this.#promptProblem) return this.#promptProblem;
    const tried = this.#tried.length === 0 ? 'There was nothing to try' : `Tried: ${this.#tried.join(', ')}`;
    const skipped = this.#skipped.length === 0 ? '' : ` Skipped: ${this.#skipped.join('; ')}.`;
    const takes = this.#accepted.length === 0 ? 'does not say what it accepts' : `accepts ${this.#accepted.join(', ')}`;
    return new PinboardError(
      'login-refused',
      `${this.#who} refused the login. ${tried}. It ${takes}.${skipped}`,
      `Check whether this works, and use the same key: ssh ${this.#settings.alias}. To install a key: ssh-copy-id ${this.#settings.alias}`,
    );
  }
}

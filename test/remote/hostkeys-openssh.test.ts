// Our verdict on a host's key against the real ssh's, over many known_hosts files: equal or stricter, never laxer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateCases, layOut, type KnownHostsCase } from '../support/known-host-files.ts';
import { varied } from '../support/long.ts';
import { namedCases, revocationLists, type NamedCase } from '../support/known-host-table.ts';
import { makePipedSshd, opensshVerdict, ourVerdict, type PipedSshd, type Verdict } from '../support/openssh-verdict.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';

const SEED = Number(process.env['PINBOARD_SEED'] ?? 20_261_128);
const GENERATED = Number(process.env['PINBOARD_CASES'] ?? varied(15, 200));
/** Of the table, ssh is asked about every third file, and about each that we are to be stricter with; we ourselves about all. */
const EVERY = varied(3, 1);
const AT_ONCE = 4;

/** What stands in our codes for each verdict. */
const CODES: Readonly<Record<NamedCase['verdict'], RegExp>> = {
  known: /^login-refused:/,
  unknown: /^prompt-needed:/,
  changed: /^host-key-changed:/,
  revoked: /^host-key-revoked:/,
  refused: /^(host-key-unknown|bad-file|unsupported):/,
};

void describe('host keys beside OpenSSH', { timeout: 600_000 }, () => {
  let dir = '';
  let sshd: PipedSshd;
  let count = 0;
  before(async () => {
    dir = temporaryFolder('hostkeys');
    sshd = await makePipedSshd(dir);
  });
  after(async () => {
    await sshd.stop();
    removeFolder(dir);
  });

  const remembered = (folder: string): string | null => {
    const path = join(folder, 'user0');
    return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'latin1') : null;
  };
  /** Both verdicts; each gets files of its own, as both may write. */
  const judge = async (testCase: KnownHostsCase): Promise<{ ssh: Verdict; ours: Verdict; what: string }> => {
    const [theirs, mine] = [join(dir, `${++count}-ssh`), join(dir, `${count}-ours`)];
    const ours = await ourVerdict(sshd, layOut(mine, sshd, testCase));
    const ssh = await opensshVerdict(layOut(theirs, sshd, testCase), theirs);
    const what = `${JSON.stringify(testCase, null, 1)}\nssh: ${ssh.why}\nours: ${ours.why}`;
    assert.ok(ssh.trusted || !ours.trusted, `laxer than ssh:\n${what}`);
    // A last line without its end: ssh writes into it.
    const whole = /^$|\n$/.test(testCase.user[0] ?? '');
    if (ssh.trusted && ours.trusted && whole) assert.equal(remembered(mine), remembered(theirs), what);
    return { ssh, ours, what };
  };
  const all = async <T>(cases: readonly T[], work: (testCase: T) => Promise<void>): Promise<void> => {
    const left = [...cases];
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };

  void it('gives the verdict of each file of the table, which is never laxer than that of ssh', async () => {
    const cases = namedCases(sshd.own, sshd.strange);
    const asked = new Set(cases.filter(({ stricter }, at) => stricter === true || at % EVERY === 0));
    await all(cases, async (named) => {
      if (!asked.has(named)) {
        const { why } = await ourVerdict(sshd, layOut(join(dir, `${++count}-ours`), sshd, named));
        assert.match(why, CODES[named.verdict], `${named.what}\n${why}`);
        return;
      }
      const { ssh, ours, what } = await judge(named);
      assert.match(ours.why, CODES[named.verdict], `${named.what}\n${what}`);
      assert.equal(ssh.trusted && !ours.trusted, named.stricter ?? false, `${named.what}\n${what}`);
    });
  });

  void it('is never laxer than ssh over generated files, and trusts nearly all that ssh trusts', async () => {
    let trusted = 0;
    const stricter: string[] = [];
    await all(generateCases(SEED, GENERATED, sshd), async (generated) => {
      const { ssh, ours, what } = await judge(generated);
      if (ssh.trusted && ours.trusted) trusted++;
      // Where nothing is checked, ssh goes on with a changed or revoked key: we never do.
      else if (ssh.trusted && generated.options?.['StrictHostKeyChecking'] !== 'no') stricter.push(what);
    });
    assert.ok(trusted > GENERATED / 10, `only ${trusted} were trusted`);
    assert.ok(stricter.length <= GENERATED / 20, stricter.join('\n\n'));
  });

  void it('honours RevokedHostKeys, text and KRL', async () => {
    const krl = (name: string, key: string): string => {
      writeFileSync(join(dir, `${name}.pub`), `${key}\n`);
      execFileSync('ssh-keygen', ['-q', '-k', '-f', join(dir, name), join(dir, `${name}.pub`)], { stdio: 'pipe' });
      return readFileSync(join(dir, name), 'latin1');
    };
    const [ed = ''] = sshd.own;
    const lists = [
      ...revocationLists(sshd.own, sshd.strange),
      { what: 'a KRL with the key', list: krl('krl-own', ed), verdict: 'revoked' as const },
      { what: 'a KRL with another key', list: krl('krl-other', sshd.strange[0] ?? ''), verdict: 'known' as const },
      { what: 'a KRL that is cut short', list: krl('krl-cut', ed).slice(0, -30), verdict: 'refused' as const },
    ];
    await all(lists, async ({ what, list, verdict }) => {
      const options = { RevokedHostKeys: '%DIR%/revoked' };
      const {
        ssh,
        ours,
        what: details,
      } = await judge({ user: [`box.lab ${ed}\n`], files: { revoked: list }, options });
      assert.match(ours.why, CODES[verdict], `${what}\n${details}`);
      assert.equal(ours.trusted, ssh.trusted, `${what}\n${details}`);
    });
  });

  void it('warns where a host cannot be remembered, and goes on as ssh does', async () => {
    const { ours } = await judge({ user: ['directory'], options: { StrictHostKeyChecking: 'accept-new' } });
    assert.ok(ours.trusted);
    assert.match(ours.warnings.join('\n'), /accepted but could not be saved: .*user0 cannot be written \(EISDIR\)/);
  });

  void it('names an authority to who may not be asked', async () => {
    const { ours } = await judge({ user: [`# authorities\n@cert-authority *.lab ${sshd.own[0] ?? ''}\n`] });
    assert.match(ours.why, /^prompt-needed:.*user0:2 trusts a certificate authority .*@cert-authority/);
  });
});

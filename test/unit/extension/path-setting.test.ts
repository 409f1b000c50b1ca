// Paths in settings, as people write them on any system, and the words for those that cannot be followed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absolutePath, expandPath, pathInWorkspace, SettingProblem } from '../../../src/extension/path-setting.ts';
import type { Places } from '../../../src/extension/path-setting.ts';

const linux: Places = {
  platform: 'linux',
  home: '/home/me',
  workspaceFolder: '/home/me/work',
  trusted: true,
  env: { CONFIGS: '/etc/mine', EMPTY: '' },
};
const mac: Places = { ...linux, platform: 'darwin', home: '/Users/me', workspaceFolder: '/Users/me/work' };
const windows: Places = {
  platform: 'win32',
  home: 'C:\\Users\\me',
  workspaceFolder: 'D:\\work',
  trusted: true,
  env: { CONFIGS: '\\\\server\\share' },
};
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SettingProblem);
    assert.equal(error.setting, 'a.path');
    return `${error.message} ${error.hint ?? ''}`;
  }
  return assert.fail('it was taken');
};

void describe('a path in a setting', () => {
  void it('may hold what stands for a place', () => {
    const rows: [Places, written: string, path: string][] = [
      [linux, '~/.ssh/lab', '/home/me/.ssh/lab'],
      [linux, '~', '/home/me'],
      [linux, '${userHome}/lab', '/home/me/lab'],
      [linux, '${workspaceFolder}/ssh/config', '/home/me/work/ssh/config'],
      [linux, '${env:CONFIGS}/lab', '/etc/mine/lab'],
      [linux, '/srv/a~b/${env:CONFIGS}', '/srv/a~b/etc/mine'],
      [mac, '~/.ssh/lab', '/Users/me/.ssh/lab'],
      [windows, '~\\.ssh\\lab', 'C:\\Users\\me\\.ssh\\lab'],
      [windows, '~/.ssh/lab', 'C:\\Users\\me\\.ssh\\lab'],
      [windows, '${workspaceFolder}/ssh', 'D:\\work\\ssh'],
      [windows, '${env:CONFIGS}\\lab', '\\\\server\\share\\lab'],
      [windows, 'c:/etc/lab', 'c:\\etc\\lab'],
    ];
    for (const [places, written, path] of rows) assert.equal(absolutePath('a.path', written, places), path, written);
    // A name that begins with it is a name, and on Linux a backslash is a letter.
    assert.equal(expandPath('a.path', '~you/x', linux), '~you/x');
    assert.equal(expandPath('a.path', '~\\x', linux), '~\\x');
  });

  void it('is refused in words where it stands for nothing', () => {
    const why = (value: unknown, places = linux): string => refusal(() => absolutePath('a.path', value, places));
    assert.match(
      why('${env:NONE}/x'),
      /^The setting a\.path \(\$\{env:NONE\}\/x\) needs the environment variable NONE/,
    );
    assert.match(why('${env:EMPTY}/x'), /variable EMPTY, which is not set/);
    assert.match(why('${cwd}/x'), /holds \$\{cwd\}, which stands for nothing here\. Known are ~,/);
    assert.match(why('ssh.conf'), /\(ssh\.conf\) is not an absolute path\. Let it begin at the root/);
    assert.match(why('D:\\x'), /not an absolute path/);
    assert.match(
      why('${workspaceFolder}/x', { ...linux, workspaceFolder: null }),
      /needs a folder on disk.*Open a folder/,
    );
    assert.match(why('${workspaceFolder}/x', { ...linux, trusted: false }), /which is not trusted\. Trust it first/);
    assert.match(why(7), /^The setting a\.path is 7, and takes a path/);
    assert.match(why(null), /is null, and takes a path/);
  });

  void it('stays inside the workspace where it has to', () => {
    const inside = (places: Places, value: string): string =>
      pathInWorkspace('a.path', value, { ...places, workspaceFolder: places.workspaceFolder ?? '' });
    for (const written of [
      'docs/numa/',
      './docs/numa',
      '${workspaceFolder}/docs/numa',
      '~/work/docs/numa',
      'x/../docs/numa',
    ])
      assert.equal(inside(linux, written), '/home/me/work/docs/numa', written);
    assert.equal(inside(linux, ''), '/home/me/work');
    assert.equal(inside(linux, '..numa'), '/home/me/work/..numa');
    assert.equal(inside(windows, 'docs/numa'), 'D:\\work\\docs\\numa');
    assert.equal(inside(windows, 'd:\\WORK\\docs'), 'd:\\WORK\\docs');
    const outside: [Places, string][] = [
      [linux, '..'],
      [linux, '../x'],
      [linux, 'docs/../../x'],
      [linux, '/tmp'],
      [linux, '~'],
      [linux, '/home/me/workshop'],
      [windows, 'C:\\work'],
      [windows, '..\\x'],
      [windows, '\\\\server\\share'],
    ];
    for (const [places, written] of outside)
      assert.match(
        refusal(() => inside(places, written)),
        /lies outside the workspace\./,
        written,
      );
  });
});

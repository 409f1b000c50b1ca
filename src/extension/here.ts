/**
 * What "this machine" is: the one that the extension runs on. In a remote window, in WSL, in a container and in a browser that is not the one a person
 * sits at, and neither are the `~/.ssh` that hosts and keys come from.
 */

export interface Surroundings {
  /** `vscode.env.remoteName`: undefined in a window without a remote; a server's address where the window is a page of it. */
  readonly remoteName: string | undefined;
  /** Whether the extension runs at the remote, and not beside the window. */
  readonly runsThere: boolean;
  readonly platform: NodeJS.Platform;
  readonly hostname: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Here {
  /** As rows, titles and the log call it. */
  readonly name: string;
  /** Where it is, as in "~/.ssh/config of WSL: Ubuntu"; null where a person sits at it. */
  readonly away: string | null;
  /** Why it cannot be shown, as a row says it; null: it can. */
  readonly lacks: string | null;
}

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'macOS', win32: 'Windows' };

/** What the extensions that make remotes call them. */
const CONTAINERS = ['dev-container', 'attached-container', 'k8s-container'];

export function hereOf({ remoteName, runsThere, platform, hostname, env }: Surroundings): Here {
  const lacks = platform === 'linux' ? null : `runs ${SYSTEMS[platform] ?? platform}: only Linux can be shown`;
  if (remoteName === undefined || !runsThere) return { name: 'This machine', away: null, lacks };
  const at = (noun: string, where: string): Here => ({ name: `${noun} (${where})`, away: where, lacks });
  if (CONTAINERS.includes(remoteName)) return at('This container', hostname);
  switch (remoteName) {
    case 'wsl':
      return at('This machine', `WSL: ${env['WSL_DISTRO_NAME'] ?? hostname}`);
    case 'ssh-remote':
      return at('This machine', `SSH: ${hostname}`);
    case 'codespaces':
      return at('This codespace', env['CODESPACE_NAME'] ?? hostname);
    default:
      // A server that hands the window out as a page has no word for itself but its address.
      return /^localhost$|[.:]/.test(remoteName)
        ? at('This server', hostname)
        : at('This machine', `${remoteName}: ${hostname}`);
  }
}

/** What there is to know of it beyond its name. */
export const tooltipOf = ({ name, away }: Here): string =>
  away === null
    ? name
    : `${name}\nHosts, keys and known hosts are those of ~/.ssh there, not of the machine you sit at.`;

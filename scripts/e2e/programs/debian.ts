import { existsSync } from 'node:fs'

/** What a cluster needs of the system, by the package of Debian that has it. */
const PROGRAMS: Record<string, string[]> = {
  'etcd-server': ['etcd'],
  containerd: ['containerd', 'ctr'],
  runc: ['runc'],
  iptables: ['iptables'],
  ipset: ['ipset'],
  conntrack: ['conntrack'],
  'util-linux': ['unshare', 'nsenter', 'setpriv'],
  iproute2: ['ip'],
}
/** Where Debian puts the programs that give a pod its network. */
export const CNI_PLUGINS = '/usr/lib/cni'

/** Which packages are missing on this machine, as a sentence; undefined when all are there. */
export function programsMissing(): string | undefined {
  const packages = Object.entries(PROGRAMS)
    .filter(([, programs]) => programs.some((program) => Bun.which(program) === null))
    .map(([name]) => name)
  if (!existsSync(CNI_PLUGINS)) packages.push('containernetworking-plugins')
  if (Bun.which('go') === null) packages.push('golang')
  if (packages.length === 0) return undefined
  return `programs are missing: apt-get install ${packages.join(' ')} installs them`
}

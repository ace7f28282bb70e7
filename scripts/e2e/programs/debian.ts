import { existsSync } from 'node:fs'

/** The system programs that a cluster needs, by Debian package. */
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
/** Debian's folder of the CNI plugins, which set up a pod's network. */
export const CNI_PLUGINS = '/usr/lib/cni'

/** A sentence that names the missing packages; undefined if all are installed. */
export function programsMissing(): string | undefined {
  const packages = Object.entries(PROGRAMS)
    .filter(([, programs]) => programs.some((program) => Bun.which(program) === null))
    .map(([name]) => name)
  if (!existsSync(CNI_PLUGINS)) packages.push('containernetworking-plugins')
  if (Bun.which('go') === null) packages.push('golang')
  if (packages.length === 0) return undefined
  return `programs are missing: apt-get install ${packages.join(' ')} installs them`
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readVersions } from '../../gate/delivery/versions.ts'
import { cached } from './cache.ts'
import { run } from './run.ts'

const COMMANDS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubeadm',
  'kubectl',
].map((name) => `k8s.io/kubernetes/cmd/${name}`)

/** CoreDNS with only the plugins that resolve names of the cluster. */
const COREDNS = `package main

import (
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

func main() { coremain.Run() }
`

/** The pause container, which keeps a pod's network alive until it is stopped. */
const PAUSE = `package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}
`

/**
 * Builds the Kubernetes programs and the others that a cluster needs, in one Go module, so that
 * shared packages are compiled once. Takes eight minutes on two cores; later runs use the cache.
 */
export async function buildPrograms(): Promise<string> {
  const { modules } = readVersions()
  const [kubernetes = '', metricsServer = '', kubeRouter = '', coreDns = ''] = [
    'kubernetes-module',
    'metrics-server-module',
    'kube-router',
    'coredns',
  ].map((name) => modules[name])
  const commands = [
    ...COMMANDS,
    './coredns',
    './pause',
    `${pathOf(metricsServer)}/cmd/metrics-server`,
    `${pathOf(kubeRouter)}/cmd/kube-router`,
  ]
  const required = [kubernetes, metricsServer, kubeRouter, coreDns]
  const go = await run(['go', 'version'])
  return cached('programs', {
    key: [go, ...required, ...commands, COREDNS, PAUSE],
    make: async (folder) => {
      const module = join(folder, 'module')
      await writeModule(module, { required, commands, kubernetes })
      const version = kubernetes.split('@')[1] ?? ''
      const [major, minor] = version.slice(1).split('.')
      const stamp = 'k8s.io/component-base/version.git'
      const flags = [`Version=${version}`, `Major=${major}`, `Minor=${minor}`]
      const ldflags = ['-s -w', ...flags.map((flag) => `-X ${stamp}${flag}`)].join(' ')
      const variables = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off' }
      const options = { cwd: module, variables }
      await run(['go', 'mod', 'tidy'], options)
      await mkdir(join(folder, 'bin'))
      const build = ['go', 'build', '-trimpath', '-ldflags', ldflags, '-o', join(folder, 'bin/')]
      await run(['nice', '-n', '10', ...build, ...commands], options)
    },
  })
}

function pathOf(module: string): string {
  return module.split('@')[0] ?? ''
}

interface ModuleParts {
  required: string[]
  commands: string[]
  kubernetes: string
}

/**
 * Writes go.mod. `k8s.io/kubernetes` replaces its libraries by local folders; this uses releases.
 */
async function writeModule(folder: string, { required, commands, kubernetes }: ModuleParts) {
  const found = JSON.parse(await run(['go', 'mod', 'download', '-json', kubernetes]))
  const release = (kubernetes.split('@')[1] ?? '').replace(/^v1/, 'v0')
  const own: string = await readFile(found.GoMod, 'utf8')
  const libraries = [...own.matchAll(/^\t(k8s\.io\/\S+) => \.\/staging/gm)].map(([, name]) => name)
  const lines = [
    'module super-zol/e2e',
    own.match(/^go .*$/m)?.[0] ?? '',
    own.match(/^godebug .*$/m)?.[0] ?? '',
    ...required.map((module) => `require ${module.replace('@', ' ')}`),
    ...libraries.map((name) => `replace ${name} => ${name} ${release}`),
  ]
  for (const name of ['coredns', 'pause']) await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, 'go.mod'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'coredns/main.go'), COREDNS)
  await writeFile(join(folder, 'pause/main.go'), PAUSE)
  const imports = commands.filter((name) => !name.startsWith('.')).map((name) => `\t_ "${name}"`)
  const keep = ['//go:build keep', '', 'package keep', '', 'import (', ...imports, ')', '']
  await writeFile(join(folder, 'keep.go'), keep.join('\n'))
}

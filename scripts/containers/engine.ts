import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTool } from '../gate/run-tool.ts'

/** A Docker engine and its client program. */
export interface Engine {
  /** `DOCKER`, and `DOCKER_HOST` for an engine that the tests started. */
  variables: Record<string, string>
  /** Stops the engine and removes its data if the tests started it. */
  close: () => Promise<void>
}

/** There is no engine; `installable` if only a package is missing. */
export class NoEngineError extends Error {
  override name = 'NoEngineError'
  constructor(
    message: string,
    readonly installable: boolean,
  ) {
    super(message)
  }
}

const INSTALL =
  'apt-get install docker.io debootstrap installs it (and docker-buildx, where there is such a package)'
const START_MS = 30_000
/**
 * Leaves the machine's firewall and routing alone, which others share; builds use the host network
 * (`BUILD_NETWORK`).
 */
const NETWORK_OPTIONS = ['--iptables=false', '--ip-forward=false', '--ip-masq=false']

/**
 * The engine that runs on this machine, or a new one in a temporary folder.
 * @throws NoEngineError that says what is missing
 */
export async function openEngine(): Promise<Engine> {
  const docker = await findDocker()
  if ((await runTool([docker, 'info'])).code === 0)
    return { variables: { DOCKER: docker }, close: async () => {} }
  const dockerd = findDaemon()
  if (process.getuid?.() !== 0)
    throw new NoEngineError('no Docker engine runs, and only root can start one', false)
  return startEngine(docker, dockerd)
}

/**
 * A new engine, even if one runs on this machine already.
 * @throws NoEngineError that says what is missing
 */
export async function openOwnEngine(): Promise<Engine> {
  return startEngine(await findDocker(), findDaemon(), ['--bridge=none'])
}

function findDaemon(): string {
  const dockerd = ['/usr/sbin/dockerd', '/usr/bin/dockerd'].find((path) => existsSync(path))
  if (dockerd === undefined) throw new NoEngineError(`dockerd is not there: ${INSTALL}`, true)
  return dockerd
}

/** The network interface that dockerd creates and does not remove. */
const BRIDGE = 'docker0'

/**
 * A client that builds with BuildKit: built in up to version 22, by the plugin buildx since then.
 */
async function findDocker(): Promise<string> {
  const candidates = [process.env.DOCKER, 'docker', '/usr/bin/docker'].filter(
    (name) => name !== undefined && name !== '',
  )
  for (const docker of candidates.filter((name) => name !== undefined)) {
    const client = await runTool([docker, 'version', '--format', '{{.Client.Version}}']).catch(
      () => undefined,
    )
    if (client === undefined) continue
    if (Number.parseInt(client.stdout, 10) < 23) return docker
    if ((await runTool([docker, 'buildx', 'version'])).code === 0) return docker
  }
  throw new NoEngineError(`docker (with buildx, from version 23 on) is not there: ${INSTALL}`, true)
}

async function startEngine(
  docker: string,
  dockerd: string,
  options: string[] = [],
): Promise<Engine> {
  const makesBridge = options.length === 0 && !existsSync(`/sys/class/net/${BRIDGE}`)
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-docker-'))
  const host = `unix://${join(folder, 'socket')}`
  const log = await open(join(folder, 'log'), 'w')
  const places = { '--data-root': 'data', '--exec-root': 'exec', '--pidfile': 'pid' }
  const args = Object.entries(places).flatMap(([option, name]) => [option, join(folder, name)])
  const child = spawn(dockerd, [...args, ...NETWORK_OPTIONS, ...options, '--host', host], {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  await log.close()
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
  const close = async () => {
    child.kill('SIGTERM')
    await ended
    if (makesBridge) await runTool(['ip', 'link', 'delete', BRIDGE])
    await rm(folder, { recursive: true, force: true })
  }
  const giveUp = Date.now() + START_MS
  while (Date.now() < giveUp && child.exitCode === null) {
    if ((await runTool([docker, '--host', host, 'info'])).code === 0) {
      return { variables: { DOCKER: docker, DOCKER_HOST: host, BUILD_NETWORK: 'host' }, close }
    }
    await sleep(200)
  }
  const last = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n').slice(-3).join('\n')
  await close()
  throw new NoEngineError(`dockerd does not start on this machine:\n${last}`, false)
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runTool } from '../run-tool.ts'
import { findProgram } from './checkers.ts'
import type { Manifest } from './manifest.ts'

export interface Build {
  overlay: string
  /** All objects as YAML, as `kubectl apply -k` sends them. */
  text: string
  objects: Manifest[]
}

export const OVERLAYS = join(ROOT, 'kustomize/overlays')

/** The command that builds overlays on this machine: kustomize, or the one in kubectl. */
function builder(): string[] | undefined {
  const kustomize = findProgram('kustomize')
  if (kustomize) return [kustomize, 'build']
  const kubectl = findProgram('kubectl')
  return kubectl ? [kubectl, 'kustomize'] : undefined
}

/** Why this machine cannot build overlays; undefined if it can. */
export function noBuilder(): string | undefined {
  return builder()
    ? undefined
    : 'there is neither kustomize nor kubectl; scripts/install-checkers.sh installs kustomize'
}

/** @throws Error with the builder's message */
export async function build(folder: string): Promise<Omit<Build, 'overlay'>> {
  const command = builder()
  if (command === undefined) throw new Error(`Cannot build ${folder}: ${noBuilder()}`)
  const { code, stdout, stderr } = await runTool([...command, folder])
  if (code !== 0) throw new Error(`Cannot build ${folder}: ${stderr}`)
  return { text: stdout, objects: readManifests(stdout) }
}

export function readManifests(text: string): Manifest[] {
  const parsed = Bun.YAML.parse(text)
  return (Array.isArray(parsed) ? parsed : [parsed]) as Manifest[]
}

let built: Promise<Build[]> | undefined

/** Every overlay, built once per process. */
export function buildOverlays(): Promise<Build[]> {
  const folders = () => readdirSync(OVERLAYS).sort()
  built ??= Promise.all(
    folders().map(async (overlay) => ({ overlay, ...(await build(join(OVERLAYS, overlay))) })),
  )
  return built
}

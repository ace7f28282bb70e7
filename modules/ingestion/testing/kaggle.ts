import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type KaggleServer,
  openKaggleServer,
  type ServerOptions,
} from '../../../scripts/kaggle-server/server.ts'
import { zipOf } from '../../../scripts/kaggle-server/write-zip.ts'
import type { Kaggle } from '../kaggle/client/client.ts'
import { DATASET, fullLists, item } from './ingest.ts'

/**
 * A server with versions, and a client that records its waits (milliseconds) instead of waiting.
 */
export type KaggleBench = {
  server: KaggleServer
  kaggle: Kaggle
  waits: number[]
  reasons: string[]
  /** For downloads. */
  folder: string
  /** The zip of a version as it is served. */
  zip(version: number): Buffer
  close(): Promise<void>
}

/** Serves versions by day, numbered from 1. */
export async function openKaggleBench(
  versions: Record<string, Record<string, string>>,
  options: Partial<ServerOptions> = {},
): Promise<KaggleBench> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-kaggle-'))
  const served = join(folder, 'served')
  await mkdir(served)
  const zips = Object.entries(versions).map(([day, files]) => ({
    path: join(served, `${day}.zip`),
    zip: zipOf(files),
  }))
  for (const { path, zip } of zips) await writeFile(path, zip)
  const server = await openKaggleServer({ versions: served, dataset: DATASET, ...options })
  const waits: number[] = []
  const reasons: string[] = []
  const kaggle: Kaggle = {
    endpoint: server.endpoint,
    dataset: DATASET,
    credentials: null,
    silenceMs: 5000,
    patience: { sleep: async () => {}, random: () => 0.5 },
    onWait: (reason, ms) => {
      reasons.push(reason)
      waits.push(ms)
    },
  }
  return {
    server,
    kaggle,
    waits,
    reasons,
    folder: join(folder, 'downloads'),
    zip: (version) => zips[version - 1]?.zip ?? Buffer.alloc(0),
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A version with one list, a file that pads it to a length, and another to download alone. */
export function versionOf(day: string, price: string, padding = 0): Record<string, string> {
  const at = `${day.replaceAll('-', '')}0300`
  let noise = ''
  for (let seed = 1; noise.length < padding; seed = (seed * 48_271) % 2_147_483_647)
    noise += String.fromCharCode(32 + (seed % 95))
  return {
    'index.json': JSON.stringify({ 0: `${day} 04:00:00` }),
    'notes.txt': noise,
    'price_full_file_x.csv': fullLists([{ at, rows: [item('101', price)] }]),
  }
}

/** The error of a rejected promise. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Cannot return the error: the promise did not fail')
}

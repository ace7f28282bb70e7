/**
 * bun scripts/bench/download.ts [--gigabytes N]
 *
 * Loads a synthetic version of 2 GB by `ingest kaggle` from the local server, which cuts the
 * connection five times, while the process is killed twice. Holds against it: the zip that was kept
 * is the same to the byte, no byte was sent twice but for at most 1 MB a break, and no process ever
 * took 300 MB of memory. Exit codes: 0 all of it holds, 1 not, 2 wrong usage.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { Fault } from '../kaggle-server/faults.ts'
import { openKaggleServer, type SeenRequest } from '../kaggle-server/server.ts'
import { zipPieces } from '../kaggle-server/write-zip.ts'
import { openBenchServer } from './bench-server.ts'
import { startIngest } from './ingest-process.ts'

const USAGE = 'usage: bun scripts/bench/download.ts [--gigabytes N]'
const DATASET = 'super-zol/bench'
const DAY = '2026-05-01'
const NOISE_BYTES = 32 << 20
/** A fast line. A killed process loses the bytes in the system's buffers: more on a faster line. */
const BYTES_PER_SECOND = 25_000_000
const MOST_TWICE = 1_000_000
const MOST_MEGABYTES = 300

/** How each connection ends, in order, each at a share of the version; the last one completes. */
const ENDS = ['cut', 'cut', 'kill', 'cut', 'kill', 'cut', 'cut'] as const

/** A version of files of incompressible noise and one price list. */
async function writeVersion(folder: string, files: number): Promise<string> {
  await mkdir(folder)
  const path = join(folder, `${DAY}.zip`)
  const noise = Buffer.alloc(NOISE_BYTES)
  function* content(): Generator<[string, string | Uint8Array]> {
    yield ['index.json', `{"0": "${DAY} 04:00:00"}`]
    const keys =
      'found_folder,file_name,chainid,subchainid,storeid,bikoretno,itemcode,itemname,itemprice'
    const source = `dumps,PriceFull7290000000017-001-${DAY.replaceAll('-', '')}0300,7290000000017,1,1,1`
    yield ['price_full_file_x.csv', `${keys}\n${source},7290000000130,חלב,5.90\n`]
    for (let i = 0; i < files; i++) yield [`noise_${i}.bin`, crypto.getRandomValues(noise)]
  }
  await pipeline(zipPieces(content(), { level: 0 }), createWriteStream(path))
  return path
}

type Download = { seconds: number; megabytes: number; parts: SeenRequest[] }

/** Runs `ingest kaggle` until each kill, and then to its end. */
async function download(folder: string, served: string): Promise<Download> {
  const { size } = await stat(served)
  const share = Math.floor(size / (ENDS.length + 1))
  const slow: Fault = { at: 'storage', bytesPerSecond: BYTES_PER_SECOND }
  const faults = [...ENDS.map((end) => (end === 'cut' ? { ...slow, cutAfter: share } : slow)), slow]
  const server = await openKaggleServer({ versions: dirname(served), dataset: DATASET, faults })
  const bench = await openBenchServer()
  const parts = () => server.requests.filter(({ at }) => at === 'storage')
  try {
    const variables = {
      DATABASE_URL: await bench.createDatabase('download'),
      DATASET_ID: DATASET,
      DATA_DIR: join(folder, 'data'),
      KAGGLE_API_ENDPOINT: server.endpoint,
      HOME: folder,
    }
    const began = performance.now()
    let megabytes = 0
    for (const _ of [...ENDS.filter((end) => end === 'kill'), 'end']) {
      const { child, ended } = startIngest(['kaggle'], variables)
      const before = parts().length
      const watch = setInterval(() => {
        const last = parts().length - 1
        if (last >= before && ENDS[last] === 'kill' && (parts()[last]?.sent ?? 0) >= share)
          child.kill('SIGKILL')
      }, 5)
      const { code, said, ...result } = await ended.finally(() => clearInterval(watch))
      megabytes = Math.max(megabytes, result.megabytes)
      if (code !== null && code !== 0)
        throw new Error(`Cannot measure: ingest ended with ${code}\n${said}`)
    }
    return { seconds: (performance.now() - began) / 1000, megabytes, parts: parts() }
  } finally {
    await bench.close()
    await server.close()
  }
}

/** The bytes that each connection but the first sent again. */
function sentTwice(parts: readonly SeenRequest[]): number[] {
  return parts.slice(1).map(({ from }, i) => {
    const before = parts[i]
    return (before?.from ?? 0) + (before?.sent ?? 0) - (from ?? 0)
  })
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { gigabytes: { type: 'string', default: '2' } } })
  const files = Math.round((Number(values.gigabytes) * 2 ** 30) / NOISE_BYTES)
  if (!(files > 0 && files < 120)) throw new TypeError('--gigabytes must be above 0 and below 3.75')
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-bench-download-'))
  try {
    const served = await writeVersion(join(folder, 'served'), files)
    const { seconds, megabytes, parts } = await download(folder, served)
    const kept = join(folder, 'data/files/archive', `${DAY}.zip`)
    return report(parts, {
      seconds,
      megabytes,
      bytes: (await stat(served)).size,
      isSame: (await sha256Of(kept)) === (await sha256Of(served)),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Measured = { seconds: number; megabytes: number; bytes: number; isSame: boolean }

function report(
  parts: readonly SeenRequest[],
  { seconds, megabytes, bytes, isSame }: Measured,
): number {
  const twice = sentTwice(parts)
  const count = (end: string) => ENDS.filter((one) => one === end).length
  const inMegabytes = twice.map((more) => (more / 1e6).toFixed(2)).join(', ')
  const checks: [string, boolean][] = [
    [
      `sent twice after each break, in MB: ${inMegabytes} (at most ${MOST_TWICE / 1e6})`,
      twice.length === ENDS.length && twice.every((more) => more >= 0 && more <= MOST_TWICE),
    ],
    ['the zip that was kept is the same to the byte', isSame],
    [
      `most memory of a process: ${Math.round(megabytes)} MB (below ${MOST_MEGABYTES})`,
      megabytes < MOST_MEGABYTES,
    ],
  ]
  console.log(
    `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB, cut ${count('cut')} times, killed ${count('kill')} times: ${seconds.toFixed(1)} s`,
  )
  for (const [what, holds] of checks) console.log(`  ${what}: ${holds ? 'pass' : 'FAIL'}`)
  return checks.every(([, holds]) => holds) ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof TypeError) console.error(USAGE)
  process.exitCode = error instanceof TypeError ? 2 : 1
}

/**
 * bun scripts/kaggle-server/main.ts [--versions DIR] [--port N] …: a server that behaves like
 * Kaggle, for tests and for clusters without the world outside.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Fault } from './faults.ts'
import { openKaggleServer } from './server.ts'
import { zipSample } from './versions.ts'

const USAGE = `usage: bun scripts/kaggle-server/main.ts [options]
Serves dataset versions as Kaggle does, for KAGGLE_API_ENDPOINT.

  --versions DIR       zips, numbered from 1 by their names; without it the generated sample
  --days N             of the sample (14)
  --dataset OWNER/NAME what it is called (erlichsefi/israeli-supermarkets-2024)
  --host, --port N, --storage-port N
                       where it listens (127.0.0.1, 8780 and 8781)
  --authorization TEXT the Authorization that is let in, such as 'Bearer …'
  --private            let nobody else in
  --fault JSON         misbehave, such as {"at":"storage","cutAfter":100000}; any number of them`

const option = { type: 'string' } as const

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      versions: option,
      days: { ...option, default: '14' },
      dataset: { ...option, default: 'erlichsefi/israeli-supermarkets-2024' },
      host: { ...option, default: '127.0.0.1' },
      port: { ...option, default: '8780' },
      'storage-port': { ...option, default: '8781' },
      authorization: option,
      private: { type: 'boolean', default: false },
      fault: { ...option, multiple: true, default: [] },
    },
  })
  const server = await openKaggleServer({
    versions: values.versions ?? (await zipSample(Number(values.days))),
    dataset: values.dataset,
    host: values.host,
    port: Number(values.port),
    storagePort: Number(values['storage-port']),
    ...(values.authorization === undefined ? {} : { authorization: values.authorization }),
    isPrivate: values.private,
    faults: values.fault.map((text) => JSON.parse(text) as Fault),
    onRequest: ({ at, path, from }) =>
      console.log(from === null ? `${at} ${path}` : `${at} ${path} from ${from}`),
  })
  console.log(`KAGGLE_API_ENDPOINT=${server.endpoint}`)
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  process.exitCode = 2
})

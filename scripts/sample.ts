import process from 'node:process'
import { parseArgs } from 'node:util'
import { writeSample } from './sample/generate.ts'

const USAGE = `usage: npm run sample -- OUT [--seed N] [--days N] [--stores N] [--products N] [--last-day YYYY-MM-DD]
Writes the invented sample market to OUT: one folder a day, each a dataset version in the publisher's form.`

function readCount(name: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {}
  if (!/^\d+$/.test(text))
    throw new Error(`Cannot use --${name} ${text}: it must be a whole number`)
  return { [name]: Number(text) }
}

const option = { type: 'string' } as const

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: option, days: option, stores: option, products: option, 'last-day': option },
  })
  const [outDir, ...more] = positionals
  if (outDir === undefined || more.length > 0)
    throw new Error('Cannot write the sample: name one folder')
  const lastDay = values['last-day']
  const folders = await writeSample(outDir, {
    ...readCount('seed', values.seed),
    ...readCount('days', values.days),
    ...readCount('stores', values.stores),
    ...readCount('products', values.products),
    ...(lastDay === undefined ? {} : { lastDay }),
  })
  process.stdout.write(`${folders.join('\n')}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`)
  process.exitCode = 2
})

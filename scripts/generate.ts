/**
 * npm run generate: writes every file that is derived from code; a test finds those out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { ROOT } from './gate/run-tool.ts'
import { derivedFiles } from './generate/derived-files.ts'

for (const { path, missing, generate } of derivedFiles) {
  const reason = missing()
  if (reason !== undefined) {
    console.log(`${path}: not generated: ${reason}`)
    continue
  }
  const [before, after] = [readFileSync(join(ROOT, path), 'utf8'), await generate()]
  if (before !== after) writeFileSync(join(ROOT, path), after)
  console.log(`${path}: ${before === after ? 'up to date' : 'written'}`)
}
process.exit(0)

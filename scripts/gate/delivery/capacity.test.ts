import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import { buildOverlays, noBuilder } from './build.ts'
import { mostUsed } from './rules-quota.ts'

const skipped = noBuilder() !== undefined && process.env.CI !== 'true'

test.skipIf(skipped)('docs/capacity.md says what the overlays ask for at most', async () => {
  const text = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8')
  for (const { overlay, objects } of await buildOverlays()) {
    // changes with every service that somebody tries
    if (overlay === 'local') continue
    const used = mostUsed(objects)
    const side = (name: string) =>
      `${(used[`${name}.cpu`] ?? 0).toFixed(2)} CPU, ${((used[`${name}.memory`] ?? 0) / 2 ** 30).toFixed(1)} GiB`
    const storage = `${((used['requests.storage'] ?? 0) / 2 ** 30).toFixed(0)} GiB`
    expect(text).toContain(
      `| \`${overlay}\` | ${used.pods} | ${side('requests')} | ${side('limits')} | ${storage} |\n`,
    )
  }
})

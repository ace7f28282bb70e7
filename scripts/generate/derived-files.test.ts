import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../gate/run-tool.ts'
import { derivedFiles } from './derived-files.ts'
import { settingsList } from './settings-list.ts'

for (const { path, missing, generate } of derivedFiles) {
  test.skipIf(missing() !== undefined && process.env.CI !== 'true')(
    `${path} is what npm run generate writes`,
    async () => {
      const generated = await generate()
      expect(readFileSync(join(ROOT, path), 'utf8') === generated).toBe(true)
    },
  )
}

test('the list of settings has the name, default and help of each', () => {
  const example = '# Title.\n\n# Port of the API.\n# PORT=3000\n\n# A bucket.\n# S3_BUCKET=\n'
  expect(settingsList(example)).toBe(
    '- `PORT` (`3000`): Port of the API.\n- `S3_BUCKET` (empty): A bucket.',
  )
})

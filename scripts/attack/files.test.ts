import { expect, test } from 'bun:test'
import { attackFiles } from './files.ts'

test('reading 700 mutated files neither crashes nor alters a price outside the mutated rows', async () => {
  const { kinds, wrong, compared } = await attackFiles({ count: 700, seed: 20_260_901 })
  expect(wrong).toEqual([])
  expect(compared).toBeGreaterThan(5000)
  for (const kind of ['swapCells', 'moveColumns', 'tearRow', 'cutFile', 'flipByte', 'windows1255'])
    expect(kinds[kind]?.read).toBeGreaterThan(5)
  expect(kinds.utf16?.refused).toBeGreaterThan(0)
})

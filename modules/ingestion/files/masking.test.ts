import { expect, test } from 'bun:test'
import { detectMasking } from './masking.ts'

const HEADER = 'found_folder,file_name,chainid,itemcode,itemprice\n'

async function* stream(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

test('a cell of two single quotes anywhere marks the newer form of masking', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\n,,,3,''\n`))).toBe('all')
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\r\n,,,3,''\r\n`))).toBe('all')
})

test("without a '' cell, an empty cell in a block's first row makes empty cells ambiguous", async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,2,5\n,,,3,\nf,b,1,,5\n`))).toBe('keys')
})

test("without a '' cell, a file whose blocks begin with full rows has the newer form of masking", async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,2,5\n,,,3,\n`))).toBe('all')
})

test('two single quotes inside a longer text do not mark the newer form of masking', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,'',5\n`))).toBe('all')
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\n,,,"x,'',y",1\n,,,10 מ''ל,1\n`))).toBe(
    'keys',
  )
})

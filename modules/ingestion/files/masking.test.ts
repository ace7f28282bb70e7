import { expect, test } from 'bun:test'
import { detectMasking } from './masking.ts'

const HEADER = 'found_folder,file_name,chainid,itemcode,itemprice\n'

async function* stream(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

test('a cell of two single quotes anywhere tells the newer form', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\n,,,3,''\n`))).toBe('all')
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\r\n,,,3,''\r\n`))).toBe('all')
})

test('without the mark, an empty cell in the first row of a block makes empty cells ambiguous', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,2,5\n,,,3,\nf,b,1,,5\n`))).toBe('keys')
})

test('without the mark, blocks that begin with full rows are of the newer form', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,2,5\n,,,3,\n`))).toBe('all')
})

test('two single quotes within a text are no mark', async () => {
  expect(await detectMasking(stream(`${HEADER}f,a,1,'',5\n`))).toBe('all')
  expect(await detectMasking(stream(`${HEADER}f,a,1,,5\n,,,"x,'',y",1\n,,,10 מ''ל,1\n`))).toBe(
    'keys',
  )
})

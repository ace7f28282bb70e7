import { expect, test } from 'bun:test'
import { toUtf8 } from './text-encoding.ts'

/** Encodes Hebrew letters, ASCII and the shekel sign as Windows-1255. */
function windows1255(text: string): Buffer {
  return Buffer.from(
    [...text].map((letter) => {
      const code = letter.charCodeAt(0)
      if (code >= 0x5d0 && code <= 0x5ea) return code - 0x5d0 + 0xe0
      return letter === '₪' ? 0xa4 : code
    }),
  )
}

async function converted(bytes: Buffer, size = bytes.length): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
  async function* source() {
    yield* chunks
  }
  return Buffer.concat(await Array.fromAsync(toUtf8(source()))).toString()
}

const TEXT = 'itemcode,itemname\n101,חלב 3%\n102,"לחם, אחיד" ₪\n103,Coca Cola\n104,סוף'

test.each([1, 2, 3, 7, 1000])('Windows-1255 in chunks of %d bytes is decoded', async (size) => {
  expect(await converted(windows1255(TEXT), size)).toBe(TEXT)
})

test.each([1, 2, 3, 7, 1000])('UTF-8 in chunks of %d bytes is unchanged', async (size) => {
  expect(await converted(Buffer.from(TEXT), size)).toBe(TEXT)
  expect(await converted(Buffer.from(`\uFEFF${TEXT}`), size)).toBe(`\uFEFF${TEXT}`)
})

test('the encoding may change between the lines of a file', async () => {
  const lines = Buffer.concat([
    windows1255('101,חלב\n'),
    Buffer.from('102,לחם\n'),
    windows1255('103,גזר'),
  ])
  expect(await converted(lines)).toBe('101,חלב\n102,לחם\n103,גזר')
})

test('an invalid byte in a line of UTF-8 does not affect other letters', async () => {
  const line = Buffer.from('101,חלב,5.90\n')
  line[5] = 0xff
  expect(await converted(line)).toMatch(/^101,.*לב,5\.90\n$/)
})

test('UTF-16 is an error', async () => {
  for (const mark of [
    [0xff, 0xfe],
    [0xfe, 0xff],
  ])
    await expect(converted(Buffer.from([...mark, 0x61, 0]))).rejects.toThrow('UTF-16')
})

test('a file without a line break is read completely', async () => {
  const long = Buffer.alloc(40 << 20, 'a')
  expect((await converted(long, 1 << 20)).length).toBe(long.length)
})

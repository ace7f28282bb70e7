import { expect, test } from 'bun:test'
import { createTestDatabase } from '../testing/test-database.ts'
import { copyOut } from './binary-copy.ts'

test('after a COPY of any size the connection answers the next query', async () => {
  const { sql, drop } = await createTestDatabase({ migrated: false })
  try {
    await sql.reserve().then(async (one) => {
      for (let rows = 0; rows < 60_000; rows += 997) {
        let sum = 0
        const count = await copyOut(
          one,
          `select n::int4 from generate_series(1, ${rows}) n`,
          (from) => {
            sum += from.int4()
          },
        )
        expect([count, sum]).toEqual([rows, (rows * (rows + 1)) / 2])
        expect([...(await one`select 1 as answer`)]).toEqual([{ answer: 1 }])
      }
      one.release()
    })
  } finally {
    await drop()
  }
}, 20_000)

import { expect, test } from 'bun:test'
import { apiActions } from '../testing/api-outages.ts'
import { faultsOf, surviveOutages } from '../testing/database-outages.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { createTestDatabase } from '../testing/test-database.ts'

test('the API answers 503 during a database outage and recovers within a second', async () => {
  const database = await createTestDatabase()
  await insertFixtures(database.sql)
  const report = await surviveOutages(database.url, { cuts: 9, actions: apiActions })
  expect(faultsOf(report)).toEqual([])
  expect(Object.keys(report.errors)).toEqual(['503 DATABASE_UNAVAILABLE'])
  expect(report.answers).toBeGreaterThan(9 * 24)
  await database.drop()
}, 60_000)

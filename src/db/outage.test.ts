import { expect, test } from 'bun:test'
import { driverActions, faultsOf, surviveOutages } from '../testing/database-outages.ts'
import { createTestDatabase } from '../testing/test-database.ts'

test('a pool recovers within a second after each database outage', async () => {
  const database = await createTestDatabase({ migrated: false })
  const report = await surviveOutages(database.url, { cuts: 12, actions: driverActions })
  expect(faultsOf(report)).toEqual([])
  expect(report.answers).toBeGreaterThan(12 * 24)
  await database.drop()
}, 60_000)

import type { Sql } from '../../../src/db/connect.ts'
import { needsSettlements, publishSettlements, type Settlement } from '../../catalog/index.ts'
import { assertLocked } from './lock.ts'

const TIMEOUT_MS = 15_000
/** Records requested per page; a server may return fewer. */
const PAGE = 1000
const MAX_PAGES = 50
/** data.gov.il rejects clients without this user agent. */
const USER_AGENT = 'datagov-external-client super-zol'

/**
 * Loads the names of settlements from the CKAN service at `url` if stores need them, and adds one
 * to the generation if any is new.
 * @throws Error that says why there is no list; the stored names stay
 */
export async function refreshSettlements(
  db: Sql,
  url: string,
  { backendPid, signal }: { backendPid: number; signal: AbortSignal },
): Promise<void> {
  if (!(await needsSettlements(db))) return
  const settlements = await fetchSettlements(
    url,
    AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  )
  await db.begin(async (tx) => {
    await assertLocked(tx, backendPid)
    if ((await publishSettlements(tx, settlements)) === 0) return
    const [row] = await tx<{ number: string }[]>`
      update core.generation set number = number + 1, published_at = now() returning number`
    await tx`select pg_notify('generation', ${row?.number ?? ''})`
  })
}

type Row = { [column: string]: unknown }
type Answer = { success?: unknown; result?: { records?: unknown; total?: unknown } }

/** All records of a CKAN `datastore_search`, page by page. */
async function fetchSettlements(url: string, signal: AbortSignal): Promise<Settlement[]> {
  const names = new Map<string, string>()
  let total = Number.POSITIVE_INFINITY
  for (let page = 0, offset = 0; offset < total && page < MAX_PAGES; page++) {
    const answer = await fetchPage(url, { offset, signal })
    if (answer.records.length === 0) break
    for (const record of answer.records) {
      const settlement = readSettlement(record)
      if (settlement !== null) names.set(settlement.code, settlement.name)
    }
    offset += answer.records.length
    total = answer.total
  }
  if (names.size === 0) throw new Error('it holds no settlements')
  return [...names].map(([code, name]) => ({ code, name }))
}

async function fetchPage(
  url: string,
  { offset, signal }: { offset: number; signal: AbortSignal },
): Promise<{ records: Row[]; total: number }> {
  const pageUrl = new URL(url)
  pageUrl.searchParams.set('limit', String(PAGE))
  pageUrl.searchParams.set('offset', String(offset))
  const response = await fetch(pageUrl, {
    signal,
    headers: { accept: 'application/json', 'user-agent': USER_AGENT },
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const { success, result } = readAnswer(await response.text())
  if (success !== true || !Array.isArray(result?.records))
    throw new Error('its answer has no records')
  return { records: result.records, total: Number(result.total ?? Number.POSITIVE_INFINITY) }
}

function readAnswer(text: string): Answer {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Answer
  } catch (cause) {
    throw new Error('its answer is no JSON', { cause })
  }
}

/** The older and newer editions of the list have different column names. */
function readSettlement(record: Row): Settlement | null {
  const code = String(record.סמל_ישוב ?? record.city_code ?? '').trim()
  const name = plainName(String(record.שם_ישוב ?? record.city_name_he ?? ''))
  return /^\d+$/.test(code) && Number(code) > 0 && name !== ''
    ? { code: String(Number(code)), name }
    : null
}

/** Trims the names of the list; some have reversed parentheses: `אעצם )שבט(`. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .replace(/\)([^()]*)\(/g, '($1)')
    .replace(/(?<=[^\s])\(/g, ' (')
    .replaceAll('`', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

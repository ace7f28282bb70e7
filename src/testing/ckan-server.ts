import { createServer } from 'node:http'

/** A CKAN service that answers `datastore_search` as data.gov.il does, or as `misbehave` says. */
export type Ckan = {
  url: string
  /** The paths and queries that were requested. */
  asked: string[]
  /** Its records and the most per response. */
  records: Record<string, unknown>[]
  most: number
  misbehave: { status?: number; body?: string; silent?: boolean }
  close(): Promise<void>
}

export async function startCkan(records: Record<string, unknown>[]): Promise<Ckan> {
  const server = createServer((request, response) => {
    ckan.asked.push(request.url ?? '')
    const { status, body, silent = false } = ckan.misbehave
    if (silent) return
    if (!request.headers['user-agent']?.includes('datagov-external-client')) {
      response.writeHead(403).end('<html>Access denied</html>')
      return
    }
    const { searchParams } = new URL(request.url ?? '', ckan.url)
    const offset = Number(searchParams.get('offset') ?? 0)
    const limit = Math.min(Number(searchParams.get('limit') ?? 100), ckan.most)
    const result = {
      records: ckan.records.slice(offset, offset + limit),
      total: ckan.records.length,
    }
    response.writeHead(status ?? 200, { 'content-type': 'application/json' })
    response.end(body ?? JSON.stringify({ success: true, result }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const ckan: Ckan = {
    url: `http://127.0.0.1:${port}/api/3/action/datastore_search?resource_id=settlements`,
    asked: [],
    records,
    most: 32_000,
    misbehave: {},
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
  return ckan
}

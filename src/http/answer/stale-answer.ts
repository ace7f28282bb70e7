/**
 * Marks a cached answer that could not be validated while the database is unavailable (RFC 9111:
 * `Age`; RFC 7234, 5.5.1:
 * `Warning: 110`, which clients and caches still understand).
 *
 * @param seconds the time since the database last confirmed the answer
 */
export function markStale(response: Response, seconds: number): Response {
  response.headers.set('warning', '110 - "Response is Stale"')
  response.headers.set('age', String(Math.floor(seconds)))
  return response
}

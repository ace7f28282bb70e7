/** The remote parent span of a request. */
export type TraceParent = { traceId: string; spanId: string; traceFlags: number }

/** W3C Trace Context: version, trace, span, flags; later versions may add fields. */
const FORM = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-|$)/

/** Reads the `traceparent` header. Returns null when it is absent or invalid. */
export function traceParentOf(request: Request): TraceParent | null {
  const header = request.headers.get('traceparent')
  const parts = header === null ? null : FORM.exec(header)
  if (parts === null) return null
  const [, traceId = '', spanId = '', flags = ''] = parts
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
}

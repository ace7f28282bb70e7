/** W3C Trace Context: version, trace, parent span, flags. */
const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(-|$)/

/** The trace that a request says it is part of. */
export function traceIdOf(request: Request): string | undefined {
  const header = request.headers.get('traceparent')
  return header === null ? undefined : TRACEPARENT.exec(header)?.[1]
}

export type MediaType = 'application/json' | 'text/csv' | 'application/x-ndjson'

const OFFERED: readonly MediaType[] = ['application/json', 'text/csv', 'application/x-ndjson']

/** The form that an Accept header likes best (RFC 9110); JSON for everything else. */
export function chooseMediaType(accept: string | null): MediaType {
  const wishes = (accept ?? '').split(',').map((wish) => {
    const [range = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { range, weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const weightOf = (type: MediaType) => {
    const ranges = [type, `${type.split('/')[0]}/*`, '*/*']
    return (
      ranges
        .map((range) => wishes.find((wish) => wish.range === range))
        .find((wish) => wish !== undefined)?.weight ?? 0
    )
  }
  return OFFERED.reduce((best, type) => (weightOf(type) > weightOf(best) ? type : best))
}

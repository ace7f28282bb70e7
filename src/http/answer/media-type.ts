import { AppError } from '../contract/app-error.ts'

export type MediaType = 'application/json' | 'text/csv' | 'application/x-ndjson'

const OFFERED: readonly MediaType[] = ['application/json', 'text/csv', 'application/x-ndjson']
const FORMATS: Record<string, MediaType> = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
}

/**
 * The media type of a list answer: the `format` parameter, else the preferred type in Accept.
 * @throws AppError NOT_ACCEPTABLE
 */
export function listMediaType({ url, headers }: Request): MediaType {
  const format = url.includes('format=') ? new URL(url).searchParams.get('format') : null
  if (format !== null && Object.hasOwn(FORMATS, format)) return FORMATS[format] as MediaType
  return chooseMediaType(headers.get('accept'), OFFERED)
}

/** The media type of a single item, always JSON. @throws AppError NOT_ACCEPTABLE */
export function itemMediaType({ headers }: Request): MediaType {
  return chooseMediaType(headers.get('accept'), ['application/json'])
}

/**
 * Returns the offered type with the highest weight in Accept (RFC 9110). The first wins a tie.
 * @throws AppError NOT_ACCEPTABLE when it accepts none of them
 */
export function chooseMediaType(
  accept: string | null,
  offered: readonly MediaType[] = OFFERED,
): MediaType {
  if (accept === null || accept.trim() === '') return 'application/json'
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { name, weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const weightOf = (type: MediaType) =>
    [type, `${type.split('/')[0]}/*`, '*/*']
      .map((name) => ranges.find((range) => range.name === name))
      .find((range) => range !== undefined)?.weight ?? 0
  const [best, weight] = offered
    .map((type) => [type, weightOf(type)] as const)
    .reduce((left, right) => (right[1] > left[1] ? right : left))
  if (weight === 0)
    throw new AppError('NOT_ACCEPTABLE', `Accept must allow ${offered.join(' or ')}`)
  return best
}

import type { Page } from './paging.ts'

type Paging = Pick<Page<object>, 'page' | 'total' | 'nextCursor'>

/**
 * Where the pages around this one are (RFC 8288), and how many rows there are in all. The next one is named by a cursor,
 * which does not lose its place when rows come and go; what is before a cursor nobody knows.
 */
export function pagingHeaders(
  { page, total, nextCursor }: Paging,
  url: string,
): Record<string, string> {
  const { pathname, searchParams } = new URL(url)
  const linkTo = (rel: string, changes: Record<string, string>) => {
    const query = new URLSearchParams(searchParams)
    for (const name of ['page', 'cursor']) query.delete(name)
    for (const [name, value] of Object.entries(changes)) query.set(name, value)
    return `<${pathname}${query.size === 0 ? '' : `?${query}`}>; rel="${rel}"`
  }
  const isFirst = page === 1 && !searchParams.has('cursor')
  const links = [
    ...(isFirst ? [] : [linkTo('first', {})]),
    ...(isFirst || searchParams.has('cursor') ? [] : [linkTo('prev', { page: String(page - 1) })]),
    ...(nextCursor === null ? [] : [linkTo('next', { cursor: nextCursor })]),
  ]
  return {
    ...(total === null ? {} : { 'x-total-count': String(total) }),
    ...(links.length === 0 ? {} : { link: links.join(', ') }),
  }
}

import type { Page } from './paging.ts'

type Paging = Pick<Page<object>, 'page' | 'total' | 'nextCursor'>

/**
 * The headers with links to other pages (RFC 8288) and the total number of rows. The next page is
 * linked by a cursor, which stays correct when rows are added or removed. A page that was read by
 * cursor has no link to the previous one.
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

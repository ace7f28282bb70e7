import { type TObject, Type } from '@sinclair/typebox'
import type { PageSizes } from './page.ts'
import type { Route } from './route.ts'
import { choice } from './value-schemas.ts'

/** All query parameters of a route: its own, paging and `sort` of a list, and `fields`. */
export function queryOf(route: Route, sizes: PageSizes): TObject {
  if (route.kind === 'command' || (route.kind === 'list' && !route.paged)) return route.query
  return Type.Object({
    ...route.query.properties,
    ...(route.kind === 'list' ? pagingParameters(route.sorts, sizes) : {}),
    fields: Type.Optional(fieldsOf(route.responseSchema)),
  })
}

function fieldsOf({ properties }: TObject) {
  const names = Object.keys(properties)
  return Type.Array(choice(names, names[0] === undefined ? {} : { example: names[0] }), {
    maxItems: 40,
    description: 'Only these fields of each row, separated by commas.',
  })
}

function pagingParameters(sorts: readonly string[], { defaultRows, maxRows }: PageSizes) {
  const order = Type.String({
    pattern: `^(${sorts.join('|')})(:(asc|desc))?$`,
    example: `${sorts[0]}:asc`,
  })
  return {
    page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        example: 1,
        description: 'From 1; a page past the end is empty.',
      }),
    ),
    per_page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxRows,
        example: Math.min(defaultRows, maxRows),
        description: `Rows of a page; ${Math.min(defaultRows, maxRows)} unless given.`,
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: '`pagination.next_cursor` of the page before, instead of `page`.',
      }),
    ),
    sort: Type.Optional(
      Type.Array(order, {
        maxItems: 5,
        description: `\`field:asc\` or \`field:desc\`, repeated; fields: ${sorts.join(', ')}.`,
      }),
    ),
  }
}

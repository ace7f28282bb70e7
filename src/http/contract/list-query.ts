import { type TObject, Type } from '@sinclair/typebox'
import type { PageSizes } from './page.ts'
import type { Route } from './route.ts'
import { choice } from './value-schemas.ts'

/** Returns all query parameters of a route: its own, `fields`, and for lists paging and `sort`. */
export function queryOf(route: Route, sizes: PageSizes): TObject {
  if (route.kind === 'command') return route.query
  const isPaged = route.kind === 'list' && route.paged
  return Type.Object({
    ...route.query.properties,
    ...(isPaged ? pagingParameters(route.sorts, sizes) : {}),
    ...(isPaged || route.kind === 'item'
      ? { fields: Type.Optional(fieldsOf(route.responseSchema)) }
      : {}),
    ...(route.kind === 'list' ? FORM_PARAMETERS : {}),
  })
}

const FORM_PARAMETERS = {
  format: Type.Optional(
    choice(['json', 'csv', 'ndjson'], {
      example: 'json',
      description: 'The form of the answer, instead of the header Accept.',
    }),
  ),
  bom: Type.Optional(
    Type.Boolean({
      example: false,
      description: 'Begin a CSV with a byte order mark, so that Excel reads it as UTF-8.',
    }),
  ),
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
    words: `one of ${sorts.join(', ')}, each alone or followed by :asc or :desc`,
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

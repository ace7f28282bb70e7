import { is, SQL } from 'drizzle-orm'
import { getTableConfig, IndexedColumn, PgDialect, PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from '../db/connect.ts'

type Config = ReturnType<typeof getTableConfig>
type Column = Config['columns'][number]

/** Makes drizzle tables (and their schemas) in a database as they are declared; PostgreSQL names the keys. */
export async function createDeclared(sql: Sql, modules: Record<string, unknown>[]): Promise<void> {
  const exported = modules.flatMap((module) => Object.values(module))
  const tables = exported.flatMap((value) => (is(value, PgTable) ? [getTableConfig(value)] : []))
  const schemas = [...new Set(tables.map(({ schema }) => schema))]
  const statements = [
    ...schemas.map((schema) => `create schema ${schema}`),
    ...tables.map(createTable),
    ...tables.flatMap(addForeignKeys),
    ...tables.flatMap(createIndexes),
  ]
  await sql.unsafe(statements.join(';\n'))
}

function createTable(table: Config): string {
  const parts = [
    ...table.columns.map(describeColumn),
    ...table.primaryKeys.map(({ columns }) => `primary key (${names(columns)})`),
    ...table.uniqueConstraints.map(
      ({ columns, nullsNotDistinct }) =>
        `unique ${nullsNotDistinct ? 'nulls not distinct' : ''} (${names(columns)})`,
    ),
    ...table.checks.map(({ name, value }) => `constraint ${name} check (${render(value)})`),
  ]
  return `create table ${nameOf(table)} (${parts.join(', ')})`
}

function describeColumn(column: Column): string {
  const { name, notNull, primary, isUnique, generatedIdentity: identity } = column
  return [
    name,
    column.getSQLType(),
    notNull && 'not null',
    primary && 'primary key',
    isUnique && 'unique',
    column.default !== undefined && `default ${render(column.default)}`,
    identity && `generated ${identity.type === 'always' ? 'always' : 'by default'} as identity`,
  ]
    .filter(Boolean)
    .join(' ')
}

function addForeignKeys(table: Config): string[] {
  return table.foreignKeys.map(({ reference, onDelete, onUpdate }) => {
    const { columns, foreignTable, foreignColumns } = reference()
    const to = `${nameOf(getTableConfig(foreignTable))} (${names(foreignColumns)})`
    return `alter table ${nameOf(table)} add foreign key (${names(columns)}) references ${to}
      on delete ${onDelete} on update ${onUpdate}`
  })
}

function createIndexes(table: Config): string[] {
  return table.indexes.map(({ config }) => {
    const { name, method = 'btree', unique, columns, where } = config
    const keys = columns.map((column) => {
      if (!is(column, IndexedColumn)) return `(${render(column)})`
      const { order, nulls, opClass = '' } = column.indexConfig
      return method === 'btree'
        ? `${column.name} ${order} nulls ${nulls}`
        : `${column.name} ${opClass}`
    })
    return `create ${unique ? 'unique' : ''} index ${name} on ${nameOf(table)} using ${method} (${keys.join(', ')})
      ${where === undefined ? '' : `where ${render(where)}`}`
  })
}

function nameOf({ schema, name }: Config): string {
  return `${schema}.${name}`
}

function names(columns: { name: string | undefined }[]): string {
  return columns.map(({ name }) => name).join(', ')
}

function render(value: unknown): string {
  if (is(value, SQL)) return new PgDialect().sqlToQuery(value).sql
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error(
    `Cannot compare the tables: ${JSON.stringify(value)} is to be declared with sql\`…\``,
  )
}

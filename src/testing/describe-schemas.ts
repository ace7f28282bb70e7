import type { Sql } from '../db/connect.ts'

/** Our tables, columns, constraints, indexes, sequences and routines from PostgreSQL's catalogs. */
export async function describeSchemas(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    with ours as (
      select oid, nspname from pg_namespace
      where nspname !~ '^pg_' and nspname <> 'information_schema'
    )
    select 'schema ' || nspname as line from ours
    union all
    select format('relation %s.%s %s %s %s', nspname, relname, relkind, relpersistence, reloptions)
    from pg_class join ours on ours.oid = relnamespace
    union all
    select format(
      'column %s.%s %s %s %s not null %s default %s identity %s generated %s collation %s',
      nspname, relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
      pg_get_expr(adbin, adrelid), attidentity, attgenerated, attcollation::regcollation)
    from pg_attribute
    join pg_class on pg_class.oid = attrelid
    join ours on ours.oid = relnamespace
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and relkind not in ('i', 'I')
    union all
    select format('constraint %s %s %s', conrelid::regclass, conname,
      pg_get_constraintdef(pg_constraint.oid))
    from pg_constraint join ours on ours.oid = connamespace
    union all
    select 'index ' || pg_get_indexdef(indexrelid)
    from pg_index join pg_class on pg_class.oid = indexrelid join ours on ours.oid = relnamespace
    union all
    select format('routine %s.%s %s', nspname, proname, md5(prosrc))
    from pg_proc join ours on ours.oid = pronamespace
    union all
    select format('trigger %s', pg_get_triggerdef(pg_trigger.oid))
    from pg_trigger join pg_class on pg_class.oid = tgrelid join ours on ours.oid = relnamespace
    where not tgisinternal
    order by 1`
  return rows.map(({ line }) => line)
}

import { type Column, formatCount, formatNumber, table } from '../reading/markdown.ts'
import { CHECKS, type Check, type Finding, type Level } from './findings.ts'
import type { VersionValidation } from './validate.ts'

const SHOWN_IN_TEXT = 5
const SHOWN_IN_MARKDOWN = 50

const VERSIONS: Column<VersionValidation>[] = [
  ['version', (v) => v.version],
  ['day', (v) => v.date],
  ['CSVs', (v) => v.files],
  ['rows', (v) => v.rows],
  ['price lists', (v) => v.price_lists],
  ['errors', (v) => v.errors],
  ['warnings', (v) => v.warnings],
]

const FINDINGS: Column<Finding>[] = [
  ['file', (one) => one.file],
  ['chain', (one) => one.chain_id],
  ['store', (one) => (one.store_number === null ? null : String(one.store_number))],
  ['source file', (one) => one.source_file],
  ['line', (one) => (one.line === null ? null : String(one.line))],
  ['product', (one) => one.product],
  ['finding', (one) => one.message],
]

/**
 * The findings as Markdown, with a table per version and check. Long tables are cut and state the
 * number of missing rows.
 */
export function validateMarkdown(versions: readonly VersionValidation[], compared: string): string {
  return [
    '# Validation',
    compared,
    table(VERSIONS, versions),
    ...versions.flatMap(({ version, path, findings }) => [
      `## ${version}`,
      path,
      ...byCheck(findings).flatMap(({ check, level, of }) => [
        `### ${check} (${level === 'error' ? 'error, ' : ''}${formatNumber(of.length)})`,
        CHECKS[check],
        table(usedColumns(of), of.slice(0, SHOWN_IN_MARKDOWN)),
        ...leftOff(of, SHOWN_IN_MARKDOWN),
      ]),
    ]),
  ].join('\n\n')
}

/** The findings as text for a terminal. */
export function validateText(versions: readonly VersionValidation[], compared: string): string {
  const lines = versions.flatMap(
    ({ version, files, rows, price_lists, errors, warnings, findings }) => {
      const facts = [
        formatCount(files, 'CSV'),
        formatCount(rows, 'row'),
        formatCount(price_lists, 'price list'),
      ]
      return [
        `${version}: ${facts.join(', ')}: ${formatCount(errors, 'error')}, ${formatCount(warnings, 'warning')}`,
        ...byCheck(findings).flatMap(({ check, level, of }) => [
          `  ${level === 'error' ? 'ERROR' : 'warning'} ${check} (${formatNumber(of.length)})`,
          ...of
            .slice(0, SHOWN_IN_TEXT)
            .map((one) => `    ${[...placeOf(one), one.message].join(': ')}`),
          ...leftOff(of, SHOWN_IN_TEXT).map((line) => `    ${line}`),
        ]),
      ]
    },
  )
  return [compared, ...lines].join('\n')
}

/** Groups findings by check and level. */
function byCheck(findings: readonly Finding[]): { check: Check; level: Level; of: Finding[] }[] {
  const groups = Map.groupBy(findings, ({ check, level }) => `${check} ${level}`)
  return [...groups.values()].flatMap((of) => {
    const [first] = of
    return first === undefined ? [] : [{ check: first.check, level: first.level, of }]
  })
}

function leftOff(findings: readonly Finding[], shown: number): string[] {
  return findings.length <= shown
    ? []
    : [`… and ${formatNumber(findings.length - shown)} more, in validate.json`]
}

function usedColumns(findings: readonly Finding[]): Column<Finding>[] {
  return FINDINGS.filter(([, cell]) => findings.some((one) => cell(one) !== null))
}

function placeOf({ file, source_file, line, chain_id, store_number, product }: Finding): string[] {
  const store = store_number === null ? '' : ` store ${store_number}`
  const inFile = [file, line === null ? null : `line ${line}`]
    .filter((part) => part !== null)
    .join(' ')
  const chain = chain_id === null ? null : `${chain_id}${store}`
  return [inFile, line === null ? source_file : null, chain, product].filter(
    (part) => part !== null && part !== '',
  ) as string[]
}

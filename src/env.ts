import { resolve } from 'node:path'

/** A setting has a value that it cannot have. */
export class SettingError extends Error {
  override name = 'SettingError'
  constructor(
    readonly setting: string,
    value: string,
    allowed: string,
  ) {
    super(`Cannot use ${setting}=${value}: it must be ${allowed}`)
  }
}

interface Kind<T> {
  allowed: string
  /** The value, or undefined when the text is not one. */
  parse: (text: string) => T | undefined
}

interface Setting<T> extends Kind<T> {
  name: string
  /** Read when the setting is absent or empty. */
  fallback: string
  help: string
}

function setting<T>(name: string, fallback: string, help: string, kind: Kind<T>): Setting<T> {
  return { name, fallback, help, ...kind }
}

function integer(min: number, max: number): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
  }
}

function oneOf<T extends string>(...values: T[]): Kind<T> {
  return { allowed: `one of ${values.join(', ')}`, parse: (text) => values.find((value) => value === text) }
}

function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { allowed, parse: (text) => (pattern.test(text) ? text : undefined) }
}

const databaseUrl: Kind<string> = {
  allowed: 'empty or a URL such as postgres://user:password@host:5432/database',
  parse: (text) => (text === '' || (/^postgres(ql)?:$/.test(protocol(text)) && URL.canParse(text)) ? text : undefined),
}

function protocol(text: string): string {
  return text.slice(0, text.indexOf('/'))
}

/** Every setting of super-zol: what is not here is not read. */
const settings = {
  port: setting('PORT', '3000', 'Port of the API; 0 takes any free one.', integer(0, 65_535)),
  host: setting(
    'HOST',
    '127.0.0.1',
    'Address to listen on; 0.0.0.0 for all.',
    matching(/^[\w.:-]+$/, 'an address or a host name'),
  ),
  databaseUrl: setting('DATABASE_URL', '', 'PostgreSQL to use; empty starts an embedded one in DATA_DIR.', databaseUrl),
  dataDir: setting('DATA_DIR', '.data', 'Folder of the embedded PostgreSQL and of the sample dataset.', {
    allowed: 'the path of a folder',
    parse: (text: string) => resolve(text),
  }),
  sampleData: setting(
    'SAMPLE_DATA',
    'auto',
    'auto loads a generated sample into an empty database; off leaves it empty.',
    oneOf('auto', 'off'),
  ),
  datasetId: setting(
    'DATASET_ID',
    'erlichsefi/israeli-supermarkets-2024',
    'Name under which loaded dataset versions are kept: owner/name.',
    matching(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  ),
  staleAfterDays: setting(
    'STALE_AFTER_DAYS',
    '7',
    'A store not observed for so many days before the newest observation is stale.',
    integer(1, 3650),
  ),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    'Least level that is logged.',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  ),
  logFormat: setting('LOG_FORMAT', '', 'pretty or json; empty is pretty on a terminal and json elsewhere.', {
    allowed: 'one of pretty, json',
    parse: (text: string): 'pretty' | 'json' | undefined => {
      if (text === '') return process.stdout.isTTY ? 'pretty' : 'json'
      return text === 'pretty' || text === 'json' ? text : undefined
    },
  }),
  testDatabaseUrl: setting(
    'TEST_DATABASE_URL',
    '',
    'Server for the tests, where they may create databases; empty is an embedded one.',
    databaseUrl,
  ),
}

/** The settings as values. `databaseUrl` is '' for the embedded PostgreSQL, `dataDir` is absolute. */
export type Env = { [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never }

/**
 * Reads the settings from variables such as `process.env`; an absent or empty one has its default.
 * @throws SettingError for the first value that is not allowed
 */
export function readEnv(vars: Record<string, string | undefined>): Env {
  const entries = Object.entries(settings).map(([key, { name, fallback, allowed, parse }]) => {
    const text = vars[name]?.trim() || fallback
    const value = parse(text)
    if (value === undefined) throw new SettingError(name, withoutPassword(text), allowed)
    return [key, value]
  })
  return Object.fromEntries(entries)
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':…@')
}

/** The text of `.env.example`: every setting with its help and its default. */
export function envExample(): string {
  const head = '# Settings of super-zol (declared in src/env.ts). Copy to .env and change what you need.\n'
  const one = ({ name, fallback, help }: Setting<unknown>) => `\n# ${help}\n# ${name}=${fallback}\n`
  return head + Object.values(settings).map(one).join('')
}

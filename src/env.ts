import { resolve } from 'node:path'
import { parseRedisUrl } from './cache/redis-url.ts'
import { nearName } from './near-name.ts'

/** The error for an invalid setting. */
export class SettingError extends Error {
  override name = 'SettingError'
  constructor(
    readonly setting: string,
    /** The value; null for a secret. */
    value: string | null,
    allowed: string,
  ) {
    super(`Cannot use ${setting}${value === null ? '' : `=${value}`}: it must be ${allowed}`)
  }
}

interface Kind<T> {
  allowed: string
  /** Returns the value, or undefined when the text is not valid. */
  parse: (text: string) => T | undefined
  /** Whether messages must not show the value. */
  secret?: boolean
}

interface Setting<T> extends Kind<T> {
  name: string
  /** The text that is used when the setting is absent or empty. */
  fallback: string
  help: string
}

function setting<T>(name: string, fallback: string, help: string, kind: Kind<T>): Setting<T> {
  return { name, fallback, help, ...kind }
}

function integer(min: number, max: number): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    parse: (text) =>
      /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max
        ? Number(text)
        : undefined,
  }
}

function oneOf<T extends string>(...values: T[]): Kind<T> {
  return {
    allowed: `one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => value === text),
  }
}

function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { allowed, parse: (text) => (pattern.test(text) ? text : undefined) }
}

const anyText: Kind<string> = { allowed: 'any text', parse: (text) => text }

/** A URL with or without `/api/v1` at its end, as in Kaggle's own client. */
const apiEndpoint: Kind<string> = {
  allowed: 'a URL such as https://www.kaggle.com/api/v1',
  parse: (text) => {
    if (!/^https?:\/\/[^@?#]+$/.test(text) || !URL.canParse(text)) return undefined
    return `${text.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`
  },
}

const databaseUrl: Kind<string> = {
  allowed: 'empty or a URL such as postgres://user:password@host:5432/database',
  parse: (text) =>
    text === '' || (/^postgres(ql)?:$/.test(protocol(text)) && URL.canParse(text))
      ? text
      : undefined,
}

/** A secret, because the URL may contain a password anywhere. */
const redisUrl: Kind<string> = {
  allowed:
    'empty or a URL such as redis://user:password@host:6379, rediss://…, redis+sentinel://… or redis+cluster://…',
  parse: (text) => (text === '' || parseRedisUrl(text) !== undefined ? text : undefined),
  secret: true,
}

const endpoint: Kind<string> = {
  allowed: 'empty or an address such as https://minio.example.com:9000',
  parse: (text) => (text === '' || isEndpoint(text) ? text : undefined),
}

const calls = integer(1, 1_000_000)

function isEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.href.replace(/\/$/, '') === url.origin
  )
}

const origins: Kind<string[]> = {
  allowed: 'empty, * or origins with commas, such as https://app.example.com',
  parse: (text) => {
    const list = text.split(',').map((one) => one.trim())
    return text === ''
      ? []
      : text === '*' || list.every(isEndpoint)
        ? list.map((one) => one.replace(/\/$/, ''))
        : undefined
  },
}

const secret: Kind<string> = {
  ...matching(/^[!-~]*$/, 'printable ASCII without blanks'),
  secret: true,
}

function isWebUrl(text: string): boolean {
  return /^https?:$/.test(protocol(text)) && URL.canParse(text)
}

function protocol(text: string): string {
  return text.slice(0, text.indexOf('/'))
}

/** All settings of super-zol. No other variables are read. */
const settings = {
  port: setting('PORT', '3000', 'Port of the API; 0 takes any free one.', integer(0, 65_535)),
  host: setting(
    'HOST',
    '127.0.0.1',
    'Address to listen on; 0.0.0.0 for all.',
    matching(/^[\w.:-]+$/, 'an address or a host name'),
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    '',
    'Origins whose scripts may ask from a browser, such as https://app.example.com, with commas; * for all.',
    origins,
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    '0',
    'Proxies of yours before the API: so many addresses at the right end of X-Forwarded-For are believed.',
    integer(0, 10),
  ),
  authMode: setting(
    'AUTH_MODE',
    'open',
    'open lets whoever has no API key read; required asks for a key or a token.',
    oneOf('open', 'required'),
  ),
  jwtSecret: setting(
    'JWT_SECRET',
    '',
    'What tokens are signed with, 32 characters or more; empty keeps one in the database.',
    {
      ...matching(
        /^([!-~]{32,})?$/,
        'empty or 32 or more characters of printable ASCII without blanks',
      ),
      secret: true,
    },
  ),
  auditDays: setting(
    'AUDIT_DAYS',
    '90',
    'How long it is kept who wrote and who was refused.',
    integer(1, 3650),
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    '',
    'PostgreSQL to use; empty starts an embedded one in DATA_DIR.',
    databaseUrl,
  ),
  redisUrl: setting(
    'REDIS_URL',
    '',
    'Redis that replicas share limits and answers by; empty keeps them in memory.',
    redisUrl,
  ),
  rateLimit: setting(
    'RATE_LIMIT',
    'on',
    'off lets everyone call as often as they like.',
    oneOf('on', 'off'),
  ),
  rateLimitAnonymous: setting(
    'RATE_LIMIT_ANONYMOUS',
    '300',
    'Calls a minute from an address without a key.',
    calls,
  ),
  rateLimitReader: setting(
    'RATE_LIMIT_READER',
    '1200',
    'Calls a minute with a key of the role reader.',
    calls,
  ),
  rateLimitAnalyst: setting(
    'RATE_LIMIT_ANALYST',
    '3000',
    'Calls a minute with a key of the role analyst.',
    calls,
  ),
  rateLimitAdmin: setting(
    'RATE_LIMIT_ADMIN',
    '6000',
    'Calls a minute with a key of the role admin.',
    calls,
  ),
  databasePool: setting(
    'DATABASE_POOL',
    '10',
    'Connections of the API to PostgreSQL, each for one request at a time.',
    integer(1, 1000),
  ),
  databaseWaitSeconds: setting(
    'DATABASE_WAIT_SECONDS',
    '5',
    'How long a request waits for one before it is answered 503.',
    integer(1, 300),
  ),
  queryTimeoutSeconds: setting(
    'QUERY_TIMEOUT_SECONDS',
    '10',
    'How long a statement of the API may take before it is ended and answered 504; 0 for ever.',
    integer(0, 3600),
  ),
  cacheMb: setting(
    'CACHE_MB',
    '64',
    'Memory for answers that are given again, in MB; 0 keeps none, nor in Redis.',
    integer(0, 65_536),
  ),
  customQueryCost: setting(
    'CUSTOM_QUERY_COST',
    '1000000',
    "What a custom query may cost by PostgreSQL's own estimate before it is refused.",
    integer(1, 999_999_999),
  ),
  customQuerySeconds: setting(
    'CUSTOM_QUERY_SECONDS',
    '10',
    'How long a custom query may take before it is ended and answered 504.',
    integer(1, 3600),
  ),
  exportsAtOnce: setting(
    'EXPORTS_AT_ONCE',
    '2',
    'Whole lists (CSV, NDJSON) that are sent at once, each with a connection of DATABASE_POOL.',
    integer(1, 1000),
  ),
  exportTimeoutSeconds: setting(
    'EXPORT_TIMEOUT_SECONDS',
    '600',
    'How long one may take.',
    integer(1, 86_400),
  ),
  exportRowsAnonymous: setting(
    'EXPORT_ROWS_ANONYMOUS',
    '100000',
    'Rows of one for callers without a key; a link says where to go on.',
    integer(1, 999_999_999),
  ),
  dataDir: setting(
    'DATA_DIR',
    '.data',
    'Folder of the embedded PostgreSQL, the sample dataset and the kept files.',
    {
      allowed: 'the path of a folder',
      parse: (text: string) => resolve(text),
    },
  ),
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
  settlementsUrl: setting(
    'SETTLEMENTS_URL',
    'https://data.gov.il/api/3/action/datastore_search?resource_id=b7cf8f14-64a2-4b33-8d4b-edb286fdbd37',
    'CKAN datastore_search with the names of settlements, asked monthly while ingesting; off shows codes.',
    {
      allowed: 'off or an http(s) URL',
      parse: (text: string) => (text === 'off' ? '' : isWebUrl(text) ? text : undefined),
    },
  ),
  kaggleApiEndpoint: setting(
    'KAGGLE_API_ENDPOINT',
    'https://www.kaggle.com/api/v1',
    "Kaggle's API, or a server that behaves like it.",
    apiEndpoint,
  ),
  kaggleApiToken: setting(
    'KAGGLE_API_TOKEN',
    '',
    'Token for Kaggle, or the path of a file with one. Without credentials public datasets can be had.',
    anyText,
  ),
  kaggleUsername: setting('KAGGLE_USERNAME', '', 'User for Kaggle, with KAGGLE_KEY.', anyText),
  kaggleKey: setting(
    'KAGGLE_KEY',
    '',
    'Key of that user; one that begins with KGAT_ is a token and needs none.',
    secret,
  ),
  kaggleDownloadDir: setting(
    'KAGGLE_DOWNLOAD_DIR',
    '',
    'Folder of versions while they are downloaded and loaded; empty is downloads in DATA_DIR.',
    anyText,
  ),
  kaggleTimeoutSeconds: setting(
    'KAGGLE_TIMEOUT_SECONDS',
    '60',
    'A download from Kaggle that brings nothing for so many seconds is begun again where it stopped.',
    integer(1, 3600),
  ),
  staleAfterDays: setting(
    'STALE_AFTER_DAYS',
    '7',
    'A store not observed for so many days before the newest observation is stale.',
    integer(1, 3650),
  ),
  s3Bucket: setting(
    'S3_BUCKET',
    '',
    'Bucket that dataset versions are kept in; empty keeps them in DATA_DIR/files.',
    matching(/^([a-z0-9][\w.-]{1,61}[a-z0-9])?$/i, 'empty or the name of a bucket'),
  ),
  s3Endpoint: setting(
    'S3_ENDPOINT',
    '',
    'Address of an S3-compatible storage; empty is AWS in S3_REGION.',
    endpoint,
  ),
  s3Region: setting(
    'S3_REGION',
    'us-east-1',
    'Region of the bucket.',
    matching(/^[\w-]+$/, 'the name of a region'),
  ),
  s3Prefix: setting(
    'S3_PREFIX',
    '',
    'Folder in the bucket, such as super-zol/; empty is all of it.',
    matching(/^([\w-][\w.-]*\/)*$/, 'empty or a path that ends with a slash'),
  ),
  s3AccessKeyId: setting(
    'S3_ACCESS_KEY_ID',
    '',
    'Who may read, write, list and delete in the bucket.',
    secret,
  ),
  s3SecretAccessKey: setting('S3_SECRET_ACCESS_KEY', '', 'The key to it.', secret),
  keepArchiveVersions: setting(
    'KEEP_ARCHIVE_VERSIONS',
    '7',
    'Downloaded zips that are kept, the newest ones (1 GB each); 0 keeps none.',
    integer(0, 100_000),
  ),
  keepRawVersions: setting(
    'KEEP_RAW_VERSIONS',
    '1',
    'Versions whose unpacked files are kept, the newest ones (6-7 GB each); 0 keeps none.',
    integer(0, 100_000),
  ),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    'Least level that is logged.',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  ),
  logFormat: setting(
    'LOG_FORMAT',
    '',
    'pretty or json; empty is pretty on a terminal and json elsewhere.',
    {
      allowed: 'one of pretty, json',
      parse: (text: string): 'pretty' | 'json' | undefined => {
        if (text === '') return process.stdout.isTTY ? 'pretty' : 'json'
        return text === 'pretty' || text === 'json' ? text : undefined
      },
    },
  ),
  logRequests: setting(
    'LOG_REQUESTS',
    'all',
    'Requests that are logged: all, errors (400 and above) or none. Health checks that are well are logged at debug.',
    oneOf('all', 'errors', 'none'),
  ),
  metricsPort: setting(
    'METRICS_PORT',
    '',
    'Port of /metrics alone; empty serves it beside the API.',
    {
      allowed: 'empty or a whole number from 0 to 65535',
      parse: (text: string) => (text === '' ? null : integer(0, 65_535).parse(text)),
    },
  ),
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    '',
    "Where traces are sent by OTLP/HTTP; empty sends none. OpenTelemetry's own variables beside it hold too.",
    {
      allowed: 'empty or a URL such as http://collector:4318',
      parse: (text: string) =>
        text === '' || isWebUrl(text) ? text.replace(/\/+$/, '') : undefined,
    },
  ),
  tracesSampler: setting(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    'Which requests are traced; parentbased_ leaves it to a traceparent that came with the request.',
    oneOf(
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ),
  ),
  tracesSamplerArg: setting(
    'OTEL_TRACES_SAMPLER_ARG',
    '1',
    'The share of requests that a ratio traces.',
    {
      allowed: 'a number from 0 to 1',
      parse: (text: string) => (/^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : undefined),
    },
  ),
  stopDelaySeconds: setting(
    'STOP_DELAY_SECONDS',
    '0',
    'How long a server that is told to stop goes on answering, no longer ready, for load balancers to see it.',
    integer(0, 300),
  ),
  commit: setting('BUILD_COMMIT', '', 'Commit that was built, as /metrics tells it.', anyText),
  testDatabase: setting(
    'TEST_DATABASE',
    'embedded',
    'PostgreSQL of the tests: embedded, or in a container (which needs Docker).',
    oneOf('embedded', 'container'),
  ),
  testDatabaseUrl: setting(
    'TEST_DATABASE_URL',
    '',
    'Server for the tests, where they may create databases; empty is that of TEST_DATABASE.',
    databaseUrl,
  ),
}

/**
 * The parsed settings. `databaseUrl` is '' for the embedded PostgreSQL, `settlementsUrl` is '' for
 * none, and `dataDir` is absolute.
 */
export type Env = {
  [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never
}

/** Settings that require another setting. */
const NEEDED: Record<string, string[]> = {
  S3_ENDPOINT: ['S3_BUCKET'],
  S3_BUCKET: ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
}

/**
 * Reads the settings from variables such as `process.env`; an absent or empty one has its default.
 * @throws SettingError with a line for each invalid value, missing required setting and misspelt
 *   variable name
 */
export function readEnv(vars: Record<string, string | undefined>): Env {
  const given = (name: string) => vars[name]?.trim() || ''
  const errors: SettingError[] = misspelt(vars)
  const entries = Object.entries<Setting<unknown>>(settings).map(
    ([key, { name, fallback, allowed, parse, secret }]) => {
      const text = given(name) || fallback
      const value = parse(text)
      if (value === undefined)
        errors.push(new SettingError(name, secret ? null : withoutPassword(text), allowed))
      return [key, value]
    },
  )
  for (const [name, others] of Object.entries(NEEDED)) {
    if (errors.some(({ setting }) => setting === name)) continue
    const missing = given(name) ? others.find((other) => !given(other)) : undefined
    if (missing) errors.push(new SettingError(missing, null, `set beside ${name}`))
  }
  const [first] = errors
  if (first !== undefined) {
    first.message = errors.map(({ message }) => message).join('\n')
    throw first
  }
  return Object.fromEntries(entries)
}

/** Finds unknown variables whose names are one or two letters away from an unset setting. */
function misspelt(vars: Record<string, string | undefined>): SettingError[] {
  const names = Object.values(settings).map(({ name }) => name)
  return Object.keys(vars)
    .filter((name) => vars[name]?.trim() && !names.includes(name))
    .flatMap((name) => {
      const near = nearName(name, names)
      if (near === undefined || vars[near] !== undefined) return []
      return new SettingError(name, null, `spelt ${near}`)
    })
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':…@')
}

/** Returns the text of `.env.example`: every setting with its help and default. */
export function envExample(): string {
  const head =
    '# Settings of super-zol (declared in src/env.ts). Copy to .env and change what you need.\n'
  const one = ({ name, fallback, help }: Setting<unknown>) => `\n# ${help}\n# ${name}=${fallback}\n`
  return head + Object.values(settings).map(one).join('')
}

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { envExample, readEnv, SettingError } from './env.ts'

describe('readEnv', () => {
  test('returns all defaults when nothing is set', () => {
    expect(readEnv({ LOG_FORMAT: 'json' })).toEqual({
      port: 3000,
      host: '127.0.0.1',
      trustProxy: 0,
      authMode: 'open',
      jwtSecret: '',
      auditDays: 90,
      databaseUrl: '',
      redisUrl: '',
      rateLimit: 'on',
      rateLimitAnonymous: 300,
      rateLimitReader: 1200,
      rateLimitAnalyst: 3000,
      rateLimitAdmin: 6000,
      databasePool: 10,
      databaseWaitSeconds: 5,
      queryTimeoutSeconds: 10,
      customQueryCost: 1_000_000,
      customQuerySeconds: 10,
      exportsAtOnce: 2,
      exportTimeoutSeconds: 600,
      exportRowsAnonymous: 100_000,
      corsOrigins: [],
      cacheMb: 64,
      dataDir: resolve('.data'),
      sampleData: 'auto',
      datasetId: 'erlichsefi/israeli-supermarkets-2024',
      settlementsUrl:
        'https://data.gov.il/api/3/action/datastore_search?resource_id=b7cf8f14-64a2-4b33-8d4b-edb286fdbd37',
      kaggleApiEndpoint: 'https://www.kaggle.com/api/v1',
      kaggleApiToken: '',
      kaggleUsername: '',
      kaggleKey: '',
      kaggleDownloadDir: '',
      kaggleTimeoutSeconds: 60,
      staleAfterDays: 7,
      s3Bucket: '',
      s3Endpoint: '',
      s3Region: 'us-east-1',
      s3Prefix: '',
      s3AccessKeyId: '',
      s3SecretAccessKey: '',
      keepArchiveVersions: 7,
      keepRawVersions: 1,
      logLevel: 'info',
      logFormat: 'json',
      logRequests: 'all',
      metricsPort: null,
      otlpEndpoint: '',
      tracesSampler: 'parentbased_always_on',
      tracesSamplerArg: 1,
      stopDelaySeconds: 0,
      commit: '',
      testDatabase: 'embedded',
      testDatabaseUrl: '',
    })
  })

  test('treats an empty or blank value as absent', () => {
    expect(readEnv({ PORT: '', HOST: ' ' })).toMatchObject({ port: 3000, host: '127.0.0.1' })
  })

  test('reads the set variables', () => {
    const url = 'postgresql://me:secret@db.example.com:5433/prices'
    const env = readEnv({
      PORT: '0',
      DATABASE_URL: url,
      SAMPLE_DATA: 'off',
      DATA_DIR: '/srv/zol',
      SETTLEMENTS_URL: 'off',
      LOG_FORMAT: 'pretty',
    })
    expect(env).toMatchObject({
      port: 0,
      databaseUrl: url,
      sampleData: 'off',
      dataDir: '/srv/zol',
      settlementsUrl: '',
      logFormat: 'pretty',
    })
  })

  test.each([
    ['PORT', 'abc', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '3e3', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['STALE_AFTER_DAYS', '0', 'a whole number from 1 to 3650'],
    ['SAMPLE_DATA', 'yes', 'one of auto, off'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['LOG_FORMAT', 'xml', 'one of pretty, json'],
    ['DATASET_ID', 'only-a-name', 'owner/name'],
    ['HOST', 'a b', 'an address or a host name'],
    [
      'DATABASE_URL',
      'mysql://h/d',
      'empty or a URL such as postgres://user:password@host:5432/database',
    ],
    [
      'DATABASE_URL',
      'postgres://[',
      'empty or a URL such as postgres://user:password@host:5432/database',
    ],
    ['S3_BUCKET', 'a bucket', 'empty or the name of a bucket'],
    ['S3_ENDPOINT', 'minio:9000', 'empty or an address such as https://minio.example.com:9000'],
    [
      'S3_ENDPOINT',
      'http://minio:9000/bucket',
      'empty or an address such as https://minio.example.com:9000',
    ],
    ['S3_PREFIX', '../other/', 'empty or a path that ends with a slash'],
    ['S3_PREFIX', 'super-zol', 'empty or a path that ends with a slash'],
  ])('refuses %s=%s by name, value and what is allowed', (name, value, allowed) => {
    expect(() => readEnv({ [name]: value })).toThrow(new SettingError(name, value, allowed))
    expect(() => readEnv({ [name]: value })).toThrow(
      `Cannot use ${name}=${value}: it must be ${allowed}`,
    )
  })

  test('an error about a URL does not contain its password', () => {
    expect(() => readEnv({ DATABASE_URL: 'mysql://me:secret@host/d' })).toThrow(
      'Cannot use DATABASE_URL=mysql://me:…@host/d',
    )
  })

  test('an error about a secret does not contain its value', () => {
    const keys = { S3_BUCKET: 'prices', S3_ACCESS_KEY_ID: 'me', S3_SECRET_ACCESS_KEY: 'not one' }
    const message = 'Cannot use S3_SECRET_ACCESS_KEY: it must be printable ASCII without blanks'
    expect(() => readEnv(keys)).toThrow(
      new SettingError('S3_SECRET_ACCESS_KEY', null, 'printable ASCII without blanks'),
    )
    expect(() => readEnv(keys)).toThrow(message)
  })

  test('one error names all invalid settings and misspelt names', () => {
    const vars = { PORT: 'abc', SAMPLE_DATA: 'yes', DATABSE_URL: 'postgres://h/d', HOME: '/root' }
    expect(() => readEnv(vars)).toThrow(
      [
        'Cannot use DATABSE_URL: it must be spelt DATABASE_URL',
        'Cannot use PORT=abc: it must be a whole number from 0 to 65535',
        'Cannot use SAMPLE_DATA=yes: it must be one of auto, off',
      ].join('\n'),
    )
  })

  test.each([
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['PROT', 'PORT'],
  ])('%s is taken for a misspelt %s', (name, near) => {
    expect(() => readEnv({ [name]: '1' })).toThrow(`it must be spelt ${near}`)
    expect(readEnv({ [name]: '1', [near]: '' })).toMatchObject({ cacheMb: 64 })
  })

  test('variables of other programs with similar names are not refused as misspelt settings', () => {
    for (const name of ['HOME', 'POST', 'LOGNAME', 'AWS_REGION', 'PGPORT', 'REDIS_PORT'])
      expect(readEnv({ [name]: '1' }).port).toBe(3000)
  })

  test('names a required setting that is missing', () => {
    const missing = (vars: Record<string, string>, name: string, beside: string) =>
      expect(() => readEnv(vars)).toThrow(new SettingError(name, null, `set beside ${beside}`))
    missing({ S3_ENDPOINT: 'http://minio:9000' }, 'S3_BUCKET', 'S3_ENDPOINT')
    missing({ S3_BUCKET: 'prices', S3_SECRET_ACCESS_KEY: 'x' }, 'S3_ACCESS_KEY_ID', 'S3_BUCKET')
    missing({ S3_BUCKET: 'prices', S3_ACCESS_KEY_ID: 'me' }, 'S3_SECRET_ACCESS_KEY', 'S3_BUCKET')
  })
})

test('.env.example contains every setting with its help and default', () => {
  const file = readFileSync(fileURLToPath(new URL('../.env.example', import.meta.url).href), 'utf8')
  expect(file).toBe(envExample())
})

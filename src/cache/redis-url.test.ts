import { describe, expect, test } from 'bun:test'
import { parseRedisUrl } from './redis-url.ts'

describe('parseRedisUrl', () => {
  test('reads the URL of a single server', () => {
    expect(parseRedisUrl('rediss://ann:p%40ss@cache.example:6380/2')).toEqual({
      kind: 'server',
      tls: true,
      nodes: [{ host: 'cache.example', port: 6380 }],
      username: 'ann',
      password: 'p@ss',
      master: '',
      database: 2,
    })
    expect(parseRedisUrl('redis://[::1]')?.nodes).toEqual([{ host: '::1', port: 6379 }])
  })

  test('reads the URL of sentinels with the master name', () => {
    expect(parseRedisUrl('redis+sentinel://:pass@a:26379,b/main/1')).toMatchObject({
      kind: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_379 },
      ],
      password: 'pass',
      master: 'main',
      database: 1,
    })
  })

  test('reads the URL of a cluster with several nodes', () => {
    expect(parseRedisUrl('rediss+cluster://a:7000,b:7001')).toMatchObject({
      kind: 'cluster',
      tls: true,
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
      ],
    })
  })

  test.each([
    'redis://',
    'redis://a,b',
    'redis://a:0',
    'redis://a:65536',
    'redis://a/first',
    'redis+sentinel://a:26379',
    'redis+cluster://a:7000/1',
    'redis+other://a',
    'http://a',
    'a:6379',
  ])('refuses %s', (text) => {
    expect(parseRedisUrl(text)).toBeUndefined()
  })
})

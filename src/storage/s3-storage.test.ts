import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type Fault, openS3Proxy, type S3Proxy } from '../testing/s3-proxy.ts'
import { freePort, NO_SERVER, openS3Server, type S3Server } from '../testing/s3-server.ts'
import { bytesOf, collect, digestOf, noise, textOf } from '../testing/streams.ts'
import { openRequests, type S3Patience } from './s3-requests.ts'
import { openS3Storage } from './s3-storage.ts'
import { beginUpload } from './s3-upload.ts'

const MIB = 1 << 20
const patience: S3Patience = { tries: 4, firstWaitMs: 5, answerMs: 10_000 }

describe.skipIf(NO_SERVER !== null)(
  `S3${NO_SERVER === null ? '' : ` (not run: ${NO_SERVER})`}`,
  () => {
    let server: S3Server
    let proxy: S3Proxy
    beforeAll(async () => {
      server = await openS3Server()
      proxy = await openS3Proxy(server.settings)
    })
    beforeEach(() => {
      proxy.fault = () => undefined
      proxy.requests.length = 0
    })
    afterAll(async () => {
      await proxy?.close()
      await server?.close()
    })

    const direct = () => openS3Storage(server.settings, patience)
    const shaky = () => openS3Storage(proxy.settings, patience)
    const keys = async () => (await collect(direct().list(''))).map(({ key }) => key)
    const expectNothing = async () => {
      expect(await keys()).toEqual([])
      expect(await direct().cleanUp(new Date(Date.now() + 60_000))).toBe(0)
    }
    /** Applies a fault to the first `times` matching requests. */
    const failing = (requests: RegExp, fault: Fault, times: number) => {
      proxy.fault = (request, time) => (requests.test(request) && time <= times ? fault : undefined)
    }

    test('errors name a wrong key, secret or bucket, and contain no secret', async () => {
      const { settings } = server
      const wrong = [
        [
          { secretAccessKey: 'SomeOtherSecret' },
          'first',
          /SignatureDoesNotMatch: The request signature/,
        ],
        [{ accessKeyId: 'somebody' }, 'first', /No user exists|InvalidAccessKeyId/],
        [{ bucket: 'second' }, 'second', /NoSuchBucket: The specified bucket does not exist/],
        [{ region: 'us-east-1' }, 'first', /il-central-1/],
      ] as const
      for (const [change, bucket, reason] of wrong) {
        const storage = openS3Storage({ ...settings, ...change }, patience)
        const refused = await Promise.all(
          [
            storage.put('a/x', bytesOf('x')),
            storage.put('a/x', noise(9 * MIB)),
            textOf(storage.open('a/x')),
            storage.stat('a/x'),
            collect(storage.list('a/')),
            storage.remove('a/x'),
            storage.cleanUp(new Date()),
          ].map((work) => work.then(String, ({ message }: Error) => message)),
        )
        const place = `in bucket ${bucket} of ${settings.endpoint}: `
        for (const [i, verb] of [
          'keep a/x',
          'keep a/x',
          'read a/x',
          'find a/x',
          'list a/',
          'remove a/x',
          'clean up',
        ].entries()) {
          expect(refused[i]).toStartWith(`Cannot ${verb} ${place}`)
          expect(refused[i]).toMatch(reason)
          expect(refused[i]).not.toMatch(/Secret/)
        }
      }
      await expectNothing()
    })

    test('an error names the address that does not answer', async () => {
      const endpoint = `http://127.0.0.1:${await freePort()}`
      const storage = openS3Storage({ ...server.settings, endpoint }, patience)
      await expect(storage.put('x', bytesOf('x'))).rejects.toThrow(
        new RegExp(`^Cannot keep x in bucket first of ${endpoint}: .*(connect|refused)`, 'i'),
      )
    })

    test.each(['busy', 'cut'] as const)(
      'retries when the first responses are %s',
      async (fault) => {
        failing(/./, fault, patience.tries - 1)
        await shaky().put('large', noise(20 * MIB))
        await shaky().put('small', bytesOf('x'))
        expect(await digestOf(shaky().open('large'))).toBe(await digestOf(noise(20 * MIB)))
        expect(await shaky().stat('small')).toMatchObject({ bytes: 1 })
        expect((await collect(shaky().list(''))).map(({ key }) => key)).toEqual(['large', 'small'])
        for (const key of await keys()) await shaky().remove(key)
        // an upload is started twice when the response to the first start is lost
        await direct().cleanUp(new Date(Date.now() + 60_000))
        await expectNothing()
      },
    )

    test('retries when there is no response', async () => {
      failing(/partNumber=2|GET .*large/, 'stall', 1)
      const storage = openS3Storage(proxy.settings, { ...patience, answerMs: 1000 })
      await storage.put('large', noise(20 * MIB))
      expect(await digestOf(storage.open('large'))).toBe(await digestOf(noise(20 * MIB)))
      await direct().remove('large')
      await expectNothing()
    })

    test('50 MB in parts: a part that arrives broken is sent again', async () => {
      failing(/partNumber=4/, 'spoil', 2)
      await shaky().put('x', noise(50 * MIB))
      expect(proxy.requests.filter((request) => request.startsWith('PUT'))).toEqual(
        [1, 2, 3, 4, 4, 4, 5, 6, 7].map((part) => `PUT /first/x?partNumber=${part}`),
      )
      expect(await digestOf(direct().open('x'))).toBe(await digestOf(noise(50 * MIB)))
      await direct().remove('x')
      await expectNothing()
    })

    test('50 MB in parts: when a part never arrives, nothing is left', async () => {
      failing(/partNumber=4/, 'spoil', 99)
      await expect(shaky().put('x', noise(50 * MIB))).rejects.toThrow(
        /^Cannot keep x in .*: XAmzContentSHA256Mismatch: /,
      )
      expect(proxy.requests.filter((request) => request.includes('partNumber=4'))).toHaveLength(
        patience.tries,
      )
      expect(proxy.requests.at(-1)).toBe('DELETE /first/x')
      await expectNothing()
    })

    test('gives up after the last retry, with the error of the server or its silence', async () => {
      failing(/GET/, 'busy', 99)
      await direct().put('x', bytesOf('x'))
      const said = `Cannot read x in bucket first of ${proxy.settings.endpoint}: `
      await expect(textOf(shaky().open('x'))).rejects.toThrow(
        `${said}SlowDown: Please reduce your request rate`,
      )
      expect(proxy.requests).toHaveLength(patience.tries)
      failing(/GET/, 'stall', 99)
      const storage = openS3Storage(proxy.settings, { ...patience, tries: 2, answerMs: 200 })
      await expect(textOf(storage.open('x'))).rejects.toThrow(`${said}no answer within 0.2 s`)
      await direct().remove('x')
    })

    test('a server killed during an upload: the upload fails and cleanUp finds its rest', async () => {
      const storage = openS3Storage(server.settings, { ...patience, tries: 2 })
      const upload = storage.put(
        'x',
        noise(50 * MIB, (sofar) => (sofar === 20 * MIB ? server.kill() : undefined)),
      )
      await expect(upload).rejects.toThrow(/^Cannot keep x in /)
      await server.start()
      expect(await keys()).toEqual([])
      expect(await storage.cleanUp(new Date(Date.now() - 60_000))).toBe(0)
      expect(await storage.cleanUp(new Date(Date.now() + 60_000))).toBe(1)
      await expectNothing()
    })

    test('a server killed during an upload that returns: the upload continues', async () => {
      const restart = async (sofar: number) => {
        if (sofar !== 20 * MIB) return
        await server.kill()
        setTimeout(() => void server.start(), 300)
      }
      const storage = openS3Storage(server.settings, { ...patience, tries: 8 })
      await storage.put('x', noise(50 * MIB, restart))
      expect(await digestOf(storage.open('x'))).toBe(await digestOf(noise(50 * MIB)))
      await storage.remove('x')
      await expectNothing()
    })

    test('a file replaced during a read is not mixed with the new one', async () => {
      const storage = direct()
      await storage.put('x', noise(40 * MIB))
      const reading = storage.open('x')[Symbol.asyncIterator]()
      await reading.next()
      await storage.put(
        'x',
        noise(30 * MIB, () => {}, 50_003),
      )
      const rest = async () => {
        while (!(await reading.next()).done);
      }
      await expect(rest()).rejects.toThrow(/^Cannot read x in .*: PreconditionFailed: /)
      await storage.remove('x')
    })

    test('cleanUp leaves unfinished uploads of other prefixes alone', async () => {
      const later = new Date(Date.now() + 60_000)
      // earlier tests abort uploads, and the server may not have noticed yet
      await direct().cleanUp(later)
      const send = openRequests(server.settings, patience)
      for (const key of ['mine/x', 'other/x']) await beginUpload(send, key)
      const mine = openS3Storage({ ...server.settings, prefix: 'mine/' }, patience)
      expect(await mine.cleanUp(new Date(Date.now() - 60_000))).toBe(0)
      expect(await mine.cleanUp(later)).toBe(1)
      expect(await direct().cleanUp(later, ['mine/', 'third/'])).toBe(0)
      expect(await direct().cleanUp(later, ['other/'])).toBe(1)
    })
  },
)

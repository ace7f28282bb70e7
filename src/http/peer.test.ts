import { expect, test } from 'bun:test'
import { addressOf, callerAddress, notePeer } from './peer.ts'

const PROXY = '10.0.0.1'

test.each([
  ['X-Forwarded-For is ignored without a trusted proxy', '1.1.1.1', PROXY, 0, PROXY],
  ['one proxy gives the last entry', '203.0.113.7', PROXY, 1, '203.0.113.7'],
  [
    'entries from the caller before the last one are ignored',
    '1.1.1.1, 203.0.113.7',
    PROXY,
    1,
    '203.0.113.7',
  ],
  [
    'two proxies give the second entry from the right',
    '1.1.1.1, 203.0.113.7,10.0.0.2',
    PROXY,
    2,
    '203.0.113.7',
  ],
  ['one entry is used when two proxies are trusted', '203.0.113.7', PROXY, 2, '203.0.113.7'],
  [
    'a call without X-Forwarded-For gives the socket address',
    null,
    '203.0.113.7',
    1,
    '203.0.113.7',
  ],
  ['an entry that is not an address is ignored', "1.1.1.1, ' or 1=1 --", PROXY, 1, PROXY],
  ['entries before an invalid one are ignored', '1.1.1.1, unknown, 10.0.0.2', PROXY, 3, '10.0.0.2'],
  ['an empty header gives the socket address', '', PROXY, 1, PROXY],
  ['an incomplete IPv4 address is ignored', '1.1.1', PROXY, 1, PROXY],
  ['the port of an entry is removed', '203.0.113.7:4711', PROXY, 1, '203.0.113.7'],
  ['an IPv6 address is normalized', '2001:DB8:0:0::1', PROXY, 1, '2001:db8::1'],
  [
    'brackets and port of an IPv6 address are removed',
    '[2001:db8::1]:4711',
    PROXY,
    1,
    '2001:db8::1',
  ],
  ['an IPv4 address mapped to IPv6 becomes IPv4', null, '::ffff:203.0.113.7', 0, '203.0.113.7'],
  ['the zone of a link-local address is removed', null, 'fe80::1%eth0', 0, 'fe80::1'],
  ['an unknown address is null', null, null, 1, null],
])('%s', (_, forwarded, peer, hops, address) => {
  expect(callerAddress(forwarded, peer, hops)).toBe(address)
})

test('addressOf uses the address of the socket of a request', () => {
  const request = new Request('http://localhost/', {
    headers: { 'x-forwarded-for': '1.1.1.1, 203.0.113.7' },
  })
  expect([addressOf(request, 0), addressOf(request, 1)]).toEqual([null, '203.0.113.7'])
  notePeer(request, PROXY)
  expect([addressOf(request, 0), addressOf(request, 1)]).toEqual([PROXY, '203.0.113.7'])
})

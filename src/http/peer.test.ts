import { expect, test } from 'bun:test'
import { addressOf, callerAddress, notePeer } from './peer.ts'

const PROXY = '10.0.0.1'

test.each([
  ['nothing is believed without a proxy', '1.1.1.1', PROXY, 0, PROXY],
  ['what the proxy saw', '203.0.113.7', PROXY, 1, '203.0.113.7'],
  ['what the caller wrote before it', '1.1.1.1, 203.0.113.7', PROXY, 1, '203.0.113.7'],
  [
    'the second from the right behind two',
    '1.1.1.1, 203.0.113.7,10.0.0.2',
    PROXY,
    2,
    '203.0.113.7',
  ],
  ['a call that passed by one proxy of two', '203.0.113.7', PROXY, 2, '203.0.113.7'],
  ['a call that passed by no proxy', null, '203.0.113.7', 1, '203.0.113.7'],
  ['words for an address', "1.1.1.1, ' or 1=1 --", PROXY, 1, PROXY],
  ['nothing beyond what is no address', '1.1.1.1, unknown, 10.0.0.2', PROXY, 3, '10.0.0.2'],
  ['an empty header', '', PROXY, 1, PROXY],
  ['an address too short', '1.1.1', PROXY, 1, PROXY],
  ['with a port', '203.0.113.7:4711', PROXY, 1, '203.0.113.7'],
  ['IPv6 however it is written', '2001:DB8:0:0::1', PROXY, 1, '2001:db8::1'],
  ['IPv6 with brackets and port', '[2001:db8::1]:4711', PROXY, 1, '2001:db8::1'],
  ['IPv4 as a socket for both tells it', null, '::ffff:203.0.113.7', 0, '203.0.113.7'],
  ['a link-local address with its zone', null, 'fe80::1%eth0', 0, 'fe80::1'],
  ['nothing is known', null, null, 1, null],
])('%s', (_, forwarded, peer, hops, address) => {
  expect(callerAddress(forwarded, peer, hops)).toBe(address)
})

test('a request is asked with the address of its socket', () => {
  const request = new Request('http://localhost/', {
    headers: { 'x-forwarded-for': '1.1.1.1, 203.0.113.7' },
  })
  expect([addressOf(request, 0), addressOf(request, 1)]).toEqual([null, '203.0.113.7'])
  notePeer(request, PROXY)
  expect([addressOf(request, 0), addressOf(request, 1)]).toEqual([PROXY, '203.0.113.7'])
})

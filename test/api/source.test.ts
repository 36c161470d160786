/** Whose tries are counted together. */
import { describe, expect, it } from '@jest/globals'
import { Hono } from 'hono'
import { createTrustedProxies, sourceOf } from '../../api/source.ts'

const OURS = ['127.0.0.0/8', '::1', '10.1.2.3', '172.20.0.0/16', 'fd00::/8']
const isTrustedProxy = createTrustedProxies(OURS)
const app = new Hono().get('/', (c) => c.text(sourceOf(c, { isTrustedProxy })))

const ask = async (peer: string | null, forwarded?: string): Promise<string> => {
  const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded } : {}
  const env = peer === null ? undefined : { incoming: { socket: { remoteAddress: peer } } }
  return (await app.request('/', { headers }, env)).text()
}

describe('where a request comes from', () => {
  it('is the peer, when it did not pass a proxy of ours', async () => {
    expect(await ask('198.51.100.4')).toBe('198.51.100.4')
  })

  it('cannot be claimed by a stranger', async () => {
    expect(await ask('198.51.100.4', '203.0.113.1')).toBe('198.51.100.4')
  })

  it.each([['127.0.0.1'], ['::1'], ['::ffff:10.1.2.3'], ['172.20.0.5'], ['fd00::5']])(
    'is the right-most hop behind our proxy at %s',
    async (proxy) => {
      expect(await ask(proxy, '192.0.2.66, 203.0.113.1')).toBe('203.0.113.1')
    },
  )

  it.each([['10.1.2.4'], ['172.21.0.5'], ['192.168.1.20'], ['fc00::5']])(
    'is the neighbour at %s itself, who is no proxy of ours, whatever they claim',
    async (neighbour) => {
      const before = await ask(neighbour)
      expect(before).not.toBe('203.0.113.1')
      expect(await ask(neighbour, '203.0.113.1')).toBe(before)
    },
  )

  it('is found behind two proxies of ours', async () => {
    expect(await ask('127.0.0.1', '192.0.2.66, 203.0.113.1, 172.20.0.9')).toBe('203.0.113.1')
  })

  it('ignores what is no address', async () => {
    expect(await ask('127.0.0.1', 'not an address')).toBe('127.0.0.1')
    expect(await ask(null, 'x'.repeat(5_000))).toBe('direct')
  })

  it('counts a whole IPv6 network as one', async () => {
    const [one, other] = [await ask('2001:db8:1:2::7'), await ask('2001:DB8:1:2:ffff:1:2:3')]
    expect(one).toBe('2001:db8:1:2::/64')
    expect(other).toBe(one)
    expect(await ask('2001:db8::1')).toBe('2001:db8:0:0::/64')
  })

  it('knows an IPv4 address in IPv6 clothes', async () => {
    expect(await ask('::ffff:198.51.100.4')).toBe('198.51.100.4')
  })
})

/** Where a request comes from, for limits and security events: never what the client merely claims. */
import { BlockList, isIP, isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

export type TrustedProxies = (address: string) => boolean

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Whose X-Forwarded-For is believed: addresses and networks as in TRUSTED_PROXIES, nobody else. */
export function createTrustedProxies(entries: readonly string[]): TrustedProxies {
  const proxies = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    if (prefix === undefined) proxies.addAddress(address, familyOf(address))
    else proxies.addSubnet(address, Number(prefix), familyOf(address))
  }
  return (address) => isIP(address) !== 0 && proxies.check(address, familyOf(address))
}

/** Null where there is no socket: tests ask without a port. */
const peerOf = (c: Context): string | null =>
  c.env?.incoming || c.env?.server ? (getConnInfo(c).remote.address ?? null) : null

const GROUPS = 8
const NETWORK_GROUPS = 4

/** One home or one server has a whole /64 of IPv6, so that is what is counted. */
const networkOf = (address: string): string => {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '')
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : GROUPS - before.length - after.length
  const groups = [...before, ...Array.from({ length: gap }, () => '0'), ...after]
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16))
  return `${network.map((group) => group.toString(16)).join(':')}::/64`
}

type Trust = { isTrustedProxy: TrustedProxies }

/**
 * The right-most hop that is no proxy of ours is what our own proxy saw; whatever stands left of it anybody can
 * write, and so can a peer that is no proxy of ours.
 */
function clientOf(c: Context, { isTrustedProxy }: Trust): string {
  const peer = peerOf(c)
  if (peer !== null && !isTrustedProxy(peer)) return peer
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const claimed = hops.findLast((hop) => !isTrustedProxy(hop)) ?? ''
  return isIP(claimed) === 0 ? (peer ?? 'direct') : claimed
}

/** The address itself, as whoever asks later wants to know it. */
export const addressOf = (c: Context, trust: Trust): string => clientOf(c, trust)

/** Whose tries are counted together. */
export const sourceOf = (c: Context, trust: Trust): string => networkOf(clientOf(c, trust))

const isLoopback = createTrustedProxies(['127.0.0.0/8', '::1'])
const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** From this machine, and asked by its own name: a page elsewhere whose name leads here is no neighbour. */
export const isLocal = (c: Context, trust: Trust): boolean =>
  isLoopback(clientOf(c, trust)) && OWN_NAMES.includes(new URL(c.req.url).hostname)

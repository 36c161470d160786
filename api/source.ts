/** Where a request comes from, for limits and security events: never what the client merely claims. */
import { BlockList, isIP, isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** A proxy of ours stands on this machine or in a private network; only such a neighbour is believed. */
const NEIGHBOURS = new BlockList()
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  NEIGHBOURS.addSubnet(network, prefix, 'ipv4')
}
NEIGHBOURS.addAddress('::1', 'ipv6')
NEIGHBOURS.addSubnet('fc00::', 7, 'ipv6')

const isNeighbour = (address: string): boolean =>
  NEIGHBOURS.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

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

/** The right-most hop is the one that our own proxy saw; whatever stands left of it anybody can write. */
export function sourceOf(c: Context): string {
  const peer = peerOf(c)
  const claimed = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  const believed = (peer === null || isNeighbour(peer)) && isIP(claimed) !== 0
  return networkOf(believed ? claimed : (peer ?? 'direct'))
}

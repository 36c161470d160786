/** Which way to a server needs no encryption: on this machine, or on a network that somebody vouches for. */
import { isIP } from 'node:net'

const isLoopback = (host: string): boolean =>
  host === '' ||
  host === 'localhost' ||
  host === '::1' ||
  host.startsWith('/') ||
  (isIP(host) === 4 && host.startsWith('127.'))

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

export type IsPrivate = (host: string) => boolean

/** `vouched`: hosts that only Gari's own network reaches, as those of docker-compose.yml. */
export const createIsPrivate =
  (vouched: readonly string[]): IsPrivate =>
  (host) =>
    isLoopback(bare(host)) || vouched.includes(bare(host))

/** Of `host:port`. */
export const hostOf = (address: string): string => bare(address.replace(/:\d+$/, ''))

/** The end of a sentence. */
export const VOUCH = 'where only machines of yours can listen, say so by --private=host,host'

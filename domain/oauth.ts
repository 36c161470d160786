/** Programs of others: which there are, and where they may be answered. */
import type { FieldProblem } from './errors.ts'
import type { Permission } from './permissions.ts'

export const OAUTH_LIMITS = {
  nameLength: 80,
  redirectUris: 10,
  uriLength: 300,
  codeSeconds: 60,
  accessSeconds: 600,
  /** From the consent on, however often it is refreshed. */
  refreshSeconds: 14 * 24 * 60 * 60,
  /** How long somebody may take to sign in and decide. */
  decidingSeconds: 600,
} as const

/** public: on somebody's device, for whoever lets it. server: by itself, for whoever registered it. */
export type OauthClientKind = 'public' | 'server'

export type OauthClient = {
  id: string
  name: string
  kind: OauthClientKind
  redirectUris: string[]
  scopes: Permission[]
  createdAt: Date
}

/** With what administrators look after it by. */
export type ShownClient = OauthClient & {
  owner: { id: string; name: string }
  /** How many people have let it in and could be acted for now. */
  people: number
  /** To the minute. */
  lastUsedAt: Date | null
  /** The address that a server called from; where people's own programs call from is kept nowhere. */
  lastUsedFrom: string | null
}

/** A program that may act for somebody now. */
export type LetIn = { clientId: string; name: string; scopes: Permission[]; until: Date }

/**
 * https; or a program on the same device: http to a loopback address, or a scheme of its own, which is a domain turned round
 * (RFC 8252, 7.1 to 7.3). Written as it will be asked for, to the letter; never with a fragment or a name and password.
 */
export function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  if (protocol === 'https:') return true
  if (protocol === 'http:') return hostname === '127.0.0.1' || hostname === '[::1]'
  return /^[a-z][\w-]*(?:\.[\w-]+)+:$/.test(protocol)
}

export type ConsentPage = {
  path: string
  program: string
  /** What it asks for and the viewer may do. */
  scopes: Permission[]
  /** What it asks for and they may not do. */
  refused: Permission[]
  /** Where the answer goes. */
  answersTo: string
}

export type ProgramForm = { name: string; kind: string; redirectUris: string; scopes: string[] }

export type ProgramsPage = {
  programs: ShownClient[]
  /** Who looks at it: a server's secret is its owner's to renew. */
  viewerId: string
  choices: Permission[]
  /** Shown this once; a public program has no secret. */
  made: { name: string; id: string; secret: string | null } | null
  form: ProgramForm
  problems: FieldProblem[]
  now: Date
}

/** What the api room is given by the door (server.ts): shapes only, so that tests can hand in others. */
import type { Actor } from '../domain/accounts.ts'
import type { BankDetails } from '../domain/charge-pages.ts'
import type { CallbackKind } from '../domain/callbacks.ts'
import type { PrintedDocument } from '../domain/documents.ts'
import type { Pictures } from '../domain/identity-documents.ts'
import type { CollectingPolicy } from '../domain/reservations.ts'
import type { Database } from '../db/connection.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { BankMoneyMessages } from './bank-money-messages.ts'
import type { PaybillMessages } from './paybill-messages.ts'
import type { Parts } from './parts.ts'
import type { SignInLine } from './sign-in-line.ts'
import type { TrustedProxies } from './source.ts'
import type { Workflows } from './workflow-messages.ts'

export type Passwords = {
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /** Takes as long as a real check, so that unknown accounts cannot be told by the clock. */
  verifyAgainstNothing(password: string): Promise<void>
  /** What makes a new one easy to guess for who knows `about`, a name and an address; null where nothing does. */
  findWeakness(password: string, about: readonly string[]): 'common' | 'personal' | null
}

export type ApiLog = {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

export type Links = {
  temporalUi: string | null
  phones: string | null
  mailbox: string | null
  sms: string | null
}

/** What somebody who runs Gari may set; the fixed limits stand in limits.ts. */
export type ApiLimits = {
  /** Bookings that one customer may have open with nothing paid. */
  openBookings: number
  /** Tries to book by one account; one source may make four times as many. */
  bookingsPerHour: number
  /** M-Pesa prompts to one phone that were asked for by share links; others may ask for more. */
  promptsPerHour: number
  /** Multiplies what is counted by address or by booking. */
  sharedFactor: number
  /** What one customer's pages may ask for in a minute, of each process; others as parts of it (traffic.ts). */
  requestsPerMinute: number
}

export type ApiDeps = {
  db: Database
  workflows: Workflows & PaybillMessages & BankMoneyMessages
  passwords: Passwords
  /** Where everybody waits whose password is to be hashed. */
  signInLine: SignInLine
  accessTokens: AccessTokens
  sms: { send(message: { to: string; text: string; key: string }): Promise<unknown> }
  /** A document as PDF. */
  printDocument: (document: PrintedDocument) => Promise<Uint8Array>
  /** The address under which anybody can check a document, and whether its secret part fits. */
  verifyUrl: (number: string) => string
  verifyTokenFits(number: string, token: string): boolean
  qrSvg(text: string): Promise<string>
  pictures: Pictures
  /** True when the secret part of a callback path belongs to this kind and subject. */
  callbackTokenFits(kind: CallbackKind, subjectId: string, token: string): boolean
  /** The same for the one address of money sent by hand. */
  paybillTokenFits(token: string): boolean
  /** What customers type on their phones to pay by hand. */
  /** Where customers transfer money to; null while only our desk tells. */
  bank: BankDetails | null
  payByHand: { kind: 'paybill' | 'till'; number: string }
  /** The secret part of a share link, by which a party pays without signing in. */
  shareToken(reservationId: string, partyId: string): string
  shareTokenFits(reservationId: string, partyId: string, token: string): boolean
  /** The secret part of the link by which late money is decided about. */
  lateToken(paymentId: string): string
  lateTokenFits(paymentId: string, token: string): boolean
  /** The secret part of a link that is mailed to whoever has an account. */
  accountLinkFits(linkId: string, token: string): boolean
  registrationFits(id: string, token: string): boolean
  /** The secret part of the link that stops offers. */
  unsubscribeFits(userId: string, channel: string, token: string): boolean
  decodePayloads(payloads: unknown[]): Promise<unknown[]>
  /** Keyed hash of a phone or one-time code, so that neither stands in clear beside its code. */
  keyedHash(text: string): Buffer
  parts: Parts
  isTrustedProxy: TrustedProxies
  /** Whether Daraja's callbacks are known to come from there; an alarm, never the only guard. */
  isDarajaSource: (address: string) => boolean
  limits: ApiLimits
  log: ApiLog
  now(): Date
  publicUrl: string
  production: boolean
  /** Whether people who work here must have one. */
  secondFactor: 'required' | 'optional'
  /** How long whoever wants to be forgotten can take it back; whom people ask about their data, and who we are. */
  privacy: { coolingMs: number; contact: string; controller: string }
  temporalNamespace: string
  policy: CollectingPolicy
  links: Links
  /** Where Temporal's own pages listen, to be shown at /temporal; null where they are somebody else's. */
  temporalUpstream: string | null
  sampleData: boolean
  /** Shown on the sign-in page, only with sample data. */
  samplePeople: readonly { role: string; email: string; password: string }[]
}

/** Counts a request of somebody who has signed in by a page's cookie or by a token. */
export type Spend = (actor: Actor, way: 'page' | 'token') => void

export type Session = {
  actor: Actor | null
  csrf: string
  tokenHash: Buffer
  /** Whose second step this session waits for. */
  waitingFor?: string
  /** They signed in just now. */
  isFresh?: boolean
}

export type Env = {
  Variables: {
    session: Session
    requestId: string
    /** Where requests are counted at all. */
    spend?: Spend
    /** Where the page that a form was on can be asked for again; set by whoever reads the form. */
    address?: string
    /** Instead of the policy of our own pages. */
    contentPolicy?: string
  }
}
export type ApiEnv = {
  Variables: {
    actor: Actor
    tokenHash: Buffer
    /** They signed in within the last quarter of an hour, themselves. */
    isFresh: boolean
    requestId: string
    spend?: Spend
  }
}

/** What the pages about one's own account show. */
import type { FieldProblem } from './errors.ts'
import type { LetIn } from './oauth.ts'

export type ForgotPage = { email: string; sent: boolean; problems: FieldProblem[]; next: string }

export type LinkPage = {
  /** `over` also for links that we never made. */
  state: 'reset' | 'prove' | 'proven' | 'over'
  path: string
  email: string
  problems: FieldProblem[]
}

export type SessionRow = {
  handle: string
  /** `Chrome, Android`; null where it does not say. */
  device: string | null
  kind: 'page' | 'bearer'
  address: string | null
  lastSeenAt: Date
  isThis: boolean
}

export type OwnAccountPage = {
  name: string
  email: string | null
  emailProven: boolean
  hasPassword: boolean
  /** Else the account is for work with us. */
  isCustomer: boolean
  /** Whether keys for programs are for them. */
  mayHaveKeys: boolean
  /** Programs of others that may act for them now. */
  programs: LetIn[]
  sessions: SessionRow[]
  problems: FieldProblem[]
  /** What was just done. */
  done: 'password' | 'link' | null
  now: Date
}

export type PasskeyRow = { id: string; name: string; lastUsedAt: Date | null }

export type FactorPage = {
  /** Works here, and may do nothing before. */
  must: boolean
  app: boolean
  recoveryCodes: number
  passkeys: PasskeyRow[]
  /** Where the browser can have them: not under a bare address. */
  canHavePasskeys: boolean
  /** They signed in just now; else they do so again before they add or take away anything. */
  fresh: boolean
  problems: FieldProblem[]
  done: 'app' | 'off' | 'passkey' | 'no-passkey' | null
  now: Date
}

/** `secret` in groups of four, for those who type it. */
export type ScanPage = { qrSvg: string; secret: string; problems: FieldProblem[] }

export type SecondStepPage = {
  app: boolean
  passkeys: boolean
  next: string
  problems: FieldProblem[]
}

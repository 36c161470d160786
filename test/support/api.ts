/** The api room without a port: real database and passwords, fakes only for the gateways. */
import { createHmac } from 'node:crypto'
import type { Hono } from 'hono'
import { createAccessTokens } from '../../api/access-tokens.ts'
import { createApp } from '../../api/app.ts'
import type { ChargeWorkflows } from '../../api/charge-messages.ts'
import type { ApiDeps, Env } from '../../api/deps.ts'
import { createSignInLine } from '../../api/sign-in-line.ts'
import { createTrustedProxies } from '../../api/source.ts'
import type { Database } from '../../db/connection.ts'
import { DEFAULT_POLICY } from '../../domain/reservations.ts'
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts'
import { hashPassword, verifyAgainstNothing, verifyPassword } from '../../gateways/passwords.ts'
import { findWeakness } from '../../gateways/weak-passwords.ts'

export const ORIGIN = 'http://gari.test'
export const TEMPORAL_UI = 'http://temporal.test:8233'

const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was not expected`))

export const buildChargeWorkflows = (over: Partial<ChargeWorkflows> = {}): ChargeWorkflows => ({
  open: unexpected('charges.open'),
  requestPayment: unexpected('charges.requestPayment'),
  receivePayment: unexpected('charges.receivePayment'),
  declineShare: unexpected('charges.declineShare'),
  cancel: unexpected('charges.cancel'),
  coverShare: unexpected('charges.coverShare'),
  shrink: unexpected('charges.shrink'),
  startPlan: unexpected('charges.startPlan'),
  goOn: unexpected('charges.goOn'),
  addPlanPhone: unexpected('charges.addPlanPhone'),
  stopPlan: unexpected('charges.stopPlan'),
  ...over,
})

export const buildRentalWorkflows = (
  over: Partial<ApiDeps['workflows']['rentals']> = {},
): ApiDeps['workflows']['rentals'] => ({
  pickUp: unexpected('rentals.pickUp'),
  bringBack: unexpected('rentals.bringBack'),
  claim: unexpected('rentals.claim'),
  agree: unexpected('rentals.agree'),
  dispute: unexpected('rentals.dispute'),
  decide: unexpected('rentals.decide'),
  ...over,
})

/** Every message to a workflow is refused unless the test says what it answers. */
export const buildWorkflows = (over: Partial<ApiDeps['workflows']> = {}): ApiDeps['workflows'] => ({
  charges: buildChargeWorkflows(),
  rentals: buildRentalWorkflows(),
  reserve: unexpected('reserve'),
  requestPayment: unexpected('requestPayment'),
  receivePayment: unexpected('receivePayment'),
  confirmTransfer: unexpected('confirmTransfer'),
  withdrawTransfer: unexpected('withdrawTransfer'),
  awaitPrompt: unexpected('awaitPrompt'),
  cancelReservation: unexpected('cancelReservation'),
  declineShare: unexpected('declineShare'),
  chooseOffer: unexpected('chooseOffer'),
  requestRefund: unexpected('requestRefund'),
  decideRefund: unexpected('decideRefund'),
  nameRefundPhone: unexpected('nameRefundPhone'),
  payRefundInCash: unexpected('payRefundInCash'),
  reconcile: unexpected('reconcile'),
  retryStep: unexpected('retryStep'),
  resolveManually: unexpected('resolveManually'),
  allocateMoney: unexpected('allocateMoney'),
  allocateBankMoney: unexpected('allocateBankMoney'),
  returnMoney: unexpected('returnMoney'),
  listParked: () => Promise.resolve([]),
  ...over,
})

const QUARTER_MS = 15 * MINUTE_MS
const STOPPED_AT = Math.floor(Date.now() / QUARTER_MS) * QUARTER_MS + QUARTER_MS / 2

/** Stands in the middle of a quarter of an hour: no window of a limit can end while a test counts. */
export const steadyClock = (): Date => new Date(STOPPED_AT)

export type SentSms = { to: string; text: string; key: string }
export type Logged = { level: 'info' | 'warn' | 'error'; detail: object; message: string }
export type TestDeps = ApiDeps & { sent: SentSms[]; logged: Logged[] }

export const TOKEN_KEY = Buffer.alloc(32, 5)
const ACCESS_TOKENS = createAccessTokens({ key: TOKEN_KEY, otherKeys: [], issuer: ORIGIN })

export function buildDeps(db: Database, over: Partial<ApiDeps> = {}): TestDeps {
  const sent: SentSms[] = []
  const logged: Logged[] = []
  const log = (level: Logged['level']) => (detail: object, message: string) => {
    logged.push({ level, detail, message })
  }
  const keyed = (text: string) => createHmac('sha256', 'key of the tests').update(text).digest()
  const token = (...parts: string[]) => keyed(parts.join('\n')).toString('base64url')
  return {
    db,
    workflows: buildWorkflows(),
    passwords: { hash: hashPassword, verify: verifyPassword, verifyAgainstNothing, findWeakness },
    signInLine: createSignInLine(),
    accessTokens: ACCESS_TOKENS,
    sms: { send: (message) => Promise.resolve(sent.push(message)) },
    printDocument: ({ number }) => Promise.resolve(Buffer.from(`%PDF ${number}`)),
    verifyUrl: (number) => `${ORIGIN}/documents/verify/${number}/${token('document', number)}`,
    verifyTokenFits: (number, given) => given === token('document', number),
    qrSvg: () => Promise.resolve('<svg></svg>'),
    pictures: { redraw: unexpected('pictures.redraw') },
    callbackTokenFits: (kind, id, given) => given === token('callback', kind, id),
    paybillTokenFits: (given) => given === token('callback', 'paybill'),
    bank: { name: 'Simba Bank, Westlands', account: '0123456789', holder: 'Gari Car Rental Ltd' },
    payByHand: { kind: 'paybill', number: '600984' },
    shareToken: (id, partyId) => token('share', id, partyId),
    shareTokenFits: (id, partyId, given) => given === token('share', id, partyId),
    lateToken: (id) => token('late', id),
    lateTokenFits: (id, given) => given === token('late', id),
    accountLinkFits: (id, given) => given === token('account', id),
    registrationFits: (id, given) => given === token('registration', id),
    unsubscribeFits: (id, channel, given) => given === token('unsubscribe', id, channel),
    decodePayloads: (payloads) => Promise.resolve(payloads),
    keyedHash: keyed,
    parts: () => Promise.resolve([]),
    isTrustedProxy: createTrustedProxies(['127.0.0.0/8', '::1']),
    isDarajaSource: () => true,
    limits: {
      openBookings: 5,
      bookingsPerHour: 240,
      promptsPerHour: 6,
      sharedFactor: 1,
      requestsPerMinute: 1_000_000,
    },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    now: () => new Date(),
    publicUrl: ORIGIN,
    production: false,
    secondFactor: 'optional',
    privacy: {
      coolingMs: 7 * DAY_MS,
      contact: 'privacy@gari.test',
      controller: 'Gari Car Rental Ltd',
    },
    temporalNamespace: 'default',
    policy: DEFAULT_POLICY,
    links: { temporalUi: TEMPORAL_UI, phones: null, mailbox: null, sms: null },
    temporalUpstream: null,
    sampleData: false,
    samplePeople: [],
    ...over,
    sent,
    logged,
  }
}

export type TestApi = {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  request(path: string, init?: RequestInit): Promise<Response>
}

/** JSON requests to /api/v1. */
export function createTestApi(deps: ApiDeps, app: Hono<Env> = createApp(deps)): TestApi {
  const request = async (path: string, init: RequestInit = {}) =>
    app.request(`${ORIGIN}/api/v1${path}`, init)
  return {
    request,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  }
}

export const PASSWORD = 'a long enough password'

export const buildRegistration = (over: Record<string, unknown> = {}) => ({
  email: 'achieng@example.com',
  password: PASSWORD,
  first_name: 'Achieng',
  last_name: 'Odhiambo',
  phone: '0712 000 111',
  ...over,
})

/** What a problem document must be; answers it. */
export async function readProblem(response: Response): Promise<Record<string, unknown>> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json')) {
    throw new Error(`no problem document but ${type || 'nothing'}: ${response.status}`)
  }
  return (await response.json()) as Record<string, unknown>
}

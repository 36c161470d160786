import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { join } from 'node:path'
import { useAssets } from '../shell/assets.ts'
import type { ShellLinks } from '../shell/layout.tsx'
import { createLive, type Live } from '../shell/live.ts'
import { realClock, type Clock } from './clock.ts'
import { controlPage } from './control/page.tsx'
import { controlRoutes } from './control/routes.ts'
import { sameOrigin } from './control/same-origin.ts'
import { refuse, resourceNotFound } from './errors.ts'
import { createHandsets, type Handsets } from './handsets.ts'
import { createInquiries, type Inquiries } from './inquiries.ts'
import type { PaidIn } from './money/entries.ts'
import { openLedger, type Ledger } from './money/ledger.ts'
import { createMoods, type Moods } from './moods.ts'
import { createDelivery, type Delivery, type Log } from './notices/delivery.ts'
import { createPosts, type Posts } from './notices/posts.ts'
import { createTokens, type Tokens } from './oauth.ts'
import { loadOperatorKeys, type OperatorKeys } from './operator-keys.ts'
import { createOperator, type Operator } from './operator.ts'
import { createPaybill, type Paybill } from './paybill.ts'
import { createPayments, type Payments } from './payments.ts'
import { createPayouts, type Payouts } from './payouts.ts'
import { phoneRoutes } from './phones.tsx'
import { productRoutes } from './products/index.ts'
import { createRate, type Rate } from './rate.ts'
import { createRequests } from './requests.ts'
import { createReversals, type Reversals } from './reversals.ts'
import { SANDBOX, settingsSchema, type Merchant, type Settings } from './settings.ts'

export type SimulatorOptions = {
  /** Folder for the ledger; it is read again at the next start. */
  home: string
  settings?: Partial<Settings>
  clock?: Clock
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  log?: Log
  links?: () => ShellLinks
  /** The pair behind the operator's credential; by default the home's own. */
  keys?: OperatorKeys
}

export type Simulator = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  moods: Moods
  tokens: Tokens
  rate: Rate
  delivery: Delivery
  posts: Posts
  keys: OperatorKeys
  operator: Operator
  payments: Payments
  paybill: Paybill
  reversals: Reversals
  payouts: Payouts
  inquiries: Inquiries
  live: Live<string>
  changed: (msisdn: string) => void
  links: () => ShellLinks
  /** Null while nothing listens: then no connection can be refused. */
  door: { closeFor: ((forMs: number) => void) | null }
}

const BODY_LIMIT_BYTES = 64 * 1024
/** The second is for those who forget the first one's mark that no product of Safaricom's lies there. */
const CONTROL_ROOTS = ['/_control', '/control']

/** Daraja, its customers' phones, and its control desk as one app; nothing listens yet. */
export const createDarajaSimulator = (options: SimulatorOptions) => {
  const simulator = wire(options)
  const app = new Hono()
  app.use(bodyLimit({ maxSize: BODY_LIMIT_BYTES }))
  useAssets(app, {
    'phone.css': new URL('./static/phone.css', import.meta.url),
    'phone.js': new URL('./static/phone.js', import.meta.url),
  })
  for (const root of CONTROL_ROOTS) app.use(`${root}/*`, sameOrigin)
  app.use('/phones/*', sameOrigin)
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.route('/', productRoutes(simulator))
  app.route('/', phoneRoutes(simulator))
  for (const root of CONTROL_ROOTS) {
    app.route(root, controlPage(simulator))
    app.route(root, controlRoutes(simulator))
  }
  app.notFound((c) => refuse(c, resourceNotFound))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status)
    options.log?.('the simulator failed', { error: error.message })
    return c.json({ error: 'the simulator failed' }, 500)
  })
  simulator.payments.resume()
  simulator.paybill.resume()
  simulator.reversals.resume()
  simulator.payouts.resume()
  const stop = () => {
    simulator.payments.stop()
    simulator.ledger.close()
  }
  return { app, simulator, stop }
}

const wire = (options: SimulatorOptions): Simulator => {
  const { clock = realClock, log = () => undefined, fetch: send = fetch } = options
  const merchant = SANDBOX
  const settings = settingsSchema.parse(options.settings ?? {})
  const ledger = openLedger(join(options.home, 'ledger.jsonl'))
  const handsets = createHandsets(ledger, clock)
  const live = createLive<string>()
  const changed = live.publish
  const delivery = createDelivery({ clock, fetch: send, log, settings })
  const posts = createPosts({ ledger, delivery, clock })
  const requests = createRequests({ settings, clock, posts })
  const moods = createMoods()
  const keys = options.keys ?? loadOperatorKeys(options.home)
  const base = { merchant, settings, clock, ledger, handsets, delivery, posts, requests, changed }
  const paybill = createPaybill(base)
  const confirm = (payment: PaidIn) => paybill.confirm(payment, moods.take('c2b', payment))
  return {
    ...base,
    live,
    moods,
    keys,
    tokens: createTokens(clock, settings),
    rate: createRate(clock, settings),
    operator: createOperator(merchant, settings, keys),
    payments: createPayments({ ...base, confirm }),
    paybill,
    reversals: createReversals(base),
    payouts: createPayouts(base),
    inquiries: createInquiries(base),
    links: options.links ?? (() => ({})),
    door: { closeFor: null },
  }
}

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { join } from 'node:path'
import { useAssets } from '../shell/assets.ts'
import type { ShellLinks } from '../shell/layout.tsx'
import { createLive, type Live } from '../shell/live.ts'
import { createCallbacks, type Callbacks } from './callbacks.ts'
import { realClock, type Clock } from './clock.ts'
import { controlPage } from './control-page.tsx'
import { controlRoutes } from './control.ts'
import { createDelivery, type Delivery, type Log } from './delivery.ts'
import { refuse, resourceNotFound } from './errors.ts'
import { createHandsets, type Handsets } from './handsets.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { createMoods, type Moods } from './moods.ts'
import { createTokens, type Tokens } from './oauth.ts'
import { createPayments, type Payments } from './payments.ts'
import { phoneRoutes } from './phones.tsx'
import { productRoutes } from './products/index.ts'
import { createReversals, type Reversals } from './reversals.ts'
import { sameOrigin } from './same-origin.ts'
import { SANDBOX, settingsSchema, type Merchant, type Settings } from './settings.ts'

export type SimulatorOptions = {
  /** Folder for the ledger; it is read again at the next start. */
  home: string
  settings?: Partial<Settings>
  clock?: Clock
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  log?: Log
  links?: () => ShellLinks
}

export type Simulator = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  moods: Moods
  tokens: Tokens
  delivery: Delivery
  callbacks: Callbacks
  payments: Payments
  reversals: Reversals
  live: Live<string>
  changed: (msisdn: string) => void
  links: () => ShellLinks
}

const BODY_LIMIT_BYTES = 64 * 1024

/** Daraja, its customers' phones, and its control desk as one app; nothing listens yet. */
export const createDarajaSimulator = (options: SimulatorOptions) => {
  const simulator = wire(options)
  const app = new Hono()
  app.use(bodyLimit({ maxSize: BODY_LIMIT_BYTES }))
  useAssets(app, {
    'phone.css': new URL('./static/phone.css', import.meta.url),
    'phone.js': new URL('./static/phone.js', import.meta.url),
  })
  app.use('/_control/*', sameOrigin)
  app.use('/phones/*', sameOrigin)
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.route('/', productRoutes(simulator))
  app.route('/', phoneRoutes(simulator))
  app.route('/_control', controlPage(simulator))
  app.route('/_control', controlRoutes(simulator))
  app.notFound((c) => refuse(c, resourceNotFound))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status)
    options.log?.('the simulator failed', { error: error.message })
    return c.json({ error: 'the simulator failed' }, 500)
  })
  simulator.payments.resume()
  simulator.reversals.resume()
  const stop = () => {
    simulator.payments.stop()
    simulator.ledger.close()
  }
  return { app, simulator, stop }
}

const wire = (options: SimulatorOptions): Simulator => {
  const { clock = realClock, log = () => undefined } = options
  const merchant = SANDBOX
  const settings = settingsSchema.parse(options.settings ?? {})
  const ledger = openLedger(join(options.home, 'ledger.jsonl'))
  const handsets = createHandsets(ledger, clock)
  const live = createLive<string>()
  const changed = live.publish
  const delivery = createDelivery(clock, options.fetch ?? fetch, log)
  const callbacks = createCallbacks({ ledger, delivery, clock })
  const base = { merchant, settings, clock, ledger, handsets, delivery, callbacks, changed }
  return {
    ...base,
    live,
    moods: createMoods(),
    tokens: createTokens(clock, settings),
    payments: createPayments(base),
    reversals: createReversals(base),
    links: options.links ?? (() => ({})),
  }
}

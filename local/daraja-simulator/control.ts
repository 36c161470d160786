import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { callbackBody } from './callbacks.ts'
import { compactTime } from './clock.ts'
import { newReceipt } from './ids.ts'
import { moodSchema, type MoodKey } from './moods.ts'
import { handsetRoutes, pathMsisdn, readBody } from './control-phones.ts'
import { settingsPatchSchema, settingsSchema } from './settings.ts'
import type { Simulator } from './simulator.ts'

const LIMIT_COPIES = 20

/** Everything a test, a demo or an operator may want of Daraja that Daraja would never offer. */
export const controlRoutes = (simulator: Simulator) => {
  const { ledger, moods, settings, tokens, callbacks } = simulator
  const app = new Hono()
  app.get('/ledger', (c) => c.json(ledger.report()))
  app.get('/settings', (c) => c.json(settings))
  app.patch('/settings', async (c) => {
    const patch = await readBody(c, settingsPatchSchema)
    const merged = settingsSchema.safeParse({ ...settings, ...patch })
    if (!merged.success) throw new HTTPException(422, { message: z.prettifyError(merged.error) })
    return c.json(Object.assign(settings, merged.data))
  })

  app.get('/moods', (c) => c.json(moods.all()))
  app.delete('/moods', (c) => {
    moods.clear()
    return c.json(moods.all())
  })
  app.on(['PUT', 'DELETE'], ['/moods/global', '/moods/:scope/:value'], async (c) => {
    const key = moodKey(c)
    if (c.req.method === 'DELETE') moods.clear(key)
    else moods.set(key, await readBody(c, moodSchema))
    return c.json(moods.all())
  })

  app.post('/tokens/expire', (c) => {
    tokens.revoke()
    return c.body(null, 204)
  })
  app.post('/callbacks/forge', async (c) => {
    const forged = await readBody(c, forgerySchema)
    return c.json({ outcome: await forge(simulator, forged) })
  })
  app.post('/callbacks/:id/resend', async (c) => {
    const { copies } = await readBody(c, resendSchema)
    const transaction = ledger.transactions.get(c.req.param('id'))
    if (!transaction) throw new HTTPException(404, { message: 'no such CheckoutRequestID' })
    return c.json({ outcomes: await callbacks.resend(transaction, copies) })
  })
  app.route('/phones', handsetRoutes(simulator))
  return app
}

const resendSchema = z.strictObject({
  copies: z.number().int().min(1).max(LIMIT_COPIES).default(1),
})

/** A callback Daraja never sent: what is not given is taken from the transaction, or made up. */
const forgerySchema = z.strictObject({
  url: z.url().optional(),
  checkoutRequestId: z.string().max(64).default('ws_CO_forged'),
  merchantRequestId: z.string().max(64).optional(),
  resultCode: z.union([z.number().int(), z.string()]).default(0),
  amount: z.number().optional(),
  phone: z.string().optional(),
  receipt: z.string().max(20).optional(),
  /** Sent as it is instead of a callback: garbage, other shapes. */
  body: z.unknown().optional(),
})
type Forgery = z.infer<typeof forgerySchema>

const forge = async ({ ledger, delivery, clock }: Simulator, forged: Forgery): Promise<string> => {
  const real = ledger.transactions.get(forged.checkoutRequestId)
  const url = forged.url ?? real?.callbackUrl
  if (!url) throw new HTTPException(422, { message: 'give url, or a known checkoutRequestId' })
  const at = clock.now()
  const { resultCode } = forged
  const transaction = {
    checkoutRequestId: forged.checkoutRequestId,
    merchantRequestId: forged.merchantRequestId ?? real?.merchantRequestId ?? 'forged',
    phone: forged.phone ?? real?.phone ?? '254700000000',
    amount: forged.amount ?? real?.amount ?? 1,
    partyB: '',
    accountReference: '',
    callbackUrl: url,
    requestedAt: at.toISOString(),
    status: 'paid' as const,
    resultCode,
    resultDesc: `Forged at ${compactTime(at)}`,
    receipt: forged.receipt ?? newReceipt(at),
    finishedAt: at.toISOString(),
    balanceAfter: null,
    reversedBy: null,
    reported: true,
  }
  return delivery.post(url, forged.body ?? callbackBody(transaction, {}))
}

const moodKey = (c: Context): MoodKey => {
  const scope = c.req.param('scope')
  if (scope === undefined) return 'global'
  const value = c.req.param('value') ?? ''
  if (scope === 'phones') return `phone:${pathMsisdn(value)}`
  if (scope === 'amounts' && /^[1-9]\d{0,5}$/.test(value)) return `amount:${value}`
  throw new HTTPException(404, {
    message: 'moods/global, moods/phones/<number>, moods/amounts/<n>',
  })
}

import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { readMsisdn } from './handsets.ts'
import { autopilotSchema } from './settings.ts'
import type { Simulator } from './simulator.ts'

const MAX_BALANCE = 500_000_000

export const answerSchema = z.union([
  z.strictObject({ pin: z.string().regex(/^\d{4}$/) }),
  z.strictObject({ cancel: z.literal(true) }),
])

const changeSchema = z.strictObject({
  on: z.boolean().optional(),
  balance: z.number().int().min(0).max(MAX_BALANCE).optional(),
  pin: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  unlock: z.literal(true).optional(),
  autopilot: autopilotSchema.nullable().optional(),
})

/** `/_control/phones`: a phone as JSON, and the same hands on it as the page has. */
export const handsetRoutes = (simulator: Simulator) => {
  const { handsets, payments } = simulator
  const app = new Hono()
  app.get('/', (c) =>
    c.json({ items: handsets.known().map(({ msisdn }) => shown(simulator, msisdn)) }),
  )
  app.get('/:msisdn', (c) => c.json(shown(simulator, pathMsisdn(c.req.param('msisdn')))))
  app.patch('/:msisdn', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const change = await readBody(c, changeSchema)
    applyChange(simulator, msisdn, change)
    return c.json(shown(simulator, msisdn))
  })
  app.post('/:msisdn/answer', async (c) => {
    const msisdn = pathMsisdn(c.req.param('msisdn'))
    const answer = await readBody(c, answerSchema)
    if (payments.answer(msisdn, answer)) return c.json(shown(simulator, msisdn), 202)
    throw new HTTPException(409, { message: 'this phone shows no prompt' })
  })
  return app
}

const applyChange = (
  { handsets, payments, changed }: Simulator,
  msisdn: string,
  { on, balance, pin, unlock, autopilot }: z.infer<typeof changeSchema>,
): void => {
  if (balance !== undefined) handsets.setBalance(msisdn, balance)
  if (pin !== undefined) handsets.change(msisdn, { pin })
  if (unlock) handsets.change(msisdn, { wrongPins: 0 })
  if (autopilot !== undefined) handsets.change(msisdn, { autopilot })
  if (on !== undefined) payments.switchPhone(msisdn, on)
  else changed(msisdn)
}

/** Without the PIN: tests know the sample phones' PINs, nobody else needs them. */
const shown = ({ handsets, ledger, payments }: Simulator, msisdn: string) => {
  const { name, on, wrongPins, autopilot } = handsets.at(msisdn)
  return {
    msisdn,
    name,
    on,
    wrongPins,
    autopilot,
    balance: ledger.wallets.get(msisdn) ?? 0,
    prompt: payments.prompt(msisdn),
  }
}

export const pathMsisdn = (text: string): string => {
  const msisdn = readMsisdn(text)
  if (msisdn) return msisdn
  throw new HTTPException(404, { message: 'not a Kenyan mobile number' })
}

/** A JSON body that fits, or 415 and 422 with every problem. Also keeps other sites' forms out. */
export const readBody = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  if (!/^application\/json\b/i.test(c.req.header('Content-Type') ?? ''))
    throw new HTTPException(415, { message: 'send application/json' })
  const body: unknown = await c.req.json().catch((cause: unknown) => {
    throw new HTTPException(400, { message: 'this is not JSON', cause })
  })
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new HTTPException(422, { message: z.prettifyError(parsed.error) })
}

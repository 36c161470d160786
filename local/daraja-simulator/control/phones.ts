import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { autopilotSchema } from '../settings.ts'
import type { Simulator } from '../simulator.ts'
import { pathMsisdn, plain, taking, type Endpoint } from './endpoint.ts'

const MAX_BALANCE = 500_000_000

const pin = z.string().regex(/^\d{4}$/)
const answerSchema = z.union([z.strictObject({ pin }), z.strictObject({ cancel: z.literal(true) })])

const changeSchema = z.strictObject({
  on: z.boolean().optional(),
  balance: z.number().int().min(0).max(MAX_BALANCE).optional(),
  pin: pin.optional(),
  unlock: z.literal(true).optional(),
  registered: z.boolean().optional(),
  autopilot: autopilotSchema.nullable().optional(),
})

/** `shortCode` is ours unless said; with `till: true` the money goes to the till. */
const paySchema = z.strictObject({
  amount: z.number().int().min(1),
  account: z.string().max(20).default(''),
  shortCode: z.string().optional(),
  till: z.boolean().default(false),
})

/** A phone as JSON, and the same hands on it as the page has. */
export const phoneEndpoints = (simulator: Simulator): Endpoint[] => {
  const { handsets, payments } = simulator
  const shownAt = (text: string | undefined) => shown(simulator, pathMsisdn(text))
  return [
    plain('GET', '/phones', 'All phones.', (c) =>
      c.json({ items: handsets.known().map(({ msisdn }) => shown(simulator, msisdn)) }),
    ),
    plain('GET', '/phones/:msisdn', 'One phone, with the prompt it shows.', (c) =>
      c.json(shownAt(c.req.param('msisdn'))),
    ),
    taking(
      'PATCH',
      '/phones/:msisdn',
      'Switches a phone, fills its wallet, gives it a PIN, unlocks it, lets it answer by itself.',
      changeSchema,
      (c, change) => {
        applyChange(simulator, pathMsisdn(c.req.param('msisdn')), change)
        return c.json(shownAt(c.req.param('msisdn')))
      },
    ),
    taking(
      'POST',
      '/phones/:msisdn/answer',
      'Answers the prompt: 202, or 409 when there is none.',
      answerSchema,
      (c, answer) => {
        const msisdn = pathMsisdn(c.req.param('msisdn'))
        if (payments.answer(msisdn, answer)) return c.json(shown(simulator, msisdn), 202)
        throw new HTTPException(409, { message: 'this phone shows no prompt' })
      },
    ),
    taking(
      'POST',
      '/phones/:msisdn/pay',
      'Pays a business by hand; tells the receipt, or why not.',
      paySchema,
      async (c, wanted) => c.json(await payByHand(simulator, c.req.param('msisdn'), wanted)),
    ),
  ]
}

const payByHand = (
  { paybill, moods, merchant, settings }: Simulator,
  typed: string | undefined,
  { amount, account, till, shortCode }: z.infer<typeof paySchema>,
) => {
  const phone = pathMsisdn(typed)
  const own = till ? (settings.till ?? '') : merchant.shortCode
  const wanted = {
    phone,
    amount,
    accountReference: account,
    shortCode: shortCode ?? own,
    transactionType: till ? ('Buy Goods' as const) : ('Pay Bill' as const),
  }
  return paybill.pay(wanted, moods.take('c2b', wanted))
}

const applyChange = (
  { handsets, payments, changed }: Simulator,
  msisdn: string,
  { on, balance, unlock, ...change }: z.infer<typeof changeSchema>,
): void => {
  if (balance !== undefined) handsets.setBalance(msisdn, balance)
  handsets.change(msisdn, { ...withoutGaps(change), ...(unlock ? { wrongPins: 0 } : {}) })
  if (on !== undefined) payments.switchPhone(msisdn, on)
  else changed(msisdn)
}

const withoutGaps = (change: object) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

/** Without the PIN: tests know the sample phones' PINs, nobody else needs them. */
const shown = ({ handsets, ledger, payments }: Simulator, msisdn: string) => {
  const { name, on, wrongPins, registered, autopilot } = handsets.at(msisdn)
  return {
    msisdn,
    name,
    on,
    wrongPins,
    registered,
    autopilot,
    balance: ledger.wallets.get(msisdn) ?? 0,
    prompt: payments.prompt(msisdn),
  }
}

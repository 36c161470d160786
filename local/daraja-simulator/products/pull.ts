import type { Context } from 'hono'
import { z } from 'zod'
import { invalidField, noTransactions, refuse, unknownPullCode } from '../errors.ts'
import { callbackUrl, digits, readFields, shortCode } from '../fields.ts'
import type { GateEnv } from '../gate.ts'
import { newRequestId } from '../ids.ts'
import { pulledRow, pulledPayments } from '../money/pulled.ts'
import type { Simulator } from '../simulator.ts'

const registerSchema = z.object({
  ShortCode: shortCode,
  RequestType: z.literal('Pull'),
  NominatedNumber: digits(/^\d{9,12}$/),
  CallBackURL: callbackUrl,
})

/** `2026-11-21 08:00:00` on the East African clock. */
const pullTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .transform((text) => Date.parse(`${text.replace(' ', 'T')}+03:00`))
  .refine((ms) => !Number.isNaN(ms))

const querySchema = z.object({
  ShortCode: shortCode,
  StartDate: pullTime,
  EndDate: pullTime,
  OffSetValue: digits(/^\d{1,6}$/).transform(Number),
})

const FOUND = '1000'
/** Already registered, or nothing found. */
const NOTHING_NEW = '1001'

/** `POST /pulltransactions/v1/register`: once for a shortcode. */
export const answerPullRegister =
  ({ merchant, settings, ledger, clock }: Simulator) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(registerSchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { ShortCode } = read.fields
    if (ShortCode !== merchant.shortCode) return refuse(c, unknownPullCode)
    const known = ledger.registrations.pullShortCode === ShortCode
    if (!known) ledger.record({ kind: 'pull', shortCode: ShortCode, at: clock.now().toISOString() })
    const ResponseStatus = known ? NOTHING_NEW : FOUND
    const ResponseDescription = known ? 'ShortCode already Registered' : 'Registered Successfully'
    const answer = { ResponseRefID: newRequestId(), ResponseStatus, ShortCode, ResponseDescription }
    return c.json(settings.pullDialect === 'sandbox' ? withBlanks(answer) : answer)
  }

/** `Response Status` for `ResponseStatus`, as the sandbox spells. */
const withBlanks = (answer: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key.replace(/([a-z])([A-Z])/g, '$1 $2'), value]),
  )

/** `/pulltransactions/v1/query`: what customers paid in the last 48 hours, told or not. */
export const answerPullQuery =
  ({ merchant, settings, ledger, handsets, clock }: Simulator) =>
  (c: Context<GateEnv>): Response => {
    const read = readFields(querySchema, c.get('body'), settings)
    if ('wrongField' in read) return refuse(c, invalidField(read.wrongField))
    const { ShortCode, StartDate, EndDate, OffSetValue } = read.fields
    if (ShortCode !== ledger.registrations.pullShortCode) return refuse(c, unknownPullCode)
    if (EndDate < StartDate) return refuse(c, invalidField('EndDate'))
    const window = { fromMs: StartDate, toMs: EndDate, nowMs: clock.now().getTime() }
    const page = pulledPayments(ledger, window).slice(
      OffSetValue,
      OffSetValue + settings.pullPageRows,
    )
    if (page.length === 0 && settings.pullEmpty === 'error') return refuse(c, noTransactions)
    const rows = page.map((payment) =>
      pulledRow(payment, {
        sender: handsets.at(payment.phone).name,
        organisation: merchant.merchantName,
        clock: settings.pullClock,
      }),
    )
    return c.json(pullAnswer(rows, settings))
  }

const pullAnswer = (rows: unknown[], { pullDialect, pullEmpty }: Simulator['settings']) => {
  const id = pullDialect === 'sandbox' ? 'RequestID' : 'ResponseRefID'
  const head = {
    [id]: newRequestId(),
    ResponseCode: rows.length > 0 ? FOUND : NOTHING_NEW,
    ResponseMessage: rows.length > 0 ? 'Success' : 'No transactions found',
  }
  if (rows.length > 0 || pullEmpty === 'list') return { ...head, Response: [rows] }
  return pullEmpty === 'text' ? { ...head, Response: '[[]]' } : head
}

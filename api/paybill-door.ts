/**
 * Where Safaricom asks about money sent by hand (validation) and reports it (confirmation). One secret path for the
 * whole shortcode. A confirmation is stored first and cannot be refused. A question is answered within a second from
 * one read; in doubt the money is taken, because money without an owner is better than a customer turned away.
 */
import { Hono, type Context } from 'hono'
import { parsePaybillMessage } from '../domain/schemas/daraja-paybill.ts'
import type { PaybillMessage } from '../domain/daraja.ts'
import { isWholeShillings } from '../domain/money.ts'
import { VERDICTS, type Verdict } from '../domain/paybill.ts'
import { MINIMUM_PUSH } from '../domain/payments.ts'
import { findByReference } from '../db/payable-references.ts'
import { idOfUnreadable, paymentIdOfReceipt } from '../db/paybill-ids.ts'
import { noteUnknownSource, readBody, refuseCallback, storeCallback } from './callback-keeping.ts'
import type { ApiDeps, Env } from './deps.ts'
import { countOf, isWithin } from './limits.ts'
import { sourceOf } from './source.ts'

const RECEIVED = { ResultCode: 0, ResultDesc: 'Success' }
/** Safaricom waits eight seconds; past one we accept. */
const ANSWER_MS = 900

const fits = (c: Context, deps: ApiDeps): boolean =>
  deps.paybillTokenFits(c.req.param('token') ?? '')

export function createPaybillDoor(deps: ApiDeps): Hono<Env> {
  const door = new Hono<Env>()
  door.post('/callbacks/paybill/check/:token', async (c) => {
    if (!fits(c, deps)) return refuseCallback(deps, c, 'paybill-check', '')
    const verdict = await inTime(deps, async () => judge(deps, c, await c.req.text()))
    return c.json(VERDICTS[verdict])
  })
  door.post('/callbacks/paybill/confirm/:token', async (c) => {
    if (!fits(c, deps)) return refuseCallback(deps, c, 'paybill-confirm', '')
    const sourceIp = sourceOf(c, deps)
    await noteUnknownSource(deps, 'paybill', sourceIp)
    const text = await c.req.text()
    const receipt = parsePaybillMessage(readBody(text))?.receipt
    const subjectId = receipt ? paymentIdOfReceipt(receipt) : idOfUnreadable(text)
    const message = { kind: 'paybill_confirmation', subjectId } as const
    await storeCallback(deps, { ...message, sourceIp }, text)
    return c.json(RECEIVED)
  })
  return door
}

/** Our own trouble is nobody's reason to be turned away. */
async function inTime(deps: ApiDeps, work: () => Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Verdict>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the books did not answer in time')), ANSWER_MS)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    deps.log.warn({ error: String(error) }, 'a payment by hand is accepted without a look')
    return 'accepted'
  } finally {
    clearTimeout(timer)
  }
}

async function judge(deps: ApiDeps, c: Context, text: string): Promise<Verdict> {
  const message = parsePaybillMessage(readBody(text))
  if (!message) return 'wrongAmount'
  const { amount, kind, referenceText } = message
  if (amount === null || amount < MINIMUM_PUSH || !isWholeShillings(amount)) return 'wrongAmount'
  // A till asks for no account, so there is nothing to check.
  if (kind === 'till') return 'accepted'
  return judgeReference(deps, c, referenceText)
}

async function judgeReference(
  deps: ApiDeps,
  c: Context,
  typed: PaybillMessage['referenceText'],
): Promise<Verdict> {
  const named = await findByReference(deps.db, typed, deps.now())
  if (named?.payable) return 'accepted'
  // Whoever tries out numbers learns nothing more: everything is accepted from then on.
  if (await isWithin(deps, countOf('paybillMisses', sourceOf(c, deps)))) return 'unknownAccount'
  deps.log.warn({}, 'too many unknown accounts: payments by hand are accepted without a look')
  return 'accepted'
}

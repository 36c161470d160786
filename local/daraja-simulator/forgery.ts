import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { compactTime } from './clock.ts'
import { newReceipt } from './ids.ts'
import type { Transaction } from './money/entries.ts'
import { stkCallbackBody } from './notices/stk-callback.ts'
import type { Simulator } from './simulator.ts'

/** A callback Daraja never sent: what is not given is taken from the transaction, or made up. */
export const forgerySchema = z.strictObject({
  url: z.url().optional(),
  checkoutRequestId: z.string().max(64).default('ws_CO_forged'),
  merchantRequestId: z.string().max(64).optional(),
  resultCode: z.union([z.number().int(), z.string()]).default(0),
  amount: z.number().optional(),
  phone: z.string().optional(),
  receipt: z.string().max(20).optional(),
  /** Sent as it is instead of a callback: garbage, other shapes, C2B notices, results. */
  body: z.unknown().optional(),
})
type Forgery = z.infer<typeof forgerySchema>

/** Moves nothing; resolves to how it was answered. */
export const forge = ({ ledger, delivery, clock }: Simulator, forged: Forgery): Promise<string> => {
  const real = ledger.transactions.get(forged.checkoutRequestId)
  const url = forged.url ?? real?.callbackUrl
  if (!url) throw new HTTPException(422, { message: 'give url, or a known checkoutRequestId' })
  const body = forged.body ?? stkCallbackBody(madeUp(forged, real, clock.now()), {})
  return delivery.post(url, body)
}

const madeUp = (forged: Forgery, real: Transaction | undefined, at: Date): Transaction => ({
  checkoutRequestId: forged.checkoutRequestId,
  merchantRequestId: forged.merchantRequestId ?? real?.merchantRequestId ?? 'forged',
  phone: forged.phone ?? real?.phone ?? '254700000000',
  amount: forged.amount ?? real?.amount ?? 1,
  partyB: '',
  accountReference: '',
  callbackUrl: '',
  requestedAt: at.toISOString(),
  status: 'paid',
  resultCode: forged.resultCode,
  resultDesc: `Forged at ${compactTime(at)}`,
  receipt: forged.receipt ?? newReceipt(at),
  finishedAt: at.toISOString(),
  balanceAfter: null,
  reversedBy: null,
  reported: true,
})

/** Paid twice: once by the prompt and once by hand. The second sum waits for its owner, and nothing is lost. */
import { maskPhone } from '../domain/payments.ts'
import type { Tx } from './connection.ts'
import type { HeardFrom } from './mpesa-receipts.ts'
import type { PaymentRow } from './payment-rows.ts'
import { recordSecurityEvent } from './security.ts'
import { leaveUnmatched } from './unmatched-money.ts'

type Told = { receipt: string | null; by: HeardFrom | 'query' | 'desk' }

/** A payment has one receipt; another one under its name is another sum of money. */
export const isSecondReceipt = ({ receipt, method }: PaymentRow, told: Told): boolean =>
  method === 'mpesa' && receipt !== null && told.receipt !== null && receipt !== told.receipt

export async function keepSecondReceipt(
  tx: Tx,
  { id: paymentId, amount, ownerNumber, phone }: PaymentRow,
  { receipt, by }: Told,
  now: Date,
): Promise<void> {
  if (receipt === null) return
  await recordSecurityEvent(tx, 'second_receipt', { paymentId })
  const money = {
    receipt,
    amount,
    heardFrom: by === 'query' || by === 'desk' ? ('hand' as const) : by,
    payer: phone && maskPhone(phone),
    payerName: null,
    reference: ownerNumber,
    paidAt: null,
  }
  await leaveUnmatched(tx, money, now)
}

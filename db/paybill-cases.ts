/** Money that nobody claims for a day is finance's case; whoever claims it, or sends it back, closes it. */
import { MONEY_UNMATCHED } from '../domain/finance-cases.ts'
import type { Cents } from '../domain/money.ts'
import type { Tx } from './connection.ts'
import { closeCase, openCase } from './finance-cases.ts'
import { paymentIdOfReceipt } from './paybill-ids.ts'

type Money = { receipt: string; amount: Cents }

/** Safe to repeat. Says nothing that its payer typed. */
export const openMoneyCase = (tx: Tx, { receipt, amount }: Money, now: Date): Promise<string> =>
  openCase(
    tx,
    {
      what: MONEY_UNMATCHED,
      subject: paymentIdOfReceipt(receipt),
      place: `/finance/unmatched/${receipt}`,
      detail: `M-Pesa ${receipt} has had no owner for a day.`,
      amount,
    },
    now,
  )

type Closing = { resolution: string; actorId: string; now: Date }

/** False when there was none, as for most money. */
export const closeMoneyCase = (tx: Tx, receipt: string, closing: Closing): Promise<boolean> =>
  closeCase(tx, { what: MONEY_UNMATCHED, subject: paymentIdOfReceipt(receipt), ...closing })

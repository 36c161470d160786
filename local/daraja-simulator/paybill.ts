import { readValidation, type Validation } from './c2b-verdicts.ts'
import { pause, type Clock } from './clock.ts'
import type { Handsets } from './handsets.ts'
import { newReceipt, unused } from './ids.ts'
import type { HandPayment, PaidIn } from './money/entries.ts'
import type { Ledger } from './money/ledger.ts'
import type { Mood } from './moods.ts'
import { c2bBody, type C2bFacts } from './notices/c2b.ts'
import type { Delivery } from './notices/delivery.ts'
import type { Posts } from './notices/posts.ts'
import { PAID } from './results.ts'
import type { Merchant, Settings } from './settings.ts'
import { handRefusalText, type Sms } from './texts.ts'
import { judgeRules } from './verdicts.ts'

export type HandRequest = Pick<
  HandPayment,
  'phone' | 'amount' | 'accountReference' | 'shortCode'
> & {
  transactionType?: HandPayment['transactionType']
}
/** `refused` is a result code, one of the merchant's, or `unknown-business`. */
export type HandOutcome = { receipt: string } | { refused: string }

/** Payments that a customer starts on the phone: the merchant is asked, the money moves, it is told. */
export type Paybill = {
  pay: (wanted: HandRequest, mood: Mood) => Promise<HandOutcome>
  /** Tells the registered address of a payment; also of a paid push. */
  confirm: (payment: PaidIn, mood: Mood) => void
  /** What M-Pesa wrote to a customer whose payment was refused. Forgotten at a restart. */
  refusals: (phone: string) => Sms[]
  resume: () => void
}

type Parts = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  delivery: Delivery
  posts: Posts
  changed: (msisdn: string) => void
}

const LARGEST = 250_000
const REFUSALS_KEPT = 20

export const createPaybill = (parts: Parts): Paybill => {
  const { clock, ledger, handsets, changed } = parts
  const refusals = new Map<string, Sms[]>()
  const refuse = (wanted: HandRequest, code: string): HandOutcome => {
    const { phone } = wanted
    const sms = {
      at: clock.now(),
      text: handRefusalText(parts.merchant.merchantName, wanted, code),
    }
    refusals.set(phone, [...(refusals.get(phone) ?? []), sms].slice(-REFUSALS_KEPT))
    changed(phone)
    return { refused: code }
  }
  return {
    pay: async (wanted, mood) => {
      if (mood.resultAfterMs) await pause(clock, mood.resultAfterMs)
      handsets.at(wanted.phone)
      const startedAt = clock.now()
      const requestedAt = startedAt.toISOString()
      const receipt = unused(() => newReceipt(startedAt), ledger.isReceiptTaken)
      const refusal = judge(parts, wanted, mood)
      if (refusal) return refuse(wanted, refusal)
      const validation = await validate(parts, { ...wanted, receipt }, mood)
      if (!validation.accepted) return refuse(wanted, validation.code)
      // While the merchant thought, the money may have gone elsewhere.
      const tooLate = judge(parts, wanted, mood)
      if (tooLate) return refuse(wanted, tooLate)
      const { thirdPartyId } = validation
      const payment = { ...paidNow(parts, wanted, receipt), requestedAt, thirdPartyId }
      ledger.record({ kind: 'hand-payment', payment })
      changed(wanted.phone)
      confirm(parts, payment, mood)
      return { receipt }
    },
    confirm: (payment, mood) => confirm(parts, payment, mood),
    refusals: (phone) => refusals.get(phone) ?? [],
    resume: () => {
      for (const payment of ledger.handPayments.values())
        if (!payment.reported) confirm(parts, payment, {})
    },
  }
}

const judge = (parts: Parts, wanted: HandRequest, { resultCode }: Mood): string | null => {
  const { merchant, settings, handsets } = parts
  const business = wanted.transactionType === 'Buy Goods' ? settings.till : merchant.shortCode
  if (wanted.shortCode !== business) return 'unknown-business'
  if (!handsets.at(wanted.phone).registered) return '2040'
  if (wanted.amount > LARGEST) return '3'
  const code = resultCode ?? judgeRules(parts, wanted)
  return code === PAID ? null : String(code)
}

const validate = async (
  parts: Parts,
  wanted: HandRequest & { receipt: string },
  mood: Mood,
): Promise<Validation> => {
  const { settings, ledger, delivery } = parts
  const urls = ledger.registrations.c2bUrls
  if (!urls || !settings.c2bValidation) return { accepted: true, thirdPartyId: '' }
  const facts = { ...factsOf(parts, wanted), orgBalance: null }
  const body = c2bBody(facts, urls.version, settings.c2bMsisdn, mood)
  const answer = await delivery.ask(urls.validationUrl, body, settings.validationTimeoutMs)
  return readValidation(answer, urls)
}

const confirm = (parts: Parts, payment: PaidIn, mood: Mood): void => {
  const { settings, ledger, posts } = parts
  const urls = ledger.registrations.c2bUrls
  const { receipt } = payment
  if (!urls || !receipt) return
  const body = c2bBody(
    factsOf(parts, { ...payment, receipt }),
    urls.version,
    settings.c2bMsisdn,
    mood,
  )
  void posts.send({ id: receipt, url: urls.confirmationUrl, body }, mood)
}

/** A paid push as well, which lacks what only a payment by hand has. */
type Shown = Pick<PaidIn, 'phone' | 'amount' | 'accountReference'> & {
  receipt: string
  finishedAt?: string | null
} & Partial<Pick<HandPayment, 'transactionType' | 'shortCode' | 'thirdPartyId'>>

const factsOf = ({ merchant, clock, handsets, ledger }: Parts, payment: Shown): C2bFacts => ({
  payment,
  transactionType: payment.transactionType ?? 'Pay Bill',
  shortCode: payment.shortCode ?? merchant.shortCode,
  at: payment.finishedAt ? new Date(payment.finishedAt) : clock.now(),
  customer: handsets.at(payment.phone).name,
  orgBalance: ledger.accounts.utility,
  thirdPartyId: payment.thirdPartyId ?? '',
})

const paidNow = ({ clock, ledger }: Parts, wanted: HandRequest, receipt: string) => ({
  phone: wanted.phone,
  amount: wanted.amount,
  accountReference: wanted.accountReference,
  shortCode: wanted.shortCode,
  transactionType: wanted.transactionType ?? 'Pay Bill',
  receipt,
  finishedAt: clock.now().toISOString(),
  balanceAfter: null,
  reversedBy: null,
  // Without an address there is nobody to tell, also after a restart.
  reported: ledger.registrations.c2bUrls === null,
})

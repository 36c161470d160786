import { acceptRequest, type Wanted } from './asked.ts'
import { compactTime, type Clock } from './clock.ts'
import { MSISDN, type Handsets } from './handsets.ts'
import { newReceipt, unused } from './ids.ts'
import type { Payout, Request, Reversal } from './money/entries.ts'
import type { Ledger } from './money/ledger.ts'
import type { Mood } from './moods.ts'
import { accountsText } from './notices/accounts.ts'
import type { Parameter, Verdict } from './notices/result.ts'
import { paymentStatus, requestStatus } from './notices/status.ts'
import type { Requests } from './requests.ts'
import { PAID, resultText, type ResultCode } from './results.ts'
import type { Merchant } from './settings.ts'

type Parts = {
  merchant: Merchant
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  requests: Requests
}

export type Question = { receipt?: string | undefined; conversationId?: string | undefined }

/** Questions of the API operator. They move nothing, so a restart forgets them. */
export type Inquiries = {
  askStatus: (wanted: Wanted, question: Question, mood: Mood) => Request
  askBalance: (wanted: Wanted, mood: Mood) => Request
}

const MISSING_PARAMETER = 25
const UNKNOWN_RECEIPT = 2032

type Answer = { code: ResultCode; parameters: Parameter[] }

export const createInquiries = (parts: Parts): Inquiries => {
  const { clock, ledger, requests } = parts
  const ask = (wanted: Wanted, mood: Mood, answer: () => Answer): Request => {
    const request = acceptRequest(wanted, clock.now())
    requests.run(request, mood, (): Verdict => {
      const at = clock.now()
      const { code, parameters } = judge(wanted, mood, answer)
      // A question gets a receipt of its own although nothing moved.
      const receipt = code === PAID ? unused(() => newReceipt(at), ledger.isReceiptTaken) : null
      return { code, desc: resultText(code), at, receipt, parameters }
    })
    return request
  }
  return {
    askStatus: (wanted, question, mood) => ask(wanted, mood, () => answerStatus(parts, question)),
    askBalance: (wanted, mood) =>
      ask(wanted, mood, () => ({
        code: PAID,
        parameters: [
          { Key: 'AccountBalance', Value: accountsText(ledger.accounts) },
          { Key: 'BOCompletedTime', Value: Number(compactTime(clock.now())) },
        ],
      })),
  }
}

/** Asked only when credential and mood allow it: the answer is that of its own moment. */
const judge = ({ operatorCode }: Wanted, mood: Mood, answer: () => Answer): Answer => {
  if (operatorCode !== PAID) return { code: operatorCode, parameters: [] }
  if (mood.resultCode !== undefined && mood.resultCode !== PAID)
    return { code: mood.resultCode, parameters: [] }
  return answer()
}

const answerStatus = (parts: Parts, { receipt, conversationId }: Question): Answer => {
  const { ledger } = parts
  if (!receipt && !conversationId) return { code: MISSING_PARAMETER, parameters: [] }
  const payment = receipt ? ledger.byReceipt.get(receipt) : undefined
  if (payment)
    return { code: PAID, parameters: paymentStatus(sidesOf(parts, payment.phone), payment) }
  const request = ledger.requests.get(conversationId ?? receipt ?? '')
  if (!request) return { code: UNKNOWN_RECEIPT, parameters: [] }
  const sides = sidesOf(parts, phoneOf(ledger, request))
  return { code: PAID, parameters: requestStatus(sides, request) }
}

const sidesOf = ({ merchant, handsets }: Parts, phone: string) => ({
  // A payout may name a number that no phone can have.
  customer: MSISDN.test(phone) ? `${phone} - ${handsets.at(phone).name}` : phone,
  organisation: `${merchant.shortCode} - ${merchant.merchantName}`,
})

const phoneOf = ({ byReceipt }: Ledger, request: Payout | Reversal): string =>
  'phone' in request ? request.phone : (byReceipt.get(request.transactionReceipt)?.phone ?? '')

import { acceptRequest, type Wanted } from './asked.ts'
import { dottedTime, type Clock } from './clock.ts'
import { MSISDN, type Handsets } from './handsets.ts'
import { newReceipt, unused } from './ids.ts'
import type { Payout } from './money/entries.ts'
import type { Ledger } from './money/ledger.ts'
import type { Mood } from './moods.ts'
import { decimal } from './notices/accounts.ts'
import type { Verdict } from './notices/result.ts'
import type { Requests } from './requests.ts'
import { PAID, resultText, type ResultCode } from './results.ts'
import type { Merchant, Settings } from './settings.ts'

type Parts = {
  merchant: Merchant
  settings: Settings
  clock: Clock
  ledger: Ledger
  handsets: Handsets
  requests: Requests
  changed: (msisdn: string) => void
}

export type WantedPayout = Wanted & Pick<Payout, 'phone' | 'shortCode' | 'commandId' | 'remarks'>

/** B2C: money from the utility account to a customer. */
export type Payouts = {
  isKnown: (originatorConversationId: string) => boolean
  request: (wanted: WantedPayout, mood: Mood) => Payout
  resume: () => void
}

const SMALLEST = 10
const LARGEST = 250_000
const FULLEST_WALLET = 500_000

export const createPayouts = (parts: Parts): Payouts => {
  const { clock, ledger, requests } = parts
  const run = (payout: Payout, mood: Mood): void =>
    requests.run(payout, mood, () => execute(parts, payout.conversationId, mood))
  return {
    isKnown: (id) => ledger.requests.has(id),
    request: (wanted, mood) => {
      const { phone, shortCode, commandId, remarks } = wanted
      const request = acceptRequest(wanted, clock.now())
      const payout = { ...request, phone, shortCode, commandId, remarks, accountsAfter: null }
      ledger.record({ kind: 'payout', payout })
      run(payout, mood)
      return payout
    },
    resume: () => {
      for (const payout of ledger.payouts.values()) {
        if (payout.status === 'pending') run(payout, {})
        else if (!payout.reported) requests.tell(payout, verdictOf(parts, payout), {})
      }
    },
  }
}

const execute = (parts: Parts, conversationId: string, mood: Mood): Verdict | null => {
  const { ledger, clock, settings, changed } = parts
  const payout = ledger.payouts.get(conversationId)
  if (payout?.status !== 'pending') return null
  const at = clock.now()
  const judged = judgePayout(parts, payout)
  const code = judged === PAID ? (mood.resultCode ?? PAID) : judged
  ledger.record({
    kind: 'payout-result',
    conversationId,
    charge: settings.payoutCharge,
    resultCode: code,
    resultDesc: resultText(code),
    receipt: code === PAID ? unused(() => newReceipt(at), ledger.isReceiptTaken) : null,
    at: at.toISOString(),
  })
  if (code === PAID) changed(payout.phone)
  return verdictOf(parts, payout)
}

const judgePayout = (parts: Parts, payout: Payout): ResultCode => {
  const { merchant, ledger, handsets, settings } = parts
  const { phone, amount, shortCode, operatorCode = PAID } = payout
  if (operatorCode !== PAID) return operatorCode
  if (shortCode !== merchant.shortCode) return 2028
  if (!MSISDN.test(phone)) return 'SFC_IC0003'
  if (amount < SMALLEST) return 2
  if (amount > LARGEST) return 3
  if (!handsets.at(phone).registered) return 2040
  if ((ledger.wallets.get(phone) ?? 0) + amount > FULLEST_WALLET) return 8
  // Money in the working account does not help.
  return ledger.accounts.utility < amount + settings.payoutCharge ? 1 : PAID
}

const verdictOf = (parts: Parts, payout: Payout): Verdict => {
  const at = new Date(payout.finishedAt ?? payout.requestedAt)
  const code = payout.resultCode ?? PAID
  const { resultDesc, receipt } = payout
  const parameters = code === PAID ? parametersOf(parts, payout, at) : []
  return { code, desc: resultDesc ?? resultText(code), at, receipt, parameters }
}

const parametersOf = ({ ledger, handsets }: Parts, payout: Payout, at: Date) => {
  const { utility, working, chargesPaid } = payout.accountsAfter ?? ledger.accounts
  const name = handsets.at(payout.phone).name
  return [
    { Key: 'TransactionReceipt', Value: payout.receipt ?? '' },
    { Key: 'TransactionAmount', Value: payout.amount },
    { Key: 'B2CChargesPaidAccountAvailableFunds', Value: decimal(-chargesPaid) },
    { Key: 'B2CRecipientIsRegisteredCustomer', Value: 'Y' },
    { Key: 'TransactionCompletedDateTime', Value: dottedTime(at) },
    { Key: 'ReceiverPartyPublicName', Value: `${payout.phone} - ${name}` },
    { Key: 'B2CWorkingAccountAvailableFunds', Value: working },
    { Key: 'B2CUtilityAccountAvailableFunds', Value: utility },
  ]
}

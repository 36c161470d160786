import { createHash } from 'node:crypto'
import { compactTime } from '../clock.ts'
import type { C2bUrls, HandPayment, PaidIn } from '../money/entries.ts'
import type { Mood } from '../moods.ts'
import type { Settings } from '../settings.ts'
import { decimal } from './accounts.ts'

/** What is known of a payment when the merchant is asked, or told. Every value on the wire is a text. */
export type C2bFacts = {
  payment: Pick<PaidIn, 'phone' | 'amount' | 'accountReference'> & { receipt: string }
  transactionType: HandPayment['transactionType']
  shortCode: string
  at: Date
  customer: string
  /** Blank while the merchant is only asked. */
  orgBalance: number | null
  thirdPartyId: string
}

export const c2bBody = (
  facts: C2bFacts,
  version: C2bUrls['version'],
  show: Settings['c2bMsisdn'],
  mood: Mood,
): Record<string, string> => {
  const { payment, orgBalance } = facts
  return {
    TransactionType: facts.transactionType,
    TransID: payment.receipt,
    TransTime: compactTime(facts.at),
    TransAmount: decimal(payment.amount + (mood.callbackAmountOffset ?? 0)),
    BusinessShortCode: facts.shortCode,
    BillRefNumber: payment.accountReference,
    InvoiceNumber: '',
    OrgAccountBalance: orgBalance === null ? '' : decimal(orgBalance),
    ThirdPartyTransID: facts.thirdPartyId,
    MSISDN: shownMsisdn(payment.phone, show === 'version' ? BY_VERSION[version] : show),
    ...(mood.withoutNames ? {} : namesOf(facts.customer)),
    ...(mood.extraItems ? { LoyaltyTier: 'GOLD' } : {}),
  }
}

const BY_VERSION = { v1: 'hashed', v2: 'masked' } as const

const shownMsisdn = (msisdn: string, how: 'masked' | 'hashed' | 'plain'): string => {
  if (how === 'plain') return msisdn
  if (how === 'hashed') return createHash('sha256').update(msisdn).digest('hex')
  return `${msisdn.slice(0, 4)} ***** ${msisdn.slice(-3)}`
}

const namesOf = (name: string) => {
  const [FirstName = '', ...others] = name.toUpperCase().split(' ')
  const LastName = others.pop() ?? ''
  return { FirstName, MiddleName: others.join(' '), LastName }
}

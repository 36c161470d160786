/** Rows of refunds, as the pages show them: names of people, masked phones. */
import type { RefundLine } from '../../domain/refund-pages.ts'
import { maskPhone } from '../../domain/payments.ts'
import { SECOND_PERSON_WORDS } from '../../domain/refunds.ts'
import type { RefundDetail } from '../../db/refund-reads.ts'

/** What asks for refunds without being a person. */
const RULES: Record<string, string> = {
  clock: 'gari: the time was over',
  'late-money': 'gari: the money came too late',
  gari: 'gari',
}

export const toRefundLine = (found: RefundDetail): RefundLine => ({
  id: found.id,
  paymentId: found.paymentId,
  ownerNumber: found.ownerNumber,
  customerName: found.customerName,
  amount: found.amount,
  method: found.method,
  status: found.status,
  reason: found.reason,
  askedBy: found.requesterName ?? RULES[found.requestedBy] ?? 'gari',
  secondPersonWhy: found.waitsBecause && SECOND_PERSON_WORDS[found.waitsBecause],
  decidedBy: found.deciderName,
  decisionNote: found.decisionNote,
  maskedPhone: found.phone ? maskPhone(found.phone) : null,
  named: found.namedPhone
    ? { maskedPhone: maskPhone(found.namedPhone), by: found.namerName ?? 'somebody' }
    : null,
  companyName: found.companyName,
  receipt: found.receipt,
  providerCode: found.providerCode,
  requestedAt: found.requestedAt,
  processedAt: found.processedAt,
})

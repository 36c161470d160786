/** The pages about refunds, cases and credit, with rich data. */
import type { Child } from 'hono/jsx'
import { shillings } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import type { RefundLine } from '../../domain/refund-pages.ts'
import { HOUR_MS } from '../../domain/time.ts'
import { CasesView } from '../../views/cases.tsx'
import { CreditView } from '../../views/credit.tsx'
import { RefundFormView } from '../../views/refund-form.tsx'
import { RefundView } from '../../views/refund.tsx'
import { RefundsView } from '../../views/refunds.tsx'
import * as s from './samples.ts'

const ID = '9c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11'
const hoursAgo = (hours: number) => new Date(s.NOW.getTime() - hours * HOUR_MS)

const buildLine = (over: Partial<RefundLine> = {}): RefundLine => ({
  id: ID,
  paymentId: ID,
  ownerNumber: 'RSV-26-000123',
  customerName: 'Wanjiku Kamau',
  amount: shillings(1_500),
  method: 'payout',
  status: 'sent',
  reason: 'The car had a flat tyre on the second day',
  askedBy: 'Njeri Mwangi',
  secondPersonWhy: 'the phone it goes to was typed by the person who asked',
  decidedBy: null,
  decisionNote: null,
  maskedPhone: '0712 *** 678',
  named: null,
  companyName: null,
  receipt: null,
  providerCode: null,
  requestedAt: hoursAgo(3),
  processedAt: null,
  ...over,
})

const caseRow = {
  id: ID,
  what: 'refund_stuck',
  subject: ID,
  place: `/finance/refunds/${ID}`,
  detail: 'M-Pesa refused to pay it out',
  amount: shillings(1_500),
  status: 'open' as const,
  openedAt: hoursAgo(60),
  dueAt: hoursAgo(12),
  closedAt: null,
  assignedTo: null,
  assigneeName: null,
  resolution: null,
}

export const refundPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const staff = {
    ...viewer,
    seesPayments: true,
    permissions: s.HOUSE,
    staff: true,
    language: 'en' as const,
  }
  const at = (path: string) => ({ ...staff, path })
  const words = hostile ? { reason: hostile, askedBy: hostile, ownerNumber: hostile } : {}
  const may = { decide: false, name: false, resolve: false, payCash: false, decideHand: false }
  const workflowUrl = hostile ? `javascript:${hostile}` : 'http://127.0.0.1:8233/'
  const steps = [
    { at: s.NOW, action: 'refund.requested', who: hostile ?? 'Amina Hassan', why: hostile },
  ]
  const hand = {
    how: hostile ?? 'Sent from the bank',
    reference: hostile ?? 'FT26325ABCDE',
    receipt: null,
    status: 'waiting' as const,
    askedBy: 'finance',
    askedByName: hostile ?? 'Faith Njoroge',
    askedAt: hoursAgo(2),
  }
  const noHand = { hand: null, handNeedsTwo: true, mayAgreeToHand: false }
  const one = { steps, isOwn: false, stuck: null, workflowUrl, problems: [], now: s.NOW, ...noHand }
  const lines = (['awaiting_approval', 'sent', 'settled', 'refused'] as const).map((status) =>
    buildLine({ status, ...words }),
  )
  const payment = {
    id: ID,
    ownerNumber: hostile ?? 'RSV-26-000123',
    amount: shillings(6_500),
    left: shillings(5_000),
    method: 'mpesa' as const,
    maskedPhone: null,
    needsPhone: true,
  }
  const form = { refundId: ID, amount: hostile ?? '1500', reason: hostile ?? '', phone: '' }
  return {
    refunds: (
      <RefundsView
        page={{ filter: null, rows: lines, next: 'c', now: s.NOW }}
        viewer={at('/finance/refunds')}
      />
    ),
    'refund-to-decide': (
      <RefundView
        page={{ ...one, refund: buildLine(words), may: { ...may, decide: true } }}
        viewer={at(`/finance/refunds/${ID}`)}
      />
    ),
    'refund-stuck': (
      <RefundView
        page={{
          ...one,
          refund: buildLine({ status: 'refused', providerCode: '2040', ...words }),
          may: { ...may, name: true, resolve: true },
          stuck: hostile ?? 'M-Pesa refused to pay it out',
          problems: [{ path: 'phone', message: 'This is not a Kenyan mobile number.' }],
        }}
        viewer={at(`/finance/refunds/${ID}`)}
      />
    ),
    'refund-phone-to-decide': (
      <RefundView
        page={{
          ...one,
          refund: buildLine({
            status: 'awaiting_approval',
            named: { maskedPhone: '0733 *** 111', by: hostile ?? 'Otieno' },
            ...words,
          }),
          may: { ...may, decide: true },
          stuck: hostile ?? 'M-Pesa refused to pay it out',
        }}
        viewer={at(`/finance/refunds/${ID}`)}
      />
    ),
    'refund-paid-by-hand': (
      <RefundView
        page={{
          ...one,
          refund: buildLine({ status: 'refused', amount: shillings(30_000), ...words }),
          may: { ...may, decideHand: true },
          hand,
          mayAgreeToHand: true,
          stuck: 'Somebody says that they paid it by hand; a second person must agree',
        }}
        viewer={at(`/finance/refunds/${ID}`)}
      />
    ),
    'refund-paid-twice': (
      <RefundView
        page={{
          ...one,
          refund: buildLine({ status: 'settled', amount: shillings(30_000), ...words }),
          may: { ...may, decideHand: true },
          hand: { ...hand, status: 'overtaken' },
        }}
        viewer={at(`/finance/refunds/${ID}`)}
      />
    ),
    'refund-form': (
      <RefundFormView
        page={{ payment, form, preview: null, problems: [{ path: 'reason', message: 'Say why.' }] }}
        viewer={at(`/finance/payments/${ID}/refund`)}
      />
    ),
    'refund-preview': (
      <RefundFormView
        page={{ payment, form, preview: [hostile ?? 'M-Pesa pays it out.'], problems: [] }}
        viewer={at(`/finance/payments/${ID}/refund`)}
      />
    ),
    cases: (
      <CasesView
        page={{
          status: 'open',
          rows: [{ ...caseRow, detail: hostile ?? caseRow.detail }],
          next: null,
          now: s.NOW,
        }}
        viewer={at('/finance/cases')}
      />
    ),
    credit: (
      <CreditView
        page={{
          credit: shillings(2_000),
          lines: [{ at: hoursAgo(5), what: 'payment', amount: shillings(2_000) }],
          refunds: [buildLine({ status: 'settled', paymentId: null, ...words })],
          maskedPhone: '0712 *** 678',
          verified: false,
          refundId: ID,
          problems: [],
          now: s.NOW,
        }}
        viewer={{ ...viewer, path: '/account/credit' }}
      />
    ),
  }
}

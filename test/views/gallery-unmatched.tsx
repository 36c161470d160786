/** Finance's pages about money without an owner, with rich data. */
import type { Child } from 'hono/jsx'
import { shillings, ZERO } from '../../domain/money.ts'
import type { Viewer } from '../../domain/pages.ts'
import type { Suggestion, UnmatchedMoney } from '../../domain/unmatched-pages.ts'
import { GiveMoneyView } from '../../views/give-money.tsx'
import { MoneyFacts } from '../../views/parts/unmatched-money.tsx'
import { UnmatchedListView, UnmatchedView } from '../../views/unmatched.tsx'
import * as s from './samples.ts'

const buildMoney = (hostile: string | null, over: Partial<UnmatchedMoney> = {}) => ({
  receipt: 'UKL5ABC12D',
  paymentId: '9c1e0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  amount: shillings(13_500),
  payer: '2547 ***** 678',
  payerName: hostile ?? 'WANJIKU',
  reference: hostile ?? 'rent wanjiku',
  paidAt: s.minutesAgo(200),
  waiting: false,
  ...over,
})

const buildSuggestion = (name: string, over: Partial<Suggestion> = {}): Suggestion => ({
  purpose: 'reservation',
  ownerId: '5d8f0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  number: 'RSV-26-000123',
  status: 'processing',
  customerName: name,
  customerId: '6d8f0e52-6d8f-4f0e-9a41-6f0a5f6f2f11',
  balance: shillings(13_500),
  likeness: { sameAmount: true, sameShare: false, name, nearlyTyped: true, prompted: true },
  ...over,
})

export const unmatchedPages = (
  viewer: (path: string) => Viewer,
  hostile: string | null,
): Record<string, Child> => {
  const name = hostile ?? s.LONG_NAME
  const money = buildMoney(hostile)
  const one = buildSuggestion(name)
  const other = buildSuggestion('Otieno', {
    number: 'RSV-26-000124',
    status: 'confirmed',
    balance: ZERO,
    likeness: null,
  })
  const rows = [
    { ...buildMoney(hostile, { paidAt: s.minutesAgo(4_000) }), suggestions: [one, other] },
    { ...buildMoney(hostile, { payer: null, reference: null }), suggestions: [] },
    { ...buildMoney(hostile, { waiting: true }), suggestions: [one] },
  ]
  const asked = {
    target: { purpose: 'reservation' as const, ownerId: one.ownerId },
    askedBy: 'u1',
    askedByName: hostile ?? s.LONG_NAME,
    why: hostile ?? 'They called',
  }
  const preview = {
    target: { purpose: 'reservation' as const, ownerId: one.ownerId },
    name: one.number,
    customerId: one.customerId,
    customerName: name,
    applied: shillings(10_000),
    credited: shillings(3_500),
    refused: null,
  }
  const waiting = { count: 41, sum: shillings(231_500), forgotten: 12 }
  const filter = { search: hostile ?? '', forgotten: false }
  const list = { rows, next: 'c2', ...filter, waiting, now: s.NOW }
  const nothing = { count: 0, sum: ZERO, forgotten: 0 }
  const here = viewer('/finance/unmatched')
  return {
    unmatched: <UnmatchedListView page={list} viewer={here} />,
    'unmatched-none': (
      <UnmatchedListView page={{ ...list, rows: [], next: null, waiting: nothing }} viewer={here} />
    ),
    'unmatched-no-such': (
      <UnmatchedListView page={{ ...list, rows: [], next: null, search: name }} viewer={here} />
    ),
    'unmatched-one': (
      <UnmatchedView
        page={{
          money,
          choices: { suggestions: [one], search: name, found: [other], asked },
          whyBack: hostile,
          problem: null,
          now: s.NOW,
        }}
        viewer={here}
      />
    ),
    'unmatched-give': (
      <GiveMoneyView
        {...{ preview, asked, why: hostile ?? '', problem: hostile, viewer: here }}
        {...{ here: '/finance/unmatched', place: '/finance/unmatched/A', back: 'Back' }}
      >
        <MoneyFacts money={money} now={s.NOW} />
      </GiveMoneyView>
    ),
  }
}

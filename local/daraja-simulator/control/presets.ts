import type { Mood } from '../moods.ts'
import { PRODUCTS } from '../product-names.ts'

export type Preset = { group: string; label: string; mood: Mood }

const PUSHES = 'Requests on the phone'
const REPORTS = 'Reports about requests'
const GATEWAYS = 'Daraja as a whole'
const QUERIES = 'Questions about requests'
const OPERATOR = 'Refunds and payouts'
const BY_HAND = 'Payments by hand'

const refunds: Mood['on'] = ['reversal', 'b2c']

/** Daraja's bad days by name, for the control page; the JSON API takes any combination of fields. */
export const PRESETS: Record<string, Preset> = {
  ...group(PUSHES, {
    'result-1037': ['Result 1037: not reached', { resultCode: 1037 }],
    'result-1': ['Result 1: no money', { resultCode: 1 }],
    'result-17': ['Result 17: same amount again', { resultCode: 17 }],
    'result-26': ['Result 26: system busy', { resultCode: 26 }],
    'result-9999': ['Result 9999: sending failed', { resultCode: 9999 }],
    'result-unknown': ['Result 4711: nobody knows it', { resultCode: 4711 }],
    never: ['No result, ever', { neverResult: true }],
    'pays-late': ['Looks lost, paid 90 s later', { paysAfterLostMs: 90_000 }],
    'slow-answer': ['Answered after 20 s', { answerDelayMs: 20_000 }],
    'broken-answer': ['Accepted, connection breaks', { breakAnswer: true }],
    'no-answer': ['Accepted, never answered', { neverAnswer: true }],
  }),
  ...group(REPORTS, {
    'drop-callback': ['Lost', { dropCallback: true }],
    'late-callback': ['30 s late', { callbackDelayMs: 30_000 }],
    duplicates: ['Five times at once', { callbackCopies: 5 }],
    reorder: ['Newest first, within 10 s', { callbackReorderMs: 10_000 }],
    hold: ['Held until let out', { holdCallback: true }],
    'before-answer': ['Before the answer', { callbackBeforeAnswer: true }],
    'one-short': ['One shilling short', { callbackAmountOffset: -1 }],
    'odd-shape': [
      'Odd in shape',
      { stringResultCode: true, balanceWithValue: true, extraItems: true },
    ],
  }),
  ...group(QUERIES, {
    'pending-error': ['Pending said as an error', { queryPending: 'error' }],
    hiccup: ['An error without a text', { queryHiccup: true }],
    'query-limit': ['Too many questions (429)', { on: ['stk-query'], fault: 'spike-arrest' }],
  }),
  ...group(GATEWAYS, {
    slow: ['Everything answered after 15 s', { on: [...PRODUCTS], answerDelayMs: 15_000 }],
    outage: ['Outage (503)', { fault: 'outage' }],
    'hang-up': ['Connections break', { fault: 'hang-up' }],
    unreachable: ['Service unreachable (500)', { fault: 'unreachable' }],
    'spike-arrest': ['Spike arrest (429)', { fault: 'spike-arrest' }],
    'spike-arrest-500': ['Spike arrest (500.003.02)', { fault: 'spike-arrest-500' }],
    quota: ['Quota used up (500.003.03)', { fault: 'quota' }],
    'html-403': ['Firewall page (403)', { fault: 'html-403' }],
    busy: ['System is busy', { fault: 'busy' }],
    garbage: ['Broken JSON', { fault: 'garbage' }],
    'token-expired': ['Token expires mid-call', { fault: 'token-expired' }],
  }),
  ...group(OPERATOR, {
    'refund-lost': ['Executed, result is lost', { on: refunds, dropCallback: true }],
    'refund-unanswered': ['Executed, answer is lost', { on: refunds, neverAnswer: true }],
    'refund-broken': ['Executed, connection breaks', { on: refunds, breakAnswer: true }],
    'refund-early': [
      'Result before the answer',
      { on: refunds, resultAfterMs: 0, answerDelayMs: 2_000 },
    ],
    'refund-timeout': ['Waited too long, not executed', { on: refunds, queueTimeout: true }],
    'refund-both': [
      'Waited too long, executed 30 s later',
      { on: refunds, queueTimeout: true, executesAfterTimeoutMs: 30_000 },
    ],
    'refund-never': ['Accepted, never executed', { on: refunds, neverResult: true }],
    'refund-shape': [
      'Result odd in shape',
      { on: refunds, resultShapes: ['repeated-keys', 'text-values', 'reference-list'] },
    ],
    'no-status': ['Status questions are lost', { on: ['transaction-status'], neverResult: true }],
  }),
  ...group(BY_HAND, {
    'untold-payment': ['Confirmation is lost', { on: ['c2b'], dropCallback: true }],
    'double-payment': ['Confirmed three times', { on: ['c2b'], callbackCopies: 3 }],
    'late-payment': ['Confirmed 30 s late', { on: ['c2b'], callbackDelayMs: 30_000 }],
    nameless: ['Without a name', { on: ['c2b'], withoutNames: true }],
  }),
}

function group(name: string, presets: Record<string, [string, Mood]>): Record<string, Preset> {
  return Object.fromEntries(
    Object.entries(presets).map(([key, [label, mood]]) => [key, { group: name, label, mood }]),
  )
}

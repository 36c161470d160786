import type { Mood } from '../moods.ts'

/** Daraja's bad days by name, for the control page; the JSON API takes any combination of fields. */
export const PRESETS: Record<string, { label: string; mood: Mood }> = {
  'drop-callback': { label: 'Callback is lost', mood: { dropCallback: true } },
  'late-callback': { label: 'Callback 30 s late', mood: { callbackDelayMs: 30_000 } },
  duplicates: { label: 'Callback five times at once', mood: { callbackCopies: 5 } },
  'before-answer': { label: 'Callback before the answer', mood: { callbackBeforeAnswer: true } },
  'one-short': { label: 'Callback one shilling short', mood: { callbackAmountOffset: -1 } },
  never: { label: 'No result, ever', mood: { neverResult: true } },
  'pays-late': { label: 'Looks lost, paid 90 s later', mood: { paysAfterLostMs: 90_000 } },
  outage: { label: 'Outage (503)', mood: { fault: 'outage' } },
  'spike-arrest': { label: 'Spike arrest (429)', mood: { fault: 'spike-arrest' } },
  'html-403': { label: 'Firewall page (403)', mood: { fault: 'html-403' } },
  busy: { label: 'System is busy', mood: { fault: 'busy' } },
  garbage: { label: 'Broken JSON', mood: { fault: 'garbage' } },
  'token-expired': { label: 'Token expires mid-call', mood: { fault: 'token-expired' } },
  'slow-answer': { label: 'Push answered after 20 s', mood: { answerDelayMs: 20_000 } },
  'no-answer': { label: 'Push accepted, never answered', mood: { neverAnswer: true } },
  'pending-error': { label: 'Query says pending as an error', mood: { queryPending: 'error' } },
  'result-1037': { label: 'Result 1037: not reached', mood: { resultCode: 1037 } },
  'result-1': { label: 'Result 1: no money', mood: { resultCode: 1 } },
  'result-9999': { label: 'Result 9999: sending failed', mood: { resultCode: 9999 } },
  'reversal-lost': {
    label: 'Reversal: result is lost',
    mood: { on: ['reversal'], dropCallback: true },
  },
  'reversal-timeout': {
    label: 'Reversal: queue time-out',
    mood: { on: ['reversal'], queueTimeout: true },
  },
}

/**
 * Forgetting somebody who asks for it (Data Protection Act 2019, section 40). waiting -> erasing -> done; before `erasing` it may be
 * taken back, or refused where something stands in its way for too long.
 */
import { DAY_MS } from './time.ts'

export const ERASURE_STATUSES = ['waiting', 'taken_back', 'refused', 'erasing', 'done'] as const
export type ErasureStatus = (typeof ERASURE_STATUSES)[number]

/** What stands in the way of an erasure, or of closing an account. */
export const NEEDS = [
  'legal_hold',
  'works_here',
  'booking',
  'charge',
  'invoice',
  'payment',
  'credit',
  'refund',
  'plan',
  'case',
] as const
export type Need = (typeof NEEDS)[number]

const NEED_WORDS: Record<Need, { en: string; sw: string }> = {
  legal_hold: {
    en: 'a duty of the law to keep it for now',
    sw: 'wajibu wa kisheria wa kuitunza kwa sasa',
  },
  works_here: { en: 'an account for work with us', sw: 'akaunti ya kazi nasi' },
  booking: { en: 'a booking that is not over', sw: 'nafasi ambayo haijaisha' },
  charge: { en: 'a charge that is not paid', sw: 'malipo ambayo hayajalipwa' },
  invoice: { en: 'an invoice that is not paid', sw: 'ankara ambayo haijalipwa' },
  payment: { en: 'a payment under way', sw: 'malipo yanayoendelea' },
  credit: { en: 'credit that is theirs', sw: 'salio ambalo ni lao' },
  refund: { en: 'a refund on its way', sw: 'marejesho yaliyo njiani' },
  plan: { en: 'a payment plan that runs', sw: 'mpango wa malipo unaoendelea' },
  case: { en: 'an open question about their money', sw: 'swali lililo wazi kuhusu pesa zao' },
}

/** “a booking that is not over, credit that is theirs”. */
export const needText = (needs: readonly Need[], language: 'en' | 'sw' = 'en'): string =>
  needs.map((need) => NEED_WORDS[need][language]).join(', ')

/** While something stands in the way it is looked at again every day, and refused in the end: never silently for ever. */
export const LOOK_AGAIN_MS = DAY_MS
export const LONGEST_DELAY_MS = 90 * DAY_MS

/**
 * In this order: what is found by their payments goes before their phone goes from these, the account after everything that is
 * found by it, and the key is the last.
 */
export const ERASURE_PARTS = [
  'bookings',
  'charges',
  'plans',
  'reports',
  'refunds',
  'payments',
  'documents',
  'messages',
  'account',
] as const
export type ErasurePart = (typeof ERASURE_PARTS)[number]

/** What stands where a name or a phone was. A phone of nobody is empty: no provider takes it for a number. */
export const ERASED_NAME = 'Erased customer'
export const ERASED_PHONE = ''

/** Typed by whoever asks, so that nobody does it by mistake. */
export const ERASURE_WORDS: Record<'en' | 'sw', string> = { en: 'ERASE', sw: 'FUTA' }

export type ErasureInput = { erasureId: string }
export type ErasureLook = { status: ErasureStatus; waitMs: number }

/** `wait`: something came into the way after all, and what is known of them is still needed. */
export type ErasedSome = 'all' | 'more' | 'wait'

export type LetterKind = 'asked' | 'delayed' | 'taken_back' | 'refused' | 'done'

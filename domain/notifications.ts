/** What we tell people by SMS and e-mail, in both languages. Pure: facts in, words out. */
import type { Cents } from './money.ts'
import { formatKes, ZERO } from './money.ts'
import { CHARGE_TEMPLATES } from './charge-notice-texts.ts'
import { CREDIT_TEMPLATES } from './credit-notice-texts.ts'
import { isAboutCredit } from './notices.ts'
import type { Fact, Line, Values } from './notification-lines.ts'
import { RENTAL_TEMPLATES } from './rental-notices.ts'
import { TEMPLATES, WORDS } from './notification-texts.ts'
import { timeText } from './time-words.ts'

export const MESSAGE_TEMPLATES = [
  'confirmed',
  'payment_received',
  'payment_refused',
  'cancelled',
  'reminder',
  'refunded',
  'part_refunded',
  'to_credit',
  'overpaid',
  'late_money',
  'late_offer',
  ...CHARGE_TEMPLATES,
  ...CREDIT_TEMPLATES,
  ...RENTAL_TEMPLATES,
] as const
export type MessageTemplate = (typeof MESSAGE_TEMPLATES)[number]

type Trip = { carName: string; pickupName: string; pickupAt: Date; returnAt: Date }

export type MessageFacts = {
  number: string
  customerName: string
  /** Whose payment this is about; the customer's own name when it is theirs. */
  partyName: string
  /** Of a booking. */
  trip?: Trip
  /** Of a charge. */
  charge?: {
    what: string
    /** All or nobody. */
    together: boolean
  }
  /** The payment or refund this is about; zero when it is about none. */
  amount: Cents
  total: Cents
  paid: Cents
  balance: Cents
  deadline: Date | null
  /** The booking is over: its money goes back, or may still book the car again. null = it is not over. */
  ended: 'goes_back' | 'undecided' | null
  /** What became of money that came late; null when this is about none. */
  late: 'rebooked' | 'refunding' | null
  /** M-Pesa took money, but not what was asked for: then nobody may read that nothing was charged. */
  otherAmount?: boolean
  /** In the reader's language, or null: a sentence, or for a cancellation the end of one. */
  reason: string | null
  link: string
  /** The car that is offered instead, and until when it is held. */
  offer?: { carName: string; until: Date } | null
}

export type Message = {
  /** Two GSM segments, three where the link is long; only letters that every phone shows. */
  sms: string
  subject: string
  text: string
  /** The e-mail's paragraphs and its one button, for the HTML version. */
  paragraphs: string[]
  button: { text: string; link: string }
}

/** One of several joined segments of seven-bit letters (3GPP TS 23.038). */
const SMS_SEGMENT = 153
const SMS_USUAL = 2 * SMS_SEGMENT
/** A third segment is paid for only where the link would push the vital sentences out of two. */
export const SMS_LENGTH = 3 * SMS_SEGMENT
const SMS_NAME_LENGTH = 28
const SMS_REASON_LENGTH = 120
const REASONS = new Set(['reason', 'because'])

const PLAIN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
}

/** Letters outside plain ASCII turn an SMS into 70-letter segments, so they are written without marks. */
export const plainLetters = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[‘’“”–—…]/g, (one) => PLAIN[one] ?? '')
    .replaceAll(/[[\]{}\\^~|`]/g, '')
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(/[^\x20-\x7e]/gu, '?')

const short = (text: string, most: number): string => {
  const plain = plainLetters(text)
  return plain.length <= most ? plain : `${plain.slice(0, most - 3).trimEnd()}...`
}

const valuesOf = (facts: MessageFacts, language: 'en' | 'sw'): Values => ({
  number: facts.number,
  name: facts.customerName,
  party: facts.partyName,
  car: facts.trip?.carName ?? '',
  place: facts.trip?.pickupName ?? '',
  pickup: facts.trip ? timeText(facts.trip.pickupAt, language) : '',
  return: facts.trip ? timeText(facts.trip.returnAt, language) : '',
  what: facts.charge?.what ?? '',
  amount: formatKes(facts.amount),
  total: formatKes(facts.total),
  paid: formatKes(facts.paid),
  balance: formatKes(facts.balance),
  deadline: facts.deadline ? timeText(facts.deadline, language) : '',
  reason: facts.reason ?? '',
  offered: facts.offer?.carName ?? '',
  until: facts.offer ? timeText(facts.offer.until, language) : '',
  because: facts.reason ? `: ${facts.reason}` : '',
})

const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').trim()

/** Sentences that hold only sometimes are left out, not shown empty. */
const applies =
  (facts: MessageFacts) =>
  ({ when }: Line): boolean => {
    if (when === undefined) return true
    const known: Record<Fact, boolean> = {
      reason: facts.reason !== null && facts.reason !== '',
      deadline: facts.deadline !== null,
      balance: facts.balance > ZERO && !facts.ended,
      settled: facts.balance <= ZERO && !facts.ended,
      goesBack: facts.ended === 'goes_back',
      undecided: facts.ended === 'undecided',
      rebooked: facts.late === 'rebooked',
      lateBack: facts.late !== 'rebooked',
      paid: facts.paid > ZERO,
      unpaid: facts.paid <= ZERO,
      uncharged: !facts.otherAmount,
      together: facts.charge?.together === true,
    }
    return known[when]
  }

const joined = (lines: Line[]): string => ['gari:', ...lines.map(({ text }) => text)].join(' ')

/** The vital sentences always, then the link, then what else there is room for, the more useful first. */
const smsOf = (lines: Line[], link: string): string => {
  const tail = ` ${plainLetters(link)}`
  const least = joined(lines.filter(({ rank }) => rank === 1)).length + tail.length
  // A link too long for an SMS would push out the message itself; the e-mail carries it.
  const end = least <= SMS_LENGTH ? tail : ''
  const most = (least <= SMS_USUAL ? SMS_USUAL : SMS_LENGTH) - end.length
  const wanted = [...lines].sort((a, b) => a.rank - b.rank)
  const kept = wanted.reduce<Line[]>((some, line) => {
    const more = [...some, line]
    return line.rank === 1 || joined(more).length <= most ? more : some
  }, [])
  return `${joined(lines.filter((line) => kept.includes(line)))}${end}`
}

const openingWords = (
  template: MessageTemplate,
  { charge }: MessageFacts,
  words: (typeof WORDS)['en' | 'sw'],
): string => {
  if (template === 'late_offer') return words.choose
  if (isAboutCredit(template)) return words.openCredit
  return charge ? words.openCharge : words.open
}

export const buildMessage = (
  template: MessageTemplate,
  facts: MessageFacts,
  language: 'en' | 'sw',
): Message => {
  const { subject, sms, mail } = TEMPLATES[template][language]
  const words = WORDS[language]
  const open = openingWords(template, facts, words)
  const values = valuesOf(facts, language)
  const smsValues: Values = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      short(value, REASONS.has(key) ? SMS_REASON_LENGTH : SMS_NAME_LENGTH),
    ]),
  )
  const paragraphs = mail.filter(applies(facts)).map((one) => fill(one.text, values))
  const hello = fill(words.hello, values)
  const all = [hello, ...paragraphs]
  return {
    sms: smsOf(
      sms.filter(applies(facts)).map((one) => ({ ...one, text: fill(one.text, smsValues) })),
      facts.link,
    ),
    subject: fill(subject, values).replaceAll(/[\r\n]+/g, ' '),
    text: `${[...all, `${open}: ${facts.link}`, words.bye].join('\n\n')}\n`,
    paragraphs: all,
    button: { text: open, link: facts.link },
  }
}

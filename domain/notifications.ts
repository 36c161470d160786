/** What we tell people by SMS and e-mail, in both languages. Pure: facts in, words out. */
import type { Cents } from './money.ts'
import { formatKes, ZERO } from './money.ts'
import { TEMPLATES, WORDS, type Values } from './notification-texts.ts'
import { timeText } from './time-words.ts'

export const MESSAGE_TEMPLATES = [
  'confirmed',
  'payment_received',
  'payment_refused',
  'cancelled',
  'reminder',
  'refunded',
  'late_money',
] as const
export type MessageTemplate = (typeof MESSAGE_TEMPLATES)[number]

export type MessageFacts = {
  number: string
  customerName: string
  /** Whose payment this is about; the customer's own name when it is theirs. */
  partyName: string
  carName: string
  pickupName: string
  pickupAt: Date
  returnAt: Date
  /** The payment or refund this is about; zero when it is about none. */
  amount: Cents
  total: Cents
  paid: Cents
  balance: Cents
  deadline: Date | null
  /** A sentence in the reader's language, or null. */
  reason: string | null
  link: string
}

export type Message = {
  /** At most two GSM segments, only letters that every phone shows. */
  sms: string
  subject: string
  text: string
  /** The e-mail's paragraphs and its one button, for the HTML version. */
  paragraphs: string[]
  button: { text: string; link: string }
}

/** Two joined segments of seven-bit letters, 153 each (3GPP TS 23.038). */
export const SMS_LENGTH = 306
const SMS_NAME_LENGTH = 28
const SMS_REASON_LENGTH = 90

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
  car: facts.carName,
  place: facts.pickupName,
  pickup: timeText(facts.pickupAt, language),
  return: timeText(facts.returnAt, language),
  amount: formatKes(facts.amount),
  total: formatKes(facts.total),
  paid: formatKes(facts.paid),
  balance: formatKes(facts.balance),
  deadline: facts.deadline ? timeText(facts.deadline, language) : '',
  reason: facts.reason ?? '',
})

const fill = (text: string, values: Values): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').trim()

/** Sentences that hold only sometimes are left out, not shown empty. */
const applies = (when: string | undefined, facts: MessageFacts): boolean => {
  if (when === undefined) return true
  const known: Record<string, boolean> = {
    reason: facts.reason !== null && facts.reason !== '',
    deadline: facts.deadline !== null,
    balance: facts.balance > ZERO,
    settled: facts.balance <= ZERO,
    paid: facts.paid > ZERO,
    unpaid: facts.paid <= ZERO,
  }
  return known[when] ?? false
}

const smsOf = (lines: string[], link: string): string => {
  const tail = ` ${plainLetters(link)}`
  const room = SMS_LENGTH - tail.length
  // A link too long for an SMS would push out the message itself; the e-mail carries it.
  const [end, most] = room >= 120 ? [tail, room] : ['', SMS_LENGTH]
  const kept = lines.reduce(
    (text, line) => (text.length + 1 + line.length <= most ? `${text} ${line}` : text),
    'gari:',
  )
  return `${kept}${end}`
}

export const buildMessage = (
  template: MessageTemplate,
  facts: MessageFacts,
  language: 'en' | 'sw',
): Message => {
  const { subject, sms, mail } = TEMPLATES[template][language]
  const words = WORDS[language]
  const values = valuesOf(facts, language)
  const smsValues: Values = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      short(value, key === 'reason' ? SMS_REASON_LENGTH : SMS_NAME_LENGTH),
    ]),
  )
  const smsLines = sms.filter((one) => applies(one.when, facts))
  const paragraphs = mail
    .filter((one) => applies(one.when, facts))
    .map((one) => fill(one.text, values))
  const hello = fill(words.hello, values)
  const all = [hello, ...paragraphs]
  return {
    sms: smsOf(
      smsLines.map((one) => fill(one.text, smsValues)),
      facts.link,
    ),
    subject: fill(subject, values).replaceAll(/[\r\n]+/g, ' '),
    text: `${[...all, `${words.open}: ${facts.link}`, words.bye].join('\n\n')}\n`,
    paragraphs: all,
    button: { text: words.open, link: facts.link },
  }
}

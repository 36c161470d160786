/** What was gathered of somebody, as a file for programs and as a paper for people. */
import { codeText, fieldText, flagText } from './export-words.ts'
import {
  EXPORT_FORM,
  type ExportRecord,
  type ExportValue,
  type FieldType,
  type Gathered,
  type SectionFacts,
} from './exports.ts'
import { formatKes, fromDecimal, negate } from './money.ts'
import { basisText, periodText, wordsOf } from './retention-words.ts'
import { REGISTER } from './retention.ts'
import { timeText } from './time-words.ts'
import { toNairobiIso } from './time.ts'

/** Who we are, and whom people ask about their data. */
export type Controller = { name: string; contact: string }
type About = { controller: Controller; madeAt: Date; language: 'en' | 'sw' }

/** With what is said of it in the register, so that nobody has to look it up. */
export function toExportFile(gathered: Gathered, { controller, madeAt, language }: About) {
  return {
    format: EXPORT_FORM.name,
    version: EXPORT_FORM.version,
    made_at: toNairobiIso(madeAt),
    time_zone: 'Africa/Nairobi',
    currency: 'KES',
    controller,
    law: 'Data Protection Act, 2019 (Kenya), sections 26 and 38',
    sections: gathered.map(({ section: { name, title, kind }, records }) => {
      const { why, basis, period, from } = REGISTER[kind]
      return {
        name,
        title: wordsOf(title, language),
        kind,
        purpose: why,
        basis,
        kept: periodText(period, 'en'),
        kept_from: from,
        records,
      }
    }),
  }
}
export type ExportFile = ReturnType<typeof toExportFile>

/** A picture is a JPEG in base64. */
export type PaperLine = { label: string; value: string; picture?: string }
export type PaperSection = {
  title: string
  lead: string
  /** Said where there are no records. */
  none: string
  records: PaperLine[][]
}
export type Paper = {
  title: string
  /** On top of each page, before its number. */
  head: string
  madeAt: Date
  author: string
  lead: string[]
  sections: PaperSection[]
}

const WORDS = {
  title: ['What we hold about you', 'Taarifa zako tulizonazo'],
  none: ['Nothing.', 'Hakuna.'],
} as const

const leadOf = (
  { controller, madeAt, language }: About,
  who: string,
  asFarBack: Date,
): string[] => {
  const at = timeText(madeAt, language, asFarBack)
  return language === 'sw'
    ? [
        `${who}. Ilitengenezwa ${at}, saa za Nairobi.`,
        `${controller.name} ndiyo inayoamua taarifa hizi zinatumikaje. Maswali: ${controller.contact}.`,
        'Kwa Sheria ya Ulinzi wa Data ya Kenya ya 2019 (vifungu 26 na 38). Simu na barua pepe za watu wengine zimefichwa kiasi. Vifungu vya hali vingine viko kwa Kiingereza, kama vilivyo kwenye vitabu vyetu.',
      ]
    : [
        `${who}. Made ${at}, Nairobi time.`,
        `${controller.name} decides what is done with this. Questions: ${controller.contact}.`,
        'By Kenya’s Data Protection Act, 2019 (sections 26 and 38). Phones and e-mails of other people are partly hidden.',
      ]
}

const sectionLead = ({ kind }: SectionFacts, language: 'en' | 'sw'): string => {
  const { basis, period } = REGISTER[kind]
  const [why, kept] = [basisText(basis, language), periodText(period, language)]
  return language === 'sw' ? `Kwa nini: ${why}. Muda: ${kept}.` : `Why: ${why}. Kept: ${kept}.`
}

/** `-450.00` was never typed by anybody, but credit that was used is below nothing. */
function moneyText(text: string): string {
  const amount = fromDecimal(text.replace('-', ''))
  if (amount === null) return text
  return formatKes(text.startsWith('-') ? negate(amount) : amount)
}

/** The year always: what is read here is years old. */
const LONG_AGO = new Date(0)

function valueText(type: FieldType, value: ExportValue, language: 'en' | 'sw'): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map((one) => codeText(String(one), language)).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value === 'boolean') return flagText(value, language)
  if (typeof value === 'number') return String(value)
  if (type === 'time') return timeText(new Date(value), language, LONG_AGO)
  if (type === 'money') return moneyText(value)
  return type === 'code' ? codeText(value, language) : value
}

/** What is not known is not said. */
const linesOf = (
  { fields }: SectionFacts,
  record: ExportRecord,
  language: 'en' | 'sw',
): PaperLine[] =>
  Object.entries(fields).flatMap(([name, type]) => {
    const known = record[name] ?? null
    const label = fieldText(name, language)
    if (type === 'picture')
      return typeof known === 'string' ? [{ label, value: '', picture: known }] : []
    const value = valueText(type, known, language)
    return value === '' ? [] : [{ label, value }]
  })

const nameIn = (gathered: Gathered): string => {
  const [first] = gathered.find(({ section }) => section.name === 'account')?.records ?? []
  return ['first_name', 'last_name', 'customer_number']
    .flatMap((field) => {
      const value = first?.[field]
      return typeof value === 'string' && value !== '' ? [value] : []
    })
    .join(' ')
}

export function toPaper(gathered: Gathered, about: About): Paper {
  const { language, controller, madeAt } = about
  return {
    title: wordsOf(WORDS.title, language),
    head: `gari · ${wordsOf(WORDS.title, language)}`,
    madeAt,
    author: controller.name,
    lead: leadOf(about, nameIn(gathered), LONG_AGO),
    sections: gathered.map(({ section, records }) => ({
      title: wordsOf(section.title, language),
      lead: sectionLead(section, language),
      none: wordsOf(WORDS.none, language),
      records: records.map((record) => linesOf(section, record, language)),
    })),
  }
}

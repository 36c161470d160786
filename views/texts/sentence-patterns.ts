/** Sentences of the rules with names, sums or times in them, in Swahili. */
import { RESULT_SENTENCES } from '../../domain/payment-results.ts'
import { MONTHS, WEEKDAYS } from '../../domain/time.ts'
import { MONTHS_SW, WEEKDAYS_SW } from '../../domain/time-words.ts'
import { chargeSentences } from './charge-sentences.ts'
import { accountSentences } from './account-sentences.ts'
import { errorSentences } from './error-sentences.ts'
import { identitySentences } from './identity-sentences.ts'
import { priceSentences } from './price-sentences.ts'
import { sentences } from './sentences.ts'

const WORDS = new Map([
  ...WEEKDAYS.map((day, index) => [day, WEEKDAYS_SW[index] ?? day] as const),
  ...MONTHS.map((month, index) => [month, MONTHS_SW[index] ?? month] as const),
])
const timeIn = (text: string): string =>
  text.replaceAll(/\b[A-Z][a-z]{2}\b/g, (word) => WORDS.get(word) ?? word)

export const hoursInSwahili = (text: string): string => {
  if (text === 'closed') return 'pamefungwa'
  return text === 'all day' ? 'siku nzima' : text.replace(' to ', ' hadi ')
}

type Pattern = [english: RegExp, swahili: (...parts: string[]) => string]

const PATTERNS: Pattern[] = [
  [/^A whole number from 0 to (.+)\.$/, (most) => `Nambari kamili kutoka 0 hadi ${most}.`],
  [/^(.+): all are taken for this time\.$/, (name) => `${name}: zote zimechukuliwa kwa muda huu.`],
  [
    /^(.+): only (.+) left for this time\.$/,
    (name, n) => `${name}: zimebaki ${n} tu kwa muda huu.`,
  ],
  [
    /^The price has changed from (.+) to (.+) since you saw it\.$/,
    (was, is) => `Bei imebadilika kutoka ${was} hadi ${is} tangu ulipoiona.`,
  ],
  [/^Send at most (.+) MB in one picture\.$/, (n) => `Tuma picha moja ya hadi MB ${n}.`],
  [/^Send the picture in the field (.+)\.$/, (name) => `Tuma picha kwenye sehemu ya ${name}.`],
  [/^At most (.+) characters\.$/, (n) => `Herufi ${n} tu.`],
  [/^Use at least (.+) points\.$/, (n) => `Tumia angalau pointi ${n}.`],
  [/^You have (.+) points\.$/, (n) => `Una pointi ${n}.`],
  [
    /^Points pay at most half of a price: here (.+) points\.$/,
    (n) => `Pointi hulipa nusu ya bei tu: hapa pointi ${n}.`,
  ],
  [/^A name has at most (.+) letters\.$/, (most) => `Jina lina herufi ${most} tu.`],
  [/^At most (.+) letters\.$/, (most) => `Herufi ${most} tu.`],
  [/^At most (.+) people can share a booking\.$/, (n) => `Watu ${n} tu wanaweza kugawana nafasi.`],
  [/^A password has at least (.+) characters\.$/, (n) => `Nywila ina angalau herufi ${n}.`],
  [/^A password has at most (.+) characters\.$/, (n) => `Nywila ina herufi ${n} tu.`],
  [/^(.+) is closed on (.+)\.$/, (name, at = '') => `${name} pamefungwa ${timeIn(at)}.`],
  [/^That day: (.+)\.$/, (hours = '') => `Siku hiyo: ${hoursInSwahili(hours)}.`],
  [
    /^All our cars of the category (.+) are taken for this time\.$/,
    (name = '') => `Magari yetu yote ya aina ${inSwahili(name)} yamechukuliwa kwa saa hizi.`,
  ],
  [
    /^You may have (.+) bookings that nothing is paid for yet\.$/,
    (n) => `Unaweza kuwa na nafasi ${n} ambazo hazijalipiwa chochote.`,
  ],
  [/^Wait (.+) minutes and try again\.$/, (n) => `Subiri dakika ${n} ujaribu tena.`],
  [/^Send at most (.+) characters\.$/, (n) => `Tuma herufi ${n} au pungufu.`],
  [/^Send at least (.+) characters\.$/, (n) => `Tuma angalau herufi ${n}.`],
  [/^Send at most (\S+) of these\.$/, (n) => `Tuma ${n} au pungufu ya hivi.`],
  [/^Send at least (\S+) of these\.$/, (n) => `Tuma angalau ${n} ya hivi.`],
  [/^Send at most (\S+)\.$/, (n) => `Tuma ${n} au pungufu.`],
  [/^Send at least (\S+)\.$/, (n) => `Tuma angalau ${n}.`],
  [/^Send one of (.+)\.$/, (words) => `Tuma mojawapo ya ${words}.`],
  [/^This is not written as (.+) must be\.$/, (what) => `Hii haijaandikwa kama ${what}.`],
  [/^We do not know (.+) here\.$/, (what) => `Hatujui ${what} hapa.`],
  [/^This address takes (.+)\.$/, (methods) => `Anwani hii inapokea ${methods}.`],
  [/^You can try again at (.+)\.$/, (time) => `Unaweza kujaribu tena saa ${time}.`],
  [
    /^M-Pesa cannot send (.+) to your phone\.$/,
    (amount) => `M-Pesa haiwezi kutuma ${amount} kwa simu yako.`,
  ],
  [/^Too many tries\.$/, () => 'Umejaribu mara nyingi mno.'],
  [/^Only (.+) is left to pay\.$/, (sum) => `Imebaki ${sum} tu kulipa.`],
  [
    /^The shares must add up to the total of (.+)\.$/,
    (total) => `Sehemu zote lazima zijumlishe ${total}.`,
  ],
  [
    /^The shares must add up to (.+): (.+) is missing\.$/,
    (total, rest) => `Sehemu zote lazima zijumlishe ${total}: imepungua ${rest}.`,
  ],
  [
    /^The shares must add up to (.+): (.+) is too much\.$/,
    (total, rest) => `Sehemu zote lazima zijumlishe ${total}: imezidi ${rest}.`,
  ],
]

const RESULTS = new Map(RESULT_SENTENCES)

const known = (english: string): string | undefined =>
  sentences[english] ??
  errorSentences[english] ??
  priceSentences[english] ??
  accountSentences[english] ??
  identitySentences[english] ??
  chargeSentences[english] ??
  RESULTS.get(english)

const sentence = (english: string): string => {
  const exact = known(english)
  if (exact !== undefined) return exact
  for (const [pattern, say] of PATTERNS) {
    const found = pattern.exec(english)
    if (found) return say(...found.slice(1))
  }
  return english
}

/** As a whole, else sentence by sentence; what is not known stays as it was. */
export const inSwahili = (english: string): string =>
  known(english) ??
  english
    .split(/(?<=[.!?]) (?=[A-Z])/)
    .map(sentence)
    .join(' ')

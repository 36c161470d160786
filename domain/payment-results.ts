/** What an STK result code means for the person holding the phone, in both languages. */
import type { PaymentReason, ReasonClass } from './payments.ts'

type ResultMeaning = { class: ReasonClass; en: string; sw: string }

/** Money was taken, only not as asked: the one refusal after which nobody may say "not charged". */
export const OTHER_AMOUNT = 'OTHER_AMOUNT'

/** Numbers and `SFC_…` are Daraja's result codes of a push; words are refusals of our own, whatever was to be paid with. */
const RESULTS: Record<string, ResultMeaning> = {
  '1': {
    class: 'U',
    en: 'There was not enough money in that M-Pesa account. Top up, or pay from another number.',
    sw: 'Hakuna pesa za kutosha kwenye M-Pesa hiyo. Ongeza salio, au lipa kwa nambari nyingine.',
  },
  '2': {
    class: 'N',
    en: 'M-Pesa does not accept an amount this small.',
    sw: 'Kiasi ni kidogo mno kwa M-Pesa.',
  },
  '3': {
    class: 'N',
    en: 'This is more than M-Pesa allows in one payment. Pay it in parts.',
    sw: 'Kiasi kimezidi kikomo cha M-Pesa. Lipa kwa sehemu.',
  },
  '4': {
    class: 'N',
    en: 'That number has reached its M-Pesa limit for today. Pay from another number.',
    sw: 'Nambari hiyo imefikia kikomo cha leo. Lipa kwa nambari nyingine.',
  },
  '17': {
    class: 'W',
    en: 'M-Pesa takes the same amount from one number only every 2 minutes. Wait a little and try again.',
    sw: 'M-Pesa hupokea kiasi kile kile kila baada ya dakika 2. Subiri kidogo ujaribu tena.',
  },
  '26': {
    class: 'W',
    en: 'M-Pesa is busy. Try again in a minute.',
    sw: 'M-Pesa ina shughuli nyingi. Jaribu baada ya dakika.',
  },
  '1001': {
    class: 'W',
    en: 'Another M-Pesa request is open on that phone. Finish it, wait a minute and try again.',
    sw: 'Kuna ombi lingine la M-Pesa kwenye simu hiyo. Limalize, subiri dakika ujaribu tena.',
  },
  '1019': {
    class: 'U',
    en: 'The request ran out of time. Try again.',
    sw: 'Muda wa ombi umeisha. Jaribu tena.',
  },
  '1025': {
    class: 'W',
    en: 'M-Pesa could not send the request. Try again in a minute.',
    sw: 'M-Pesa haikuweza kutuma ombi. Jaribu baada ya dakika.',
  },
  '1031': {
    class: 'U',
    en: 'The payment was cancelled on the phone. You can send the request again.',
    sw: 'Malipo yalighairiwa kwenye simu. Unaweza kutuma ombi tena.',
  },
  '1032': {
    class: 'U',
    en: 'The request was cancelled on the phone. You can send it again.',
    sw: 'Ombi lilighairiwa kwenye simu. Unaweza kulituma tena.',
  },
  '1036': {
    class: 'U',
    en: 'The phone’s answer was lost on the way. Try again.',
    sw: 'Jibu la simu lilipotea njiani. Jaribu tena.',
  },
  '1037': {
    class: 'U',
    en: 'The phone could not be reached. Is it on and has it network? Then try again.',
    sw: 'Simu haikupatikana. Hakikisha imewashwa na ina mtandao, kisha jaribu tena.',
  },
  '2001': {
    class: 'U',
    en: 'The PIN was not right. Try again with your M-Pesa PIN.',
    sw: 'PIN haikuwa sahihi. Jaribu tena kwa PIN yako ya M-Pesa.',
  },
  '2008': {
    class: 'W',
    en: 'M-Pesa could not check the PIN. Wait a minute and try again.',
    sw: 'M-Pesa haikuweza kukagua PIN. Subiri dakika ujaribu tena.',
  },
  '2026': {
    class: 'W',
    en: 'The M-Pesa menu closed before the payment was made. Wait a minute and try again.',
    sw: 'Menyu ya M-Pesa ilifungwa kabla ya kulipa. Subiri dakika ujaribu tena.',
  },
  '8006': {
    class: 'N',
    en: 'The M-Pesa PIN of that number is locked. Call 100 to unlock it, or pay from another number.',
    sw: 'PIN ya M-Pesa ya nambari hiyo imefungwa. Piga 100, au lipa kwa nambari nyingine.',
  },
  '8': {
    class: 'N',
    en: 'Our M-Pesa account cannot take this payment now. This is our fault, not yours. Please pay at the desk or call us.',
    sw: 'Akaunti yetu ya M-Pesa haiwezi kupokea malipo haya sasa. Kosa ni letu. Tafadhali lipa ofisini au tupigie simu.',
  },
  '11': {
    class: 'N',
    en: 'The M-Pesa account of that number is not active. Call 100, or pay from another number.',
    sw: 'Akaunti ya M-Pesa ya nambari hiyo haifanyi kazi. Piga 100, au lipa kwa nambari nyingine.',
  },
  '2006': {
    class: 'N',
    en: 'M-Pesa does not allow this payment from that account. Call 100, or pay from another number.',
    sw: 'M-Pesa hairuhusu malipo haya kutoka kwenye akaunti hiyo. Piga 100, au lipa kwa nambari nyingine.',
  },
  '2040': {
    class: 'N',
    en: 'That number is not registered for M-Pesa. Pay from another number.',
    sw: 'Nambari hiyo haijasajiliwa kwa M-Pesa. Lipa kwa nambari nyingine.',
  },
  SFC_IC0003: {
    class: 'N',
    en: 'M-Pesa does not know the account we asked for. This is our fault, not yours. Please pay at the desk or call us.',
    sw: 'M-Pesa haitambui akaunti tuliyoomba. Kosa ni letu. Tafadhali lipa ofisini au tupigie simu.',
  },
  '2028': {
    class: 'N',
    en: 'M-Pesa does not let us ask for this payment. This is our fault, not yours. Please pay at the desk or call us.',
    sw: 'M-Pesa haituruhusu kuomba malipo haya. Kosa ni letu. Tafadhali lipa ofisini au tupigie simu.',
  },
  '1101': {
    class: 'N',
    en: 'Our request was too long for M-Pesa. This is our fault, not yours. Please pay at the desk or call us.',
    sw: 'Ombi letu lilikuwa refu mno kwa M-Pesa. Kosa ni letu. Tafadhali lipa ofisini au tupigie simu.',
  },
  '9999': {
    class: 'W',
    en: 'M-Pesa had a fault while it sent the request. Try again in a minute.',
    sw: 'M-Pesa ilipata hitilafu ilipotuma ombi. Jaribu baada ya dakika.',
  },
  PUSH_OPEN: {
    class: 'W',
    en: 'A request is already open on that phone. Answer it first.',
    sw: 'Tayari kuna ombi kwenye simu hiyo. Lijibu kwanza.',
  },
  UNREACHABLE: {
    class: 'W',
    en: 'M-Pesa cannot be reached at the moment. Try again in a minute.',
    sw: 'M-Pesa haipatikani kwa sasa. Jaribu baada ya dakika.',
  },
  NOT_SENT: {
    class: 'W',
    en: 'We could not send the request just now, and nothing was charged. Try again in a minute.',
    sw: 'Hatukuweza kutuma ombi kwa sasa, na hujatozwa. Jaribu baada ya dakika.',
  },
  RESOLVED_UNPAID: {
    class: 'U',
    en: 'We looked into it: this payment did not reach us. You can pay again.',
    sw: 'Tumechunguza: malipo haya hayakutufikia. Unaweza kulipa tena.',
  },
  [OTHER_AMOUNT]: {
    class: 'N',
    en: 'M-Pesa took another amount than we asked for. It is safe with us, and our finance team is sorting it out.',
    sw: 'M-Pesa ilichukua kiasi tofauti na tulichoomba. Pesa iko salama kwetu, na timu yetu ya fedha inashughulikia.',
  },
  NO_TILL: {
    class: 'N',
    en: 'Open your till first; cash goes into it.',
    sw: 'Fungua till yako kwanza; pesa taslimu huingia humo.',
  },
  CASH_SHORT: {
    class: 'U',
    en: 'This is less cash than the amount to pay.',
    sw: 'Pesa taslimu hizi ni pungufu ya kiasi cha kulipa.',
  },
  SLIP_USED: {
    class: 'U',
    en: 'This card slip belongs to another payment. Check its number.',
    sw: 'Risiti hii ya kadi ni ya malipo mengine. Kagua nambari yake.',
  },
  COMPANY_REFUSED: {
    class: 'N',
    en: 'This customer may not book on the account of that company.',
    sw: 'Mteja huyu hawezi kulipia kwa akaunti ya kampuni hiyo.',
  },
  COMPANY_LIMIT: {
    class: 'N',
    en: 'This is more than the credit limit of that company leaves.',
    sw: 'Kiasi hiki kinazidi kikomo cha mkopo cha kampuni hiyo.',
  },
  NO_CREDIT: {
    class: 'N',
    en: 'There is not that much credit.',
    sw: 'Salio la mkopo halitoshi.',
  },
  TRANSFER_WITHDRAWN: {
    class: 'U',
    en: 'This bank transfer did not reach us. You can pay another way.',
    sw: 'Malipo haya ya benki hayakutufikia. Unaweza kulipa kwa njia nyingine.',
  },
  RESERVATION_CLOSED: {
    class: 'U',
    en: 'This is no longer open, so nothing was asked for.',
    sw: 'Hii haiko wazi tena, kwa hivyo hakuna kilichoombwa.',
  },
  AMOUNT_ABOVE_BALANCE: {
    class: 'U',
    en: 'This is more than is left to pay.',
    sw: 'Hiki ni zaidi ya salio.',
  },
}
/** For codes that nobody has documented: final, may be tried again, nothing invented. */
const OTHER: ResultMeaning = {
  class: 'U',
  en: 'M-Pesa did not make the payment. Try again, or pay from another number.',
  sw: 'M-Pesa haikufanya malipo. Jaribu tena, au lipa kwa nambari nyingine.',
}
/** Set-up faults on our side (product, party, role): the customer can do nothing about them. */
const OURS: ResultMeaning = {
  class: 'N',
  en: 'M-Pesa refused our request. This is our fault, not yours. Please pay at the desk or call us.',
  sw: 'M-Pesa ilikataa ombi letu. Kosa ni letu. Tafadhali lipa ofisini au tupigie simu.',
}
const OUR_FAULTS = new Set(['1102', '2029', '2033', '2043', '2051', '2202', 'CONFIGURATION'])

/** Every sentence as it stands in English, with its Swahili: pages get the English one. */
export const RESULT_SENTENCES: readonly (readonly [en: string, sw: string])[] = [
  ...Object.values(RESULTS),
  OTHER,
  OURS,
].map(({ en, sw }) => [en, sw] as const)

const meaningOf = (code: string): ResultMeaning =>
  RESULTS[code] ?? (OUR_FAULTS.has(code) ? OURS : OTHER)

export const reasonFor = (code: string): PaymentReason => ({ code, class: meaningOf(code).class })

/** The sentence for the customer: why a payment did not come about. */
export const reasonSentence = (code: string, language: 'en' | 'sw' = 'en'): string =>
  meaningOf(code)[language]

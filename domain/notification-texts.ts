/**
 * The words of every message. `when` names the fact without which a sentence is left out; `rank` says how much is
 * lost without it: 1 is vital (what happened to the money, why, what to do) and never cut from an SMS.
 */
import { CHARGE_WORDING } from './charge-notice-texts.ts'
import { CREDIT_WORDING } from './credit-notice-texts.ts'
import { both, spare, useful, vital, type Wording } from './notification-lines.ts'
import { RENTAL_WORDING } from './rental-notices.ts'
import type { MessageTemplate } from './notifications.ts'

export const WORDS = {
  en: {
    hello: 'Hello {name},',
    open: 'Open your booking',
    openCharge: 'Open this payment',
    openCredit: 'Open your credit',
    choose: 'Choose',
    bye: 'Safe travels,\ngari',
  },
  sw: {
    hello: 'Habari {name},',
    open: 'Fungua nafasi yako',
    openCharge: 'Fungua malipo haya',
    openCredit: 'Fungua salio lako',
    choose: 'Chagua',
    bye: 'Safari njema,\ngari',
  },
} as const

export const TEMPLATES: Record<MessageTemplate, { en: Wording; sw: Wording }> = {
  ...CHARGE_WORDING,
  ...CREDIT_WORDING,
  ...RENTAL_WORDING,
  confirmed: {
    en: {
      subject: 'Confirmed: {car}, {pickup} ({number})',
      sms: [
        vital('{number} is confirmed. {car}: come to {place}, {pickup}.'),
        useful('Bring your licence and ID.'),
      ],
      mail: [
        vital('Your booking {number} is confirmed and paid: {paid}.'),
        vital('Come to {place} on {pickup}. The {car} is yours until {return}.'),
        vital('Bring your driving licence, your ID or passport, and the phone you paid with.'),
      ],
    },
    sw: {
      subject: 'Imethibitishwa: {car}, {pickup} ({number})',
      sms: [
        vital('{number} imethibitishwa. {car}: fika {place}, {pickup}.'),
        useful('Njoo na leseni na kitambulisho.'),
      ],
      mail: [
        vital('Nafasi yako {number} imethibitishwa na imelipwa: {paid}.'),
        vital('Fika {place}, {pickup}. {car} ni lako hadi {return}.'),
        vital('Njoo na leseni ya kuendesha, kitambulisho au pasipoti, na simu uliyolipa nayo.'),
      ],
    },
  },
  payment_received: {
    en: both(
      'We received {amount} for {number}',
      vital('We received {amount} from {party} for {number}.'),
      vital('This booking has ended, so the money goes back.', 'goesBack'),
      vital('The time to pay was over. We tell you at once what happens to it.', 'undecided'),
      useful('{paid} paid, {balance} to go.', 'balance'),
      spare('We hold the car until {deadline}.', 'deadline'),
      useful('Everything is paid.', 'settled'),
    ),
    sw: both(
      'Tumepokea {amount} kwa {number}',
      vital('Tumepokea {amount} kutoka kwa {party} kwa {number}.'),
      vital('Nafasi hii imeisha, kwa hiyo pesa itarudishwa.', 'goesBack'),
      vital('Muda wa kulipa ulikuwa umeisha. Tutakujulisha mara moja.', 'undecided'),
      useful('{paid} imelipwa, bado {balance}.', 'balance'),
      spare('Tunaweka gari hadi {deadline}.', 'deadline'),
      useful('Malipo yote yamekamilika.', 'settled'),
    ),
  },
  payment_refused: {
    en: both(
      '{amount} for {number} was not paid',
      vital('{amount} for {number} was not paid.'),
      vital('{reason}', 'reason'),
      useful('You have not been charged.', 'uncharged'),
      spare('We hold the car until {deadline}.', 'deadline'),
    ),
    sw: both(
      '{amount} kwa {number} haikulipwa',
      vital('{amount} kwa {number} haikulipwa.'),
      vital('{reason}', 'reason'),
      useful('Hujatozwa chochote.', 'uncharged'),
      spare('Tunaweka gari hadi {deadline}.', 'deadline'),
    ),
  },
  cancelled: {
    en: {
      subject: 'Booking {number} is cancelled',
      sms: [
        vital('{number} is cancelled{because}.'),
        vital('{paid} goes back to the phone it came from.', 'paid'),
        vital('Nothing was paid. If a request is still on your phone, cancel it there.', 'unpaid'),
        spare('It was for {car}, {pickup}.'),
      ],
      mail: [
        vital('Your booking {number} ({car}, {pickup}) is cancelled{because}.'),
        vital('{paid} goes back to the phone it came from. You need do nothing.', 'paid'),
        vital('Nothing was paid. If a request is still on your phone, cancel it there.', 'unpaid'),
      ],
    },
    sw: {
      subject: 'Nafasi {number} imeghairiwa',
      sms: [
        vital('{number} imeghairiwa{because}.'),
        vital('{paid} itarudishwa kwa simu ilikotoka.', 'paid'),
        vital('Hakuna kilicholipwa. Kama kuna ombi kwenye simu yako, lighairi hapo.', 'unpaid'),
        spare('Ilikuwa ya {car}, {pickup}.'),
      ],
      mail: [
        vital('Nafasi yako {number} ({car}, {pickup}) imeghairiwa{because}.'),
        vital('{paid} itarudishwa kwa simu ilikotoka. Huhitaji kufanya lolote.', 'paid'),
        vital('Hakuna kilicholipwa. Kama kuna ombi kwenye simu yako, lighairi hapo.', 'unpaid'),
      ],
    },
  },
  reminder: {
    en: both(
      '{balance} to pay for {number}',
      vital('{balance} is still to pay for {number}.'),
      vital('Pay by {deadline}, or the car is released.', 'deadline'),
      useful('What is already paid would then go back.', 'paid'),
      spare('It is for {car}, {pickup}.'),
    ),
    sw: both(
      'Bado {balance} kwa {number}',
      vital('Bado {balance} kulipwa kwa {number}.'),
      vital('Lipa kabla ya {deadline}, la sivyo gari litaachiliwa.', 'deadline'),
      useful('Kilicholipwa kitarudishwa.', 'paid'),
      spare('Ni ya {car}, {pickup}.'),
    ),
  },
  refunded: {
    en: both(
      '{amount} went back to you ({number})',
      vital('{amount} of booking {number} went back to the phone of {party}.'),
    ),
    sw: both(
      '{amount} imerudishwa kwako ({number})',
      vital('{amount} ya nafasi {number} imerudishwa kwa simu ya {party}.'),
    ),
  },
  part_refunded: {
    en: both(
      '{amount} of {number} went back to you',
      vital('{amount} of what {party} paid for {number} went back.'),
    ),
    sw: both(
      '{amount} ya {number} imerudishwa',
      vital('{amount} ya malipo ya {party} kwa {number} imerudishwa.'),
    ),
  },
  to_credit: {
    en: both(
      '{amount} of {number} is your credit again',
      vital('{amount} that was paid for {number} from your credit is your credit again.'),
      vital('Keep it for your next booking, or have it sent to your M-Pesa.'),
    ),
    sw: both(
      '{amount} ya {number} ni salio lako tena',
      vital('{amount} iliyolipwa kwa {number} kutoka salio lako ni salio lako tena.'),
      vital('Liweke kwa nafasi ijayo, au utumiwe kwa M-Pesa yako.'),
    ),
  },
  overpaid: {
    en: both(
      '{amount} too much was paid for {number}',
      vital('{amount} more than was owed came for {number}. It is your credit.'),
      vital('Keep it for your next booking, or have it sent back to your M-Pesa.'),
    ),
    sw: both(
      '{amount} imelipwa zaidi kwa {number}',
      vital('{amount} imezidi deni la {number}. Sasa ni salio lako.'),
      vital('Liweke kwa nafasi ijayo, au urudishiwe kwa M-Pesa yako.'),
    ),
  },
  late_money: {
    en: both(
      '{amount} for {number} came late',
      vital('{amount} for {number} came after the booking had ended.'),
      vital('The car was still free, so we have booked it for you again.', 'rebooked'),
      vital('The money goes back to the phone it came from. You need do nothing.', 'lateBack'),
    ),
    sw: both(
      '{amount} kwa {number} ilichelewa',
      vital('{amount} kwa {number} ilifika baada ya nafasi kuisha.'),
      vital('Gari lilikuwa bado wazi, kwa hiyo tumekuwekea tena.', 'rebooked'),
      vital('Pesa itarudishwa kwa simu ilikotoka. Huhitaji kufanya lolote.', 'lateBack'),
    ),
  },
  late_offer: {
    en: both(
      'Choose by {until}: {amount} for {number} came late',
      vital('Your {amount} for {number} came after it had ended and the car was gone.'),
      vital('We hold a {offered} for the same days until {until}.'),
      vital('If you do not choose, your money comes back by itself.'),
    ),
    sw: both(
      'Chagua kabla ya {until}: {amount} kwa {number} ilichelewa',
      vital('{amount} yako kwa {number} ilifika baada ya nafasi kuisha na gari kuchukuliwa.'),
      vital('Tunakuwekea {offered} kwa siku zilezile hadi {until}.'),
      vital('Usipochagua, pesa yako itarudi yenyewe.'),
    ),
  },
}

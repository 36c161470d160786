/** The words of every message. `when` names the fact without which a sentence is left out. */
import type { MessageTemplate } from './notifications.ts'

export type Values = Record<string, string>
type Line = {
  text: string
  when?: 'reason' | 'deadline' | 'balance' | 'settled' | 'paid' | 'unpaid'
}
type Wording = { subject: string; sms: Line[]; mail: Line[] }

export const WORDS = {
  en: { hello: 'Hello {name},', open: 'Open your booking', bye: 'Safe travels,\ngari' },
  sw: { hello: 'Habari {name},', open: 'Fungua nafasi yako', bye: 'Safari njema,\ngari' },
} as const

/** The same sentence for both channels. */
const both = (subject: string, ...lines: Line[]): Wording => ({ subject, sms: lines, mail: lines })
const line = (text: string, when?: Line['when']): Line => (when ? { text, when } : { text })

export const TEMPLATES: Record<MessageTemplate, { en: Wording; sw: Wording }> = {
  confirmed: {
    en: {
      subject: 'Confirmed: {car}, {pickup} ({number})',
      sms: [
        line('{number} is confirmed. {car}: come to {place}, {pickup}.'),
        line('Bring your licence and ID.'),
      ],
      mail: [
        line('Your booking {number} is confirmed and paid: {paid}.'),
        line('Come to {place} on {pickup}. The {car} is yours until {return}.'),
        line('Bring your driving licence, your ID or passport, and the phone you paid with.'),
      ],
    },
    sw: {
      subject: 'Imethibitishwa: {car}, {pickup} ({number})',
      sms: [
        line('{number} imethibitishwa. {car}: fika {place}, {pickup}.'),
        line('Njoo na leseni na kitambulisho.'),
      ],
      mail: [
        line('Nafasi yako {number} imethibitishwa na imelipwa: {paid}.'),
        line('Fika {place}, {pickup}. {car} ni lako hadi {return}.'),
        line('Njoo na leseni ya kuendesha, kitambulisho au pasipoti, na simu uliyolipa nayo.'),
      ],
    },
  },
  payment_received: {
    en: both(
      'We received {amount} for {number}',
      line('We received {amount} from {party} for {number}.'),
      line('{paid} paid, {balance} to go.', 'balance'),
      line('We hold the car until {deadline}.', 'deadline'),
      line('Everything is paid.', 'settled'),
    ),
    sw: both(
      'Tumepokea {amount} kwa {number}',
      line('Tumepokea {amount} kutoka kwa {party} kwa {number}.'),
      line('{paid} imelipwa, bado {balance}.', 'balance'),
      line('Tunaweka gari hadi {deadline}.', 'deadline'),
      line('Malipo yote yamekamilika.', 'settled'),
    ),
  },
  payment_refused: {
    en: both(
      '{amount} for {number} was not paid',
      line('{amount} for {number} was not paid. You have not been charged.'),
      line('{reason}', 'reason'),
      line('We hold the car until {deadline}.', 'deadline'),
    ),
    sw: both(
      '{amount} kwa {number} haikulipwa',
      line('{amount} kwa {number} haikulipwa. Hujatozwa chochote.'),
      line('{reason}', 'reason'),
      line('Tunaweka gari hadi {deadline}.', 'deadline'),
    ),
  },
  cancelled: {
    en: both(
      'Booking {number} is cancelled',
      line('Your booking {number} ({car}, {pickup}) is cancelled.'),
      line('{reason}', 'reason'),
      line('{paid} goes back to the phone it came from. You need do nothing.', 'paid'),
      line('You have not been charged.', 'unpaid'),
    ),
    sw: both(
      'Nafasi {number} imeghairiwa',
      line('Nafasi yako {number} ({car}, {pickup}) imeghairiwa.'),
      line('{reason}', 'reason'),
      line('{paid} itarudishwa kwa simu ilikotoka. Huhitaji kufanya lolote.', 'paid'),
      line('Hujatozwa chochote.', 'unpaid'),
    ),
  },
  reminder: {
    en: both(
      '{balance} to pay for {number}',
      line('{balance} is still to pay for {number} ({car}, {pickup}).'),
      line('We hold the car until {deadline}; after that it is released.', 'deadline'),
      line('What is already paid would go back to you.', 'paid'),
    ),
    sw: both(
      'Bado {balance} kwa {number}',
      line('Bado {balance} kulipwa kwa {number} ({car}, {pickup}).'),
      line('Tunaweka gari hadi {deadline}; baadaye litaachiliwa.', 'deadline'),
      line('Kilicholipwa kitarudishwa kwako.', 'paid'),
    ),
  },
  refunded: {
    en: both(
      '{amount} went back to you ({number})',
      line('{amount} of booking {number} went back to the phone of {party}.'),
      line('{reason}', 'reason'),
    ),
    sw: both(
      '{amount} imerudishwa kwako ({number})',
      line('{amount} ya nafasi {number} imerudishwa kwa simu ya {party}.'),
      line('{reason}', 'reason'),
    ),
  },
  late_money: {
    en: both(
      '{amount} for {number} came late',
      line('{amount} for {number} came after the booking had ended.'),
      line(
        'If the car is still free we book it again for you; if not, the money goes back to your phone. We tell you either way.',
      ),
    ),
    sw: both(
      '{amount} kwa {number} ilichelewa',
      line('{amount} kwa {number} ilifika baada ya nafasi kuisha.'),
      line(
        'Gari likiwa bado lipo tutakuwekea tena; la sivyo pesa itarudishwa kwa simu yako. Tutakujulisha.',
      ),
    ),
  },
}

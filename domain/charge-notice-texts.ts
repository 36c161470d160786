/** The words of messages about charges; `{what}` is what the charge is for. */
import { both, spare, useful, vital, type Wording } from './notification-lines.ts'

export const CHARGE_TEMPLATES = [
  'charge_created',
  'charge_received',
  'charge_paid',
  'charge_ended',
  'charge_late',
] as const
export type ChargeTemplate = (typeof CHARGE_TEMPLATES)[number]

export const CHARGE_WORDING: Record<ChargeTemplate, { en: Wording; sw: Wording }> = {
  charge_created: {
    en: both(
      '{amount} to pay for {what} ({number})',
      vital('{amount} is to be paid for {number}, {what}.'),
      vital('Pay by {deadline}.', 'deadline'),
      useful('It stands only when everybody has paid their share.', 'together'),
    ),
    sw: both(
      '{amount} ya kulipa kwa {what} ({number})',
      vital('{amount} inatakiwa kulipwa kwa {number}, {what}.'),
      vital('Lipa kabla ya {deadline}.', 'deadline'),
      useful('Itathibitishwa tu kila mtu akilipa sehemu yake.', 'together'),
    ),
  },
  charge_received: {
    en: both(
      'We received {amount} for {number}',
      vital('We received {amount} from {party} for {number}.'),
      useful('{paid} paid, {balance} to go.', 'balance'),
      useful('Everything is paid.', 'settled'),
      spare('It is for {what}.'),
    ),
    sw: both(
      'Tumepokea {amount} kwa {number}',
      vital('Tumepokea {amount} kutoka kwa {party} kwa {number}.'),
      useful('{paid} imelipwa, bado {balance}.', 'balance'),
      useful('Malipo yote yamekamilika.', 'settled'),
      spare('Ni ya {what}.'),
    ),
  },
  charge_paid: {
    en: both(
      'Paid: {what} ({number})',
      vital('{number} is paid in full: {total}. Thank you.'),
      spare('It was for {what}.'),
    ),
    sw: both(
      'Imelipwa: {what} ({number})',
      vital('{number} imelipwa yote: {total}. Asante.'),
      spare('Ilikuwa ya {what}.'),
    ),
  },
  charge_ended: {
    en: both(
      '{number} is cancelled',
      vital('{number} ({what}) is cancelled{because}.'),
      vital('{paid} goes back to whoever paid it. You need do nothing.', 'paid'),
      vital('Nothing was paid. If a request is still on your phone, cancel it there.', 'unpaid'),
    ),
    sw: both(
      '{number} imefutwa',
      vital('{number} ({what}) imefutwa{because}.'),
      vital('{paid} itarudishwa kwa aliyelipa. Huhitaji kufanya lolote.', 'paid'),
      vital('Hakuna kilicholipwa. Kama kuna ombi kwenye simu yako, lighairi hapo.', 'unpaid'),
    ),
  },
  charge_late: {
    en: both(
      '{amount} for {number} came late',
      vital('{amount} for {number} came after it had ended.'),
      vital('The money goes back to whoever paid it. You need do nothing.'),
    ),
    sw: both(
      '{amount} kwa {number} ilichelewa',
      vital('{amount} kwa {number} ilifika baada ya kuisha.'),
      vital('Pesa itarudishwa kwa aliyelipa. Huhitaji kufanya lolote.'),
    ),
  },
}

/** One's own details. */
import type { Text } from '../language.ts'

export const detailsTexts = {
  detailsTitle: ['Your details', 'Mawasiliano yako'],
  detailsText: ['By which phone and e-mail you come in.', 'Simu na barua pepe unazotumia kuingia.'],
  contactProven: ['proven', 'imethibitishwa'],
  contactUnproven: ['not proven yet', 'bado haijathibitishwa'],
  contactAgain: [
    'To change your phone or e-mail, sign in again: this browser may stand open.',
    'Ili kubadilisha simu au barua pepe, ingia tena: huenda kivinjari hiki kimeachwa wazi.',
  ],
  phoneToProve: ['Your M-Pesa number', 'Nambari yako ya M-Pesa'],
  otherPhone: ['Another phone', 'Simu nyingine'],
  provePhoneHint: [
    'We send a code there. From then on you can sign in by SMS as well.',
    'Tunatuma msimbo huko. Baada ya hapo unaweza kuingia kwa SMS pia.',
  ],
  provePhoneButton: ['Send me a code', 'Nitumie msimbo'],
  provePhoneDone: ['This phone is mine', 'Simu hii ni yangu'],
  phoneIsProven: [
    'Your phone is proven. You can sign in by SMS now.',
    'Simu yako imethibitishwa. Sasa unaweza kuingia kwa SMS.',
  ],
  emailToAdd: ['Your e-mail', 'Barua pepe yako'],
  otherEmail: ['Another e-mail', 'Barua pepe nyingine'],
  otherEmailHint: [
    'We send a link there. Nothing changes until you press it.',
    'Tunatuma kiungo huko. Hakuna kinachobadilika mpaka ukibonyeze.',
  ],
  otherEmailButton: ['Send me the link', 'Nitumie kiungo'],
  newEmailSent: [
    'The link is on its way to the new e-mail. It is good for a day.',
    'Kiungo kiko njiani kwenda barua pepe mpya. Kinatumika kwa siku moja.',
  ],
} as const satisfies Record<string, Text>

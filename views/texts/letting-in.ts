/** Programs of others that ask somebody to let them in. */
import type { Text } from '../language.ts'

export const lettingInTexts = {
  letInTitle: ['Let {program} act for you?', 'Je, {program} ikufanyie kazi?'],
  letInLead: [
    '{program} is not part of gari. If you allow it, it may do this for you for two weeks:',
    '{program} si sehemu ya gari. Ukiiruhusu, inaweza kukufanyia haya kwa wiki mbili:',
  ],
  letInNothing: [
    '{program} asks for nothing that you may do yourself, so it cannot act for you.',
    '{program} haiombi chochote unachoruhusiwa kufanya, kwa hiyo haiwezi kukufanyia kazi.',
  ],
  letInRefused: [
    'It also asks for what you may not do, and does not get it.',
    'Pia inaomba usichoruhusiwa kufanya, na haitakipata.',
  ],
  letInAnswersTo: [
    'The answer goes to {place}. Allow it only if you have just begun this there.',
    'Jibu litaenda {place}. Ruhusu tu kama umeanzia huko sasa hivi.',
  ],
  letInEnd: [
    'You can take it back at any time, under Account.',
    'Unaweza kuondoa ruhusa hii wakati wowote, chini ya Akaunti.',
  ],
  letInAllow: ['Allow', 'Ruhusu'],
  letInDeny: ['Do not allow', 'Usiruhusu'],
  letInGoTitle: ['One moment', 'Subiri kidogo'],
  letInGo: ['Go back to the program', 'Rudi kwenye programu'],
} as const satisfies Record<string, Text>

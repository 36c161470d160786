/** What we mail to whoever opens an account, and to whoever has one already with the same e-mail. */
import { letterOf } from './account-texts.ts'
import type { Message } from './notifications.ts'

const OPENING = {
  en: {
    subject: 'Open your account with gari',
    lines: [
      'Somebody opens an account with gari by this e-mail. Was it you? Then press here: that makes the account.',
      'The link is good for a day, once. Was it not you? Then do nothing, and there will be no account.',
    ],
    button: 'Open my account',
  },
  sw: {
    subject: 'Fungua akaunti yako ya gari',
    lines: [
      'Mtu anafungua akaunti ya gari kwa barua pepe hii. Ni wewe? Basi bonyeza hapa: akaunti itafunguliwa.',
      'Kiungo kinatumika kwa siku moja, mara moja. Kama si wewe, usifanye chochote, na hakutakuwa na akaunti.',
    ],
    button: 'Fungua akaunti yangu',
  },
} as const

const KNOWN = {
  en: {
    subject: 'You have an account with gari already',
    lines: [
      'Somebody opens an account with gari by this e-mail, and there is one already. Was it you? Then sign in.',
      'Forgotten the password? Choose a new one here: {reset}',
      'Was it not you? Then do nothing: your account is as it was, and nobody was told that you have one.',
    ],
    button: 'Sign in',
  },
  sw: {
    subject: 'Tayari una akaunti ya gari',
    lines: [
      'Mtu anafungua akaunti ya gari kwa barua pepe hii, na tayari ipo moja. Ni wewe? Basi ingia.',
      'Umesahau nywila? Chagua mpya hapa: {reset}',
      'Kama si wewe, usifanye chochote: akaunti yako iko vile vile, na hakuna aliyeambiwa kwamba unayo.',
    ],
    button: 'Ingia',
  },
} as const

/** `open`: the link that makes the account. */
export type RegistrationLinks = { open: string; signIn: string; reset: string }
type Facts = { isKnown: boolean; language: 'en' | 'sw'; links: RegistrationLinks }

export function registrationMail({ isKnown, language, links }: Facts): Omit<Message, 'sms'> {
  const { subject, lines, button } = (isKnown ? KNOWN : OPENING)[language]
  const said = lines.map((line) => line.replace('{reset}', links.reset))
  const link = isKnown ? links.signIn : links.open
  return letterOf({ subject, lines: said, button }, language, link)
}

/** What we mail about somebody's account, in their language. */
import { CONTACT_MAILS } from './contact-texts.ts'
import type { Message } from './notifications.ts'

type Purpose =
  | 'verify_email'
  | 'reset_password'
  | 'invitation'
  | 'password_changed'
  | 'factor_changed'
  | 'wrong_codes'
  | 'key_made'
  | 'new_email'
  | 'email_changed'
  | 'email_left'
  | 'phone_changed'
type Words = { subject: string; lines: string[]; button: string }
type Both = { en: Words; sw: Words }

const TEXTS: Record<Purpose, Both> = {
  verify_email: {
    en: {
      subject: 'Is this your e-mail?',
      lines: [
        'You have opened an account with gari. Tell us that this address is yours, so that we can help you when you forget your password.',
        'The link is good for a day. Was it not you? Then do nothing.',
      ],
      button: 'Yes, it is mine',
    },
    sw: {
      subject: 'Je, hii ni barua pepe yako?',
      lines: [
        'Umefungua akaunti kwa gari. Tuthibitishie kwamba anwani hii ni yako, ili tukusaidie ukisahau nywila.',
        'Kiungo kinatumika kwa siku moja. Kama si wewe, usifanye chochote.',
      ],
      button: 'Ndiyo, ni yangu',
    },
  },
  reset_password: {
    en: {
      subject: 'Choose a new password',
      lines: [
        'Somebody asked for a new password for your account with gari. If it was you, choose one here.',
        'The link is good for an hour, once. Was it not you? Then do nothing; your password stays as it is.',
      ],
      button: 'Choose a new password',
    },
    sw: {
      subject: 'Chagua nywila mpya',
      lines: [
        'Mtu ameomba nywila mpya ya akaunti yako ya gari. Kama ni wewe, chagua hapa.',
        'Kiungo kinatumika kwa saa moja, mara moja. Kama si wewe, usifanye chochote; nywila yako inabaki ilivyo.',
      ],
      button: 'Chagua nywila mpya',
    },
  },
  invitation: {
    en: {
      subject: 'Your account with gari',
      lines: [
        'An account for your work with gari was opened for you. Choose your password to begin.',
        'The link is good for a week, once.',
      ],
      button: 'Choose my password',
    },
    sw: {
      subject: 'Akaunti yako ya gari',
      lines: [
        'Umefunguliwa akaunti ya kazi yako na gari. Chagua nywila yako ili uanze.',
        'Kiungo kinatumika kwa wiki moja, mara moja.',
      ],
      button: 'Chagua nywila yangu',
    },
  },
  password_changed: {
    en: {
      subject: 'Your password was changed',
      lines: [
        'The password of your account with gari was changed just now, and every other device was signed out.',
        'Was it not you? Then choose a new one at once, within a day, by this link.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Nywila yako imebadilishwa',
      lines: [
        'Nywila ya akaunti yako ya gari imebadilishwa sasa hivi, na vifaa vingine vyote vimetolewa.',
        'Si wewe? Basi chagua nyingine mara moja, ndani ya siku moja, kwa kiungo hiki.',
      ],
      button: 'Si mimi',
    },
  },
  factor_changed: {
    en: {
      subject: 'Your second step was changed',
      lines: [
        'How you sign in to your account with gari was changed just now: an app or a passkey was added, or taken away.',
        'Was it not you? Then choose a new password at once, within a day, by this link, and call us.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Hatua yako ya pili imebadilishwa',
      lines: [
        'Jinsi unavyoingia kwenye akaunti yako ya gari imebadilishwa sasa hivi: programu au ufunguo wa siri umeongezwa, au umeondolewa.',
        'Si wewe? Basi chagua nywila mpya mara moja, ndani ya siku moja, kwa kiungo hiki, kisha utupigie simu.',
      ],
      button: 'Si mimi',
    },
  },
  wrong_codes: {
    en: {
      subject: 'Somebody may know your password',
      lines: [
        'Somebody typed the right password of your account with gari just now, and then several wrong codes. They are not in.',
        'Was it not you? Then choose a new password at once, within a day, by this link. Was it you? Then do nothing.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Huenda mtu anajua nywila yako',
      lines: [
        'Mtu ameandika nywila sahihi ya akaunti yako ya gari sasa hivi, kisha misimbo kadhaa isiyo sahihi. Hajaingia.',
        'Si wewe? Basi chagua nywila mpya mara moja, ndani ya siku moja, kwa kiungo hiki. Kama ni wewe, usifanye chochote.',
      ],
      button: 'Si mimi',
    },
  },
  key_made: {
    en: {
      subject: 'A new key to your account',
      lines: [
        'A key for a program was made with your account with gari just now. Whoever has it can do what it may do.',
        'Was it not you? Then choose a new password at once, within a day, by this link: that takes back your keys. For a program that was registered, call us.',
      ],
      button: 'It was not me',
    },
    sw: {
      subject: 'Ufunguo mpya wa akaunti yako',
      lines: [
        'Ufunguo wa programu umetengenezwa kwa akaunti yako ya gari sasa hivi. Aliye nao anaweza kufanya kinachoruhusiwa.',
        'Si wewe? Basi chagua nywila mpya mara moja, ndani ya siku moja, kwa kiungo hiki: hiyo inaondoa funguo zako. Kwa programu iliyosajiliwa, tupigie simu.',
      ],
      button: 'Si mimi',
    },
  },
  ...CONTACT_MAILS,
}

const HELLO = { en: 'Hello', sw: 'Habari' } as const
const BYE = { en: 'gari', sw: 'gari' } as const

/** `detail`: of a key or a program, how it begins and what it may do. */
type Facts = {
  purpose: Purpose
  language: 'en' | 'sw'
  link: string
  detail?: { beginning: string; scopes: readonly string[] } | null
}

const NAMED = {
  en: ({ beginning, scopes }: NonNullable<Facts['detail']>) =>
    `It begins with ${beginning} and may: ${scopes.join(', ')}.`,
  sw: ({ beginning, scopes }: NonNullable<Facts['detail']>) =>
    `Unaanza na ${beginning} na unaruhusiwa: ${scopes.join(', ')}.`,
} as const

/** Without a name: whoever registers chooses it, and the address may be a stranger's. What opens nothing has no link. */
export function letterOf(
  { subject, lines, button }: Words,
  language: 'en' | 'sw',
  link: string | null,
): Omit<Message, 'sms'> {
  const paragraphs = [`${HELLO[language]},`, ...lines]
  const press = link === null ? [] : [`${button}: ${link}`]
  return {
    subject,
    paragraphs,
    text: [...paragraphs, ...press, BYE[language]].join('\n\n'),
    button: link === null ? { text: '', link: '' } : { text: button, link },
  }
}

export function accountMail({ purpose, language, link, detail }: Facts): Omit<Message, 'sms'> {
  const { lines, ...words } = TEXTS[purpose][language]
  const named = detail ? [NAMED[language](detail)] : []
  const said = [...lines.slice(0, 1), ...named, ...lines.slice(1)]
  return letterOf({ ...words, lines: said }, language, purpose === 'email_left' ? null : link)
}

/** What we write to somebody who wants to be forgotten, in their language; without a name, as it is about to go. */
import { needText, type LetterKind, type Need } from './erasures.ts'
import type { Message } from './notifications.ts'
import { timeText } from './time-words.ts'

type Facts = {
  kind: LetterKind
  needs: readonly Need[]
  dueAt: Date
  language: 'en' | 'sw'
  /** Where it is taken back. */
  link: string
}
type Words = { subject: string; lines: string[]; button: string }

const EN = ({ needs, dueAt }: Facts): Record<LetterKind, Words> => ({
  asked: {
    subject: 'We will erase what we hold about you',
    lines: [
      `You asked us to erase what we hold about you. We begin on ${timeText(dueAt, 'en')}. Until then you can take it back by signing in.`,
      'Was it not you? Then sign in, take it back, and change your password.',
    ],
    button: 'Take it back',
  },
  delayed: {
    subject: 'We cannot erase your data yet',
    lines: [
      `You asked us to erase what we hold about you. We cannot yet, because there is ${needText(needs, 'en')}.`,
      'We look again every day and begin as soon as that is over.',
    ],
    button: 'See how it stands',
  },
  taken_back: {
    subject: 'Your data stays',
    lines: ['The wish to erase what we hold about you was taken back. Your account is as before.'],
    button: 'Open my account',
  },
  refused: {
    subject: 'We could not erase your data',
    lines: [
      `You asked us to erase what we hold about you. We did not, because there is ${needText(needs, 'en')}. Ask again when that is over.`,
      'You may complain to the Office of the Data Protection Commissioner (odpc.go.ke).',
    ],
    button: 'See how it stands',
  },
  done: {
    subject: 'We erase what we hold about you',
    lines: [
      'Your account is closed, and your name, phone, e-mail and everything else by which you are known is erased.',
      'What the law asks us to keep stays: sums and receipt numbers without your name, and tax documents with the name of their buyer for five years after the end of their year.',
      'This is our last letter to you.',
    ],
    button: 'How we treat your data',
  },
})

const SW = ({ needs, dueAt }: Facts): Record<LetterKind, Words> => ({
  asked: {
    subject: 'Tutafuta taarifa zako tulizonazo',
    lines: [
      `Umeomba tufute taarifa zako tulizonazo. Tutaanza ${timeText(dueAt, 'sw')}. Hadi wakati huo unaweza kughairi kwa kuingia kwenye akaunti.`,
      'Si wewe? Basi ingia, ghairi, na ubadilishe nywila yako.',
    ],
    button: 'Ghairi',
  },
  delayed: {
    subject: 'Bado hatuwezi kufuta taarifa zako',
    lines: [
      `Umeomba tufute taarifa zako tulizonazo. Bado hatuwezi, kwa sababu kuna ${needText(needs, 'sw')}.`,
      'Tunaangalia tena kila siku na tutaanza mara tu hilo likiisha.',
    ],
    button: 'Ona hali ilivyo',
  },
  taken_back: {
    subject: 'Taarifa zako zinabaki',
    lines: ['Ombi la kufuta taarifa zako limeghairiwa. Akaunti yako iko kama zamani.'],
    button: 'Fungua akaunti yangu',
  },
  refused: {
    subject: 'Hatukuweza kufuta taarifa zako',
    lines: [
      `Umeomba tufute taarifa zako tulizonazo. Hatukufuta, kwa sababu kuna ${needText(needs, 'sw')}. Omba tena hilo likiisha.`,
      'Unaweza kulalamika kwa Ofisi ya Kamishna wa Ulinzi wa Data (odpc.go.ke).',
    ],
    button: 'Ona hali ilivyo',
  },
  done: {
    subject: 'Tunafuta taarifa zako tulizonazo',
    lines: [
      'Akaunti yako imefungwa, na jina, simu, barua pepe na vyote vinavyokutambulisha vinafutwa.',
      'Kinachotakiwa na sheria kinabaki: kiasi na namba za risiti bila jina lako, na hati za kodi zenye jina la mnunuzi kwa miaka mitano baada ya mwaka wake kuisha.',
      'Hii ni barua yetu ya mwisho kwako.',
    ],
    button: 'Tunavyotunza taarifa zako',
  },
})

const HELLO = { en: 'Hello', sw: 'Habari' } as const

export function erasureLetter(facts: Facts): Message {
  const { kind, language, link } = facts
  const { subject, lines, button } = (language === 'sw' ? SW : EN)(facts)[kind]
  const paragraphs = [`${HELLO[language]},`, ...lines]
  const text = [...paragraphs, `${button}: ${link}`, 'gari'].join('\n\n')
  const [first = ''] = lines
  return {
    subject,
    paragraphs,
    text,
    sms: `gari: ${first} ${link}`,
    button: { text: button, link },
  }
}

/** The letter that says that a copy is ready, in its reader's language. It says nothing of what is in it. */
import type { Message } from './notifications.ts'
import { timeText } from './time-words.ts'

type Facts = { expiresAt: Date; language: 'en' | 'sw'; link: string }
type Words = { hello: string; subject: string; lines: string[]; button: string }

const EN = (until: string): Words => ({
  hello: 'Hello',
  subject: 'Your copy of what we hold about you is ready',
  lines: [
    'The copy of what we hold about you is ready, for people (PDF) and for programs (JSON). Sign in to fetch it.',
    `It lies ready until ${until}; then it is deleted.`,
    'Was it not you who asked? Then sign in and change your password.',
  ],
  button: 'Fetch it',
})

const SW = (until: string): Words => ({
  hello: 'Habari',
  subject: 'Nakala ya taarifa zako tulizonazo iko tayari',
  lines: [
    'Nakala ya taarifa zako tulizonazo iko tayari, kwa watu (PDF) na kwa programu (JSON). Ingia ili uichukue.',
    `Iko tayari hadi ${until}; kisha inafutwa.`,
    'Si wewe uliyeiomba? Basi ingia na ubadilishe nywila yako.',
  ],
  button: 'Ichukue',
})

export function exportLetter({ expiresAt, language, link }: Facts): Message {
  const until = timeText(expiresAt, language)
  const { hello, subject, lines, button } = (language === 'sw' ? SW : EN)(until)
  const paragraphs = [`${hello},`, ...lines]
  return {
    subject,
    paragraphs,
    text: [...paragraphs, `${button}: ${link}`, 'gari'].join('\n\n'),
    sms: `gari: ${subject}. ${link}`,
    button: { text: button, link },
  }
}

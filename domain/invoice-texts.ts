/** The words of e-mails that carry a document, in the reader's language. The document itself is in English. */
import { dayText } from './invoice-words.ts'
import { formatKes, type Cents } from './money.ts'

export type MailTemplate =
  'invoice' | 'credit_note' | 'before_due' | 'due' | 'overdue_7' | 'overdue_14'
export type MailFacts = {
  name: string
  number: string
  ownerNumber: string
  gross: Cents
  open: Cents
  dueAt: Date
  paybill: string
  link: string
}
type Words = { subject: string; lines: string[] }

const HOW = {
  en: 'Pay by M-Pesa: Lipa na M-Pesa, Paybill {paybill}, account {owner}.',
  sw: 'Lipa kwa M-Pesa: Lipa na M-Pesa, Paybill {paybill}, akaunti {owner}.',
}
const ATTACHED = { en: 'It is attached as a PDF.', sw: 'Imeambatishwa kama PDF.' }

const TEXTS: Record<'en' | 'sw', Record<MailTemplate, Words>> = {
  en: {
    invoice: {
      subject: 'Invoice {number}',
      lines: ['Here is invoice {number} over {gross} for {owner}.', ATTACHED.en],
    },
    credit_note: {
      subject: 'Credit note {number}',
      lines: ['Here is credit note {number} over {gross} for {owner}.', ATTACHED.en],
    },
    before_due: {
      subject: 'Invoice {number} is due on {due}',
      lines: ['{open} of invoice {number} are due on {due}.', HOW.en],
    },
    due: {
      subject: 'Invoice {number} is due today',
      lines: ['{open} of invoice {number} are due today.', HOW.en],
    },
    overdue_7: {
      subject: 'Invoice {number} is overdue',
      lines: ['{open} of invoice {number} were due on {due}.', HOW.en],
    },
    overdue_14: {
      subject: 'Invoice {number} is two weeks overdue',
      lines: [
        '{open} of invoice {number} were due on {due}.',
        HOW.en,
        'If something is wrong with the invoice, answer this e-mail and we look at it together.',
      ],
    },
  },
  sw: {
    invoice: {
      subject: 'Ankara {number}',
      lines: ['Hii hapa ankara {number} ya {gross} kwa {owner}.', ATTACHED.sw],
    },
    credit_note: {
      subject: 'Hati ya marejesho {number}',
      lines: ['Hii hapa hati ya marejesho {number} ya {gross} kwa {owner}.', ATTACHED.sw],
    },
    before_due: {
      subject: 'Ankara {number} inatakiwa kulipwa {due}',
      lines: ['{open} za ankara {number} zinatakiwa kulipwa {due}.', HOW.sw],
    },
    due: {
      subject: 'Ankara {number} inatakiwa kulipwa leo',
      lines: ['{open} za ankara {number} zinatakiwa kulipwa leo.', HOW.sw],
    },
    overdue_7: {
      subject: 'Ankara {number} imechelewa',
      lines: ['{open} za ankara {number} zilitakiwa kulipwa {due}.', HOW.sw],
    },
    overdue_14: {
      subject: 'Ankara {number} imechelewa wiki mbili',
      lines: [
        '{open} za ankara {number} zilitakiwa kulipwa {due}.',
        HOW.sw,
        'Kama kuna kosa kwenye ankara, jibu barua pepe hii tuliangalie pamoja.',
      ],
    },
  },
}

const HELLO = { en: 'Hello {name},', sw: 'Habari {name},' }
const OPEN = { en: 'Open your documents', sw: 'Fungua hati zako' }
const BYE = { en: 'Safe travels,\ngari', sw: 'Safari njema,\ngari' }

/** In the shape that views/emails prints. */
export function documentMail(template: MailTemplate, facts: MailFacts, language: 'en' | 'sw') {
  const values: Record<string, string> = {
    name: facts.name,
    number: facts.number,
    owner: facts.ownerNumber,
    gross: formatKes(facts.gross),
    open: formatKes(facts.open),
    due: dayText(new Date(facts.dueAt.getTime() - 1)),
    paybill: facts.paybill,
  }
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
  const { subject, lines } = TEXTS[language][template]
  const paragraphs = [HELLO[language], ...lines].map(fill)
  const button = { text: OPEN[language], link: facts.link }
  const text = [...paragraphs, `${button.text}: ${button.link}`, BYE[language]].join('\n\n')
  return { subject: fill(subject), paragraphs, button, text }
}

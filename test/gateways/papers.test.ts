/** All that we hold, on paper: in the language of whoever reads it, times as in Nairobi, money as people write it. */
import { expect, it } from '@jest/globals'
import { toPaper } from '../../domain/export-paper.ts'
import type { Gathered } from '../../domain/exports.ts'
import { createPapers } from '../../gateways/papers.ts'
import { textOfPdf } from '../support/pdf-text.ts'
import { photograph } from '../support/pictures.ts'

const papers = createPapers()
const about = {
  controller: { name: 'Gari Car Rental Ltd', contact: 'privacy@gari.test' },
  madeAt: new Date('2026-11-22T22:30:00Z'),
}
const LONG = 'A seat for a child, and room for a wheelchair. '.repeat(400)
const gathered = (requests: string): Gathered => [
  {
    section: {
      name: 'account',
      title: ['You', 'Wewe'],
      kind: 'account',
      fields: { first_name: 'words', last_name: 'words', customer_number: 'code', notes: 'words' },
    },
    records: [
      { first_name: 'Wanjikũ', last_name: 'Kamaũ', customer_number: 'CUS-000123', notes: null },
    ],
  },
  {
    section: {
      name: 'bookings',
      title: ['Bookings', 'Nafasi ulizohifadhi'],
      kind: 'bookings',
      fields: { status: 'code', total: 'money', pickup_at: 'time', special_requests: 'words' },
    },
    records: Array.from({ length: 30 }, () => ({
      status: 'confirmed',
      total: '4500.00',
      pickup_at: '2026-11-27T10:00:00.000+03:00',
      special_requests: requests,
    })),
  },
  {
    section: {
      name: 'refunds',
      title: ['Money that went back', 'Pesa zilizorudishwa'],
      kind: 'refunds',
      fields: { amount: 'money' },
    },
    records: [],
  },
]

it('says whose it is, what stands there, why and how long, and what is not known not at all', async () => {
  const paper = toPaper(gathered('None'), { ...about, language: 'en' })
  const { text, pages } = await textOfPdf(await papers.print(paper))
  expect(pages).toBeGreaterThan(1)
  for (const part of [
    'What we hold about you',
    'Wanjikũ Kamaũ CUS-000123',
    'Mon 23 Nov 2026, 01:30, Nairobi time',
    'privacy@gari.test',
    'Why: to do what you booked. Kept: five years after the end of its year.',
    'KSh 4,500',
    'Fri 27 Nov 2026, 10:00',
    'Nothing.',
    `gari · What we hold about you · ${pages}`,
  ])
    expect(text).toContain(part)
  expect(text).not.toContain('What we noted')
})

it('speaks Swahili to whoever does', async () => {
  const paper = toPaper(gathered('Kiti cha mtoto'), { ...about, language: 'sw' })
  const { text } = await textOfPdf(await papers.print(paper))
  for (const part of ['Taarifa zako tulizonazo', 'imethibitishwa', 'Hakuna.', 'Jtatu 23 Nov 2026'])
    expect(text).toContain(part)
  expect(text).not.toContain('Nothing')
})

it('holds what is longer than a page to its last word, and gives signs of life', async () => {
  let beats = 0
  const paper = toPaper(gathered(`${LONG} to the end`), { ...about, language: 'en' })
  const { text } = await textOfPdf(await papers.print(paper, () => (beats += 1)))
  expect(text.match(/to the end/g)).toHaveLength(30)
  expect(beats).toBeGreaterThan(1)
})

it('shows the pictures of papers beside their name, as many as there are, and no letter of their bytes', async () => {
  const jpeg = await photograph({ width: 800, height: 500 })
  const tall = await photograph({ width: 500, height: 800 })
  const papersOf = (pictures: (Buffer | null)[]): Gathered => [
    {
      section: {
        name: 'papers',
        title: ['Pictures of your id and licence', 'Picha za kitambulisho na leseni yako'],
        kind: 'identity',
        fields: { kind: 'code', picture: 'picture' },
      },
      records: pictures.map((one) => ({
        kind: 'passport',
        picture: one?.toString('base64') ?? null,
      })),
    },
  ]
  const pictures = [jpeg, null, tall, jpeg, tall, jpeg]
  const pdf = await papers.print(toPaper(papersOf(pictures), { ...about, language: 'sw' }))
  expect(pdf.includes(jpeg) && pdf.includes(tall)).toBe(true)
  const { text, pages } = await textOfPdf(pdf)
  expect(pages).toBeGreaterThan(1)
  expect(text.match(/passport/g)).toHaveLength(pictures.length)
  expect(text.match(/Picha(?! za)/g)).toHaveLength(pictures.length - 1)
  expect(text).not.toContain(jpeg.toString('base64').slice(0, 20))
})

/** Prints long papers for people, such as all that we hold about somebody. Other work goes on between its records. */
import { fileURLToPath } from 'node:url'
import { setImmediate as breathe } from 'node:timers/promises'
import Pdf from 'pdfkit'
import type { Paper, PaperLine, PaperSection } from '../domain/export-paper.ts'

export type Papers = { print: (paper: Paper, beat?: () => void) => Promise<Buffer> }

const font = (name: string) =>
  fileURLToPath(new URL(`./fonts/LiberationSans-${name}.ttf`, import.meta.url))
const [REGULAR, BOLD] = [font('Regular'), font('Bold')]
const PAGE = { left: 50, right: 545, top: 64, bottom: 780 }
const WIDTH = PAGE.right - PAGE.left
const HEAD_Y = 34
const LABEL_WIDTH = 150
const VALUE_LEFT = PAGE.left + LABEL_WIDTH + 10
const VALUE_WIDTH = PAGE.right - VALUE_LEFT
const [SMALL, TEXT, MIDDLE, LARGE] = [8, 9.5, 14, 20]
const GREEN = '#0b6e4f'
const QUIET = '#5c6053'
/** A page takes some forty lines; so many records are printed before others have their turn. */
const AT_ONCE = 20

type Sheet = InstanceType<typeof Pdf>

export const createPapers = (): Papers => ({
  print: async (paper, beat = () => undefined) => {
    const sheet = new Pdf({
      size: 'A4',
      margins: { top: PAGE.top, left: PAGE.left, right: PAGE.left, bottom: 40 },
      autoFirstPage: false,
      info: { Title: paper.title, Author: paper.author, CreationDate: paper.madeAt },
    })
    const done = collect(sheet)
    let page = 0
    sheet.on('pageAdded', () => printHead(sheet, `${paper.head} · ${(page += 1)}`))
    sheet.addPage()
    printTitle(sheet, paper)
    for (const section of paper.sections) await printSection(sheet, section, beat)
    sheet.end()
    return done
  },
})

const collect = (sheet: Sheet): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    sheet.on('data', (chunk: Buffer) => chunks.push(chunk))
    sheet.on('end', () => resolve(Buffer.concat(chunks)))
    sheet.on('error', reject)
  })

const write = (sheet: Sheet, words: string, size: number, color = 'black', bold = false): void => {
  sheet
    .font(bold ? BOLD : REGULAR)
    .fontSize(size)
    .fillColor(color)
    .text(words, PAGE.left, undefined, { width: WIDTH })
}

function printHead(sheet: Sheet, words: string): void {
  sheet.font(REGULAR).fontSize(SMALL).fillColor(QUIET)
  sheet.text(words, PAGE.left, HEAD_Y, { lineBreak: false })
  sheet.x = PAGE.left
  sheet.y = PAGE.top
}

function printTitle(sheet: Sheet, { title, lead }: Paper): void {
  write(sheet, title, LARGE, GREEN, true)
  sheet.moveDown(0.5)
  for (const words of lead) {
    write(sheet, words, TEXT)
    sheet.moveDown(0.3)
  }
}

const needRoom = (sheet: Sheet, height: number): void => {
  if (sheet.y + height > PAGE.bottom) sheet.addPage()
}

const HEADING_ROOM = 80

async function printSection(
  sheet: Sheet,
  { title, lead, none, records }: PaperSection,
  beat: () => void,
): Promise<void> {
  needRoom(sheet, HEADING_ROOM)
  sheet.moveDown(1)
  write(sheet, title, MIDDLE, GREEN, true)
  write(sheet, lead, SMALL, QUIET)
  sheet.moveDown(0.5)
  if (records.length === 0) write(sheet, none, TEXT, QUIET)
  for (const [index, lines] of records.entries()) {
    if (index > 0) rule(sheet)
    for (const line of lines) printLine(sheet, line)
    if (index % AT_ONCE !== 0) continue
    beat()
    await breathe()
  }
}

const rule = (sheet: Sheet): void => {
  needRoom(sheet, TEXT)
  sheet.y += 3
  sheet.moveTo(PAGE.left, sheet.y).lineTo(PAGE.right, sheet.y).lineWidth(0.5).stroke('#dedbd0')
  sheet.y += 6
}

/** Never higher than a page, so that nothing breaks but where a line of ours ends. */
const PIECE_LETTERS = 1_500
const piecesOf = (value: string): string[] =>
  value.replaceAll(/\s+/g, ' ').match(new RegExp(`.{1,${PIECE_LETTERS}}`, 'gsu')) ?? ['']

function printLine(sheet: Sheet, { label, value, picture }: PaperLine): void {
  if (picture) return printPicture(sheet, label, Buffer.from(picture, 'base64'))
  for (const [index, piece] of piecesOf(value).entries())
    printPiece(sheet, index === 0 ? label : '', piece)
}

/** High enough for a card that lies; one that stands is as high. */
const PICTURE_HEIGHT = 220

function printPicture(sheet: Sheet, label: string, jpeg: Buffer): void {
  needRoom(sheet, PICTURE_HEIGHT)
  const top = sheet.y
  sheet.font(REGULAR).fontSize(TEXT).fillColor(QUIET)
  sheet.text(label, PAGE.left, top, { width: LABEL_WIDTH })
  sheet.image(jpeg, VALUE_LEFT, top, { fit: [VALUE_WIDTH, PICTURE_HEIGHT] })
  sheet.x = PAGE.left
  sheet.y = top + PICTURE_HEIGHT + 4
}

function printPiece(sheet: Sheet, label: string, piece: string): void {
  sheet.font(REGULAR).fontSize(TEXT)
  const height = Math.max(
    sheet.heightOfString(piece, { width: VALUE_WIDTH }),
    sheet.heightOfString(label, { width: LABEL_WIDTH }),
  )
  needRoom(sheet, height)
  sheet.font(REGULAR).fontSize(TEXT)
  const top = sheet.y
  sheet.fillColor(QUIET).text(label, PAGE.left, top, { width: LABEL_WIDTH })
  sheet.fillColor('black').text(piece, VALUE_LEFT, top, { width: VALUE_WIDTH })
  sheet.x = PAGE.left
  sheet.y = top + height + 1
}

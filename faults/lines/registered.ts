/** The revenue authority's own book, beside ours: each document once, for the same money, and none that nobody made. */
import { word } from '../checker/words.ts'
import type { Plant, Registered, Rule, World } from '../checker/world.ts'
import { isAnyLost, TOLD_BY } from './lost-documents.ts'

type Ours = { number: string; gross: string; vat: string; credits: string | null; known: boolean }
const OURS = `SELECT number, gross_cents AS gross, vat_cents AS vat, NULL AS credits,
      etims_status = ${word('invoices.etims_status', 'registered')} AS known
    FROM invoices WHERE number IS NOT NULL
  UNION ALL SELECT n.number, n.gross_cents, n.vat_cents, i.number,
      n.etims_status = ${word('credit_notes.etims_status', 'registered')}
    FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id`

const inCents = (shillings: number): number => Math.round(shillings * 100)
/** As one line, to be compared with the other book's. */
const ourLine = ({ number, gross, vat, credits }: Ours): string =>
  `${number}, ${gross} cents with ${vat} of tax${credits ? ` back from ${credits}` : ''}`

/** The authority counts by numbers of its own, so what a note takes back is found by them. */
function theirLine({ trdInvcNo, totAmt, totTaxAmt, credits }: Registered, all: Registered[]) {
  const original = all.find(({ invcNo }) => invcNo === credits)?.trdInvcNo ?? `${credits}`
  const back = credits === null ? '' : ` back from ${original}`
  return `${trdInvcNo}, ${inCents(totAmt)} cents with ${inCents(totTaxAmt)} of tax${back}`
}

async function notInTheirBook({ sql, registered }: World): Promise<string[]> {
  const theirs = new Set(registered.map((one) => theirLine(one, registered)))
  const ours = await sql<Ours>(OURS)
  return ours
    .filter(({ known }) => known)
    .map(ourLine)
    .filter((line) => !theirs.has(line))
}

/** After a restore the authority knows documents that our books have no more: those of which Kafka tells as well. */
async function notInOurBooks(world: World): Promise<string[]> {
  const { sql, registered } = world
  const ours = new Set((await sql<Ours>(OURS)).map(ourLine))
  const found: string[] = []
  for (const one of registered) {
    const line = theirLine(one, registered)
    if (ours.has(line)) continue
    const told = TOLD_BY[one.trdInvcNo.split('-')[0] ?? '']
    if (!told || !(await isAnyLost(world, told))) found.push(line)
  }
  return found
}

async function registeredTwice({ registered }: World): Promise<string[]> {
  const numbers = registered.map(({ trdInvcNo }) => trdInvcNo)
  return [...new Set(numbers.filter((number, nth) => numbers.indexOf(number) !== nth))]
}

const withBook =
  (edit: (book: Registered[]) => Registered[]): Plant =>
  (world) => ({ ...world, registered: edit(world.registered) })

export const registeredRules: Rule[] = [
  {
    name: 'what we call registered is in the authority’s book, for the same money',
    kind: 'lost',
    broken: notInTheirBook,
    plant: withBook((book) => book.map((one) => ({ ...one, totTaxAmt: one.totTaxAmt + 1 }))),
  },
  {
    name: 'the authority knows no document that we did not make',
    kind: 'wrong',
    broken: notInOurBooks,
    plant: withBook((book) => [
      ...book,
      { trdInvcNo: 'XXX-26-000001', invcNo: 1, credits: null, totAmt: 1, totTaxAmt: 0 },
    ]),
  },
  {
    name: 'the authority has each document once',
    kind: 'doubled',
    broken: registeredTwice,
    plant: withBook((book) => [...book, ...book]),
  },
]

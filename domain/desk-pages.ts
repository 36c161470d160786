/** What the pages of the desk's money show. Forms hold what was typed, as text. */
import type { Company } from './companies.ts'
import type { DayClose, DayFigures } from './day-close.ts'
import type { FieldProblem } from './errors.ts'
import type { Cents } from './money.ts'
import type { LocationChoice, PartyShare } from './pages.ts'
import type { RefundLine } from './refund-pages.ts'
import type { Denomination, TenderMethod } from './tenders.ts'
import type { Till, TillMovement, TillSession } from './tills.ts'

export type TakingForm = {
  amount: string
  given: string
  keepChange: boolean
  terminal: string
  slip: string
  reference: string
  companyId: string
  partyId: string
  paymentId: string
}

/** Set once the form is in order: what will happen, before it happens. */
export type TakingCheck = {
  amount: Cents
  booked: Cents
  change: Cents
  pieces: { value: Denomination; count: number }[]
}

/** What is paid at the desk: a booking, or a charge. */
export type TakenThing = {
  number: string
  balance: Cents
  parties: Pick<PartyShare, 'id' | 'name' | 'share' | 'paid'>[]
  takePath: string
  back: { path: string; text: string }
  /** What happens while a bank transfer is on its way. */
  meanwhile: string
}

export type TakingPage = {
  thing: TakenThing
  customerName: string
  method: TenderMethod
  form: TakingForm
  check: TakingCheck | null
  companies: { id: string; name: string; room: Cents }[]
  credit: Cents
  till: string | null
  problems: FieldProblem[]
}

export type TillForm = Record<string, string>
export type TillPage = {
  session: TillSession | null
  movements: TillMovement[]
  /** Refunds for which the customer comes to the desk. */
  cashRefunds: Pick<RefundLine, 'id' | 'ownerNumber' | 'amount' | 'requestedAt'>[]
  tills: Till[]
  /** For whoever may make a till; empty otherwise. */
  places: Pick<LocationChoice, 'code' | 'name'>[]
  form: TillForm
  problems: FieldProblem[]
  ids: { session: string; deposit: string; till: string }
  now: Date
}

export type CompaniesPage = { rows: Company[] }
export type CompanyPage = {
  company: Company | null
  form: Record<string, string>
  problems: FieldProblem[]
}

export type DayClosePage = {
  day: string
  figures: DayFigures[]
  close: DayClose | null
  over: boolean
  closeId: string
  form: Record<string, string>
  problems: FieldProblem[]
}

export type TransferRow = {
  paymentId: string
  ownerId: string
  ownerNumber: string
  customerName: string
  amount: Cents
  reference: string
  announcedAt: Date
}
export type TransfersPage = { rows: TransferRow[]; problems: FieldProblem[]; now: Date }

/** The form that says who is billed for what of a booking or a charge; what was typed, always strings, always kept. */
import type { FieldProblem } from './errors.ts'
import type { Cents } from './money.ts'

/** `partyId` empty: somebody who is not among those who share it. `companyId` empty: a person. */
export type BillForm = Record<'partyId' | 'amount' | 'companyId' | 'name' | 'pin' | 'email', string>
export type BillingPage = {
  purpose: 'reservation' | 'charge'
  path: string
  backPath: string
  number: string
  /** What of it is in no invoice yet. */
  rest: Cents
  rows: BillForm[]
  /** Of the people of the rows, in the same order. */
  people: string[]
  companies: { value: string; text: string }[]
  /** As it was saved before, until everything is paid. */
  prepared: { name: string; amount: Cents }[]
  problems: FieldProblem[]
  /** Fresh for each page, so that a form sent twice is done once. */
  key: string
}

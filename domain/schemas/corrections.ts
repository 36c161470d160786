/** A correction as finance types it: a reason, and the right entry when there is one. */
import { z } from 'zod'
import { isAccount, unsoundness, type PostingForm } from '../ledger-pages.ts'
import type { Posting } from '../ledger.ts'
import { fromDecimal, negate, type Cents } from '../money.ts'

export const CORRECTION_ROWS = 4

export const correctionReason = z
  .string('Say why.')
  .trim()
  .min(3, 'Say why, so that others can follow it later.')
  .max(300, 'Say it in 300 letters.')
  .regex(/^[^\p{Cc}<>]*$/u, 'A reason cannot have the signs < and >, nor line breaks.')

const read = (text: string): Cents | null => fromDecimal(text.replaceAll(/[\s,]/g, ''))

function readRow({ account, debit, credit, subject }: PostingForm): Posting | string {
  if (!isAccount(account)) return 'Choose an account for each line.'
  if ((debit === '') === (credit === '')) return 'Write each line’s amount as debit or as credit.'
  const amount = read(debit || credit)
  if (amount === null || amount === 0) return 'Write amounts like 4500 or 4500.00.'
  return {
    account,
    amount: debit === '' ? negate(amount) : amount,
    subject: subject.slice(0, 100) || null,
  }
}

const isEmpty = (row: PostingForm): boolean => Object.values(row).every((text) => text === '')

/** Null when nothing was typed; a sentence when what was typed is no entry. */
export function readRightEntry(rows: readonly PostingForm[]): Posting[] | string | null {
  const typed = rows.filter((row) => !isEmpty(row)).map(readRow)
  if (typed.length === 0) return null
  const wrong = typed.find((one): one is string => typeof one === 'string')
  const postings = typed.filter((one): one is Posting => typeof one !== 'string')
  return wrong ?? unsoundness(postings) ?? postings
}

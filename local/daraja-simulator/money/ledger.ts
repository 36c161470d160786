import { openJournal } from '../../shell/journal.ts'
import { applyEntry, emptyBooks, type Books } from './books.ts'
import type { Entry } from './entries.ts'
import { reportOf, type LedgerReport } from './report.ts'

/** The simulator's own truth about money: on disk before anybody is told. */
export type Ledger = Books & {
  record: (entry: Entry) => void
  close: () => void
  isReceiptTaken: (receipt: string) => boolean
  /** What independent checkers compare Gari's books with. */
  report: () => LedgerReport
}

export const openLedger = (file: string): Ledger => {
  const { entries, journal } = openJournal<Entry>(file)
  const books = emptyBooks()
  const receipts = new Set<string>()
  const apply = (entry: Entry) => {
    applyEntry(books, entry)
    const receipt = receiptOf(entry)
    if (receipt) receipts.add(receipt)
  }
  entries.forEach(apply)
  let closed = false
  return {
    ...books,
    record: (entry) => {
      // A delivery may end after the stop. Its line is lost as a kill would have lost it.
      if (closed) return
      journal.append(entry)
      apply(entry)
    },
    close: () => {
      if (!closed) journal.close()
      closed = true
    },
    isReceiptTaken: (receipt) => receipts.has(receipt),
    report: () => reportOf(books),
  }
}

const receiptOf = (entry: Entry): string | null => {
  if (entry.kind === 'hand-payment') return entry.payment.receipt
  return 'receipt' in entry ? entry.receipt : null
}

import { openJournal } from '../shell/journal.ts'

/** What the authority answers of a document, for as long as anybody asks. */
export type Answered = {
  curRcptNo: number
  intrlData: string
  rcptSign: string
  sdcDateTime: string
}
export type Registered = Answered & {
  invcNo: number
  trdInvcNo: string
  /** A credit note: the invoice that it takes back. */
  credits: number | null
  totAmt: number
  totTaxAmt: number
}

export type EtimsBooks = {
  find: (invcNo: number) => Registered | undefined
  bySignature: (signature: string) => Registered | undefined
  /** Oldest first. */
  list: () => Registered[]
  add: (made: Registered) => void
  close: () => void
}

/** Without a file nothing outlives this process. */
export const openEtimsBooks = (file: string | null = null): EtimsBooks => {
  const { entries, journal } = file
    ? openJournal<Registered>(file)
    : { entries: [], journal: { append: () => undefined, close: () => undefined } }
  const books = new Map(entries.map((entry) => [entry.invcNo, entry]))
  return {
    find: (invcNo) => books.get(invcNo),
    bySignature: (signature) => [...books.values()].find(({ rcptSign }) => rcptSign === signature),
    list: () => [...books.values()],
    add: (made) => {
      journal.append(made)
      books.set(made.invcNo, made)
    },
    close: journal.close,
  }
}

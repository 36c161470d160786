/** What the pages with pictures of ids and licences show. */
import type { FieldProblem } from './errors.ts'
import type { IdentityDocument, IdentityKind } from './identity-documents.ts'

/** One kind, and what there is of it. */
export type IdentityCard = {
  kind: IdentityKind
  document: IdentityDocument | null
  /** Good for some minutes; null where it is not to be shown here. */
  pictureUrl: string | null
}

export type IdentityPage = {
  /** Of the page itself, to which its forms are sent. */
  path: string
  /** Null on one's own page. */
  customer: { id: string; name: string; number: string } | null
  cards: IdentityCard[]
  maySend: boolean
  licence: { number: string; expiresOn: string }
  problems: FieldProblem[]
  /** Beside the picture of which kind the problems stand. */
  wrong: IdentityKind | null
  done: IdentityKind | null
  now: Date
}

export type ReviewRow = {
  id: string
  kind: IdentityKind
  customerName: string
  customerNumber: string
  receivedAt: Date
}
export type ReviewListPage = { rows: ReviewRow[]; next: string | null; now: Date }

export type ReviewPage = {
  document: IdentityDocument
  customer: { id: string; name: string; number: string }
  /** Null before somebody asked to see it. */
  seen: { pictureUrl: string | null; bornOn: string | null } | null
  licence: { number: string | null; country: string; expiresOn: string | null } | null
  mayDecide: boolean
  form: Record<string, string>
  problems: FieldProblem[]
  now: Date
}

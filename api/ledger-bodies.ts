/** The ledger in the API's words, and as tables. */
import { z } from '@hono/zod-openapi'
import type { AccountBalance, EntryDetail, PostingLine } from '../domain/ledger-pages.ts'
import { CURRENCY, negate, toDecimal, ZERO, type Cents } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { Row } from './csv.ts'

const debitOf = (amount: Cents): Cents => (amount > 0 ? amount : ZERO)
const creditOf = (amount: Cents): Cents => (amount < 0 ? negate(amount) : ZERO)

export const accountBody = z
  .object({
    account: z.string(),
    number: z.number().int(),
    kind: z.string().openapi({ description: 'asset, liability, income or expense' }),
    name: z.string(),
    currency: z.string(),
    balance: z.string().openapi({ description: 'Debit positive, credit negative' }),
    postings: z.number().int(),
  })
  .openapi('LedgerAccount')

export const toAccountBody = (one: AccountBalance): z.infer<typeof accountBody> => ({
  account: one.account,
  number: one.number,
  kind: one.kind,
  name: one.name,
  currency: CURRENCY,
  balance: toDecimal(one.balance),
  postings: one.postings,
})

export const ACCOUNT_COLUMNS = ['number', 'account', 'kind', 'name', 'debit', 'credit', 'postings']
export const toAccountRow = (one: AccountBalance): Row => ({
  number: one.number,
  account: one.account,
  kind: one.kind,
  name: one.name,
  debit: toDecimal(debitOf(one.balance)),
  credit: toDecimal(creditOf(one.balance)),
  postings: one.postings,
})

export const entryBody = z
  .object({
    id: z.string(),
    kind: z.string(),
    reference: z.string(),
    description: z.string(),
    posted_at: z.string(),
    posted_by: z.string(),
    reverses: z.string().nullable(),
    reversed_by: z.string().nullable(),
    currency: z.string(),
    postings: z.array(
      z.object({ account: z.string(), subject: z.string().nullable(), amount: z.string() }),
    ),
  })
  .openapi('LedgerEntry')

export const toEntryBody = (one: EntryDetail): z.infer<typeof entryBody> => ({
  id: one.id,
  kind: one.kind,
  reference: one.reference,
  description: one.description,
  posted_at: toNairobiIso(one.at),
  posted_by: one.postedBy,
  reverses: one.reverses,
  reversed_by: one.reversedBy,
  currency: CURRENCY,
  postings: one.postings.map(({ account, subject, amount }) => ({
    account,
    subject,
    amount: toDecimal(amount),
  })),
})

export const ENTRY_COLUMNS = [
  'posted_at',
  'entry',
  'kind',
  'reference',
  'description',
  'account',
  'subject',
  'debit',
  'credit',
]
export const toEntryRows = (one: EntryDetail): Row[] =>
  one.postings.map(({ account, subject, amount }) => ({
    posted_at: toNairobiIso(one.at),
    entry: one.id,
    kind: one.kind,
    reference: one.reference,
    description: one.description,
    account,
    subject,
    debit: toDecimal(debitOf(amount)),
    credit: toDecimal(creditOf(amount)),
  }))

export const POSTING_COLUMNS = [
  'posted_at',
  'entry',
  'kind',
  'reference',
  'description',
  'subject',
  'debit',
  'credit',
  'balance',
]
export const toPostingRow = (one: PostingLine): Row => ({
  posted_at: toNairobiIso(one.at),
  entry: one.entryId,
  kind: one.kind,
  reference: one.reference,
  description: one.description,
  subject: one.subject,
  debit: toDecimal(debitOf(one.amount)),
  credit: toDecimal(creditOf(one.amount)),
  balance: toDecimal(one.running),
})

/** Reconciliation in the API's words. */
import { z } from '@hono/zod-openapi'
import type { FindingRow, LineRow, RunRow } from '../domain/reconciliation-pages.ts'
import { CURRENCY, toDecimal } from '../domain/money.ts'
import { toNairobiIso } from '../domain/time.ts'
import type { Row } from './csv.ts'

const money = z.string().nullable()

export const runBody = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ description: 'pull, full, statement or bank' }),
    status: z.string().openapi({ description: 'running, clean, differences or incomplete' }),
    from: z.string(),
    to: z.string(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    read_lines: z.number().int(),
    new_lines: z.number().int(),
    matched: z.number().int(),
    explained: z.number().int(),
    left_over: z.number().int(),
    currency: z.string(),
    ledger: money,
    provider: money,
    difference: money,
    notes: z.array(z.string()),
  })
  .openapi('Reconciliation')

export const toRunBody = (run: RunRow): z.infer<typeof runBody> => ({
  id: run.id,
  kind: run.kind,
  status: run.status,
  from: toNairobiIso(run.from),
  to: toNairobiIso(run.to),
  started_at: toNairobiIso(run.startedAt),
  finished_at: run.finishedAt && toNairobiIso(run.finishedAt),
  read_lines: run.readLines,
  new_lines: run.newLines,
  matched: run.matched,
  explained: run.explained,
  left_over: run.leftOver,
  currency: CURRENCY,
  ledger: run.ledger === null ? null : toDecimal(run.ledger),
  provider: run.provider === null ? null : toDecimal(run.provider),
  difference: run.difference === null ? null : toDecimal(run.difference),
  notes: run.notes,
})

export const lineBody = z
  .object({
    id: z.string(),
    source: z.string(),
    key: z.string().openapi({ description: 'M-Pesa’s receipt, where there is one' }),
    direction: z.string(),
    nature: z.string().openapi({ description: 'money, charge or transfer' }),
    currency: z.string(),
    amount: z.string(),
    at: z.string(),
    reference: z.string().nullable(),
    state: z.string().openapi({ description: 'open, matched or explained' }),
    matched_to: z.string().nullable(),
    explanation: z.string().nullable(),
  })
  .openapi('ProviderLine')

export const toLineBody = (line: LineRow): z.infer<typeof lineBody> => ({
  id: line.id,
  source: line.source,
  key: line.key,
  direction: line.direction,
  nature: line.nature,
  currency: CURRENCY,
  amount: toDecimal(line.amount),
  at: toNairobiIso(line.at),
  reference: line.reference,
  state: line.state,
  matched_to: line.matchedTo,
  explanation: line.explanation,
})
export const LINE_COLUMNS = [
  'at',
  'source',
  'key',
  'direction',
  'nature',
  'amount',
  'reference',
  'state',
  'matched_to',
  'explanation',
]
export const toLineRow = (line: LineRow): Row => toLineBody(line)

export const findingBody = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string(),
    detail: z.string().nullable(),
    currency: z.string(),
    amount: z.string(),
    expected: money,
    payment_id: z.string().nullable(),
    opened_at: z.string(),
  })
  .openapi('ReconciliationFinding')

export const toFindingBody = (one: FindingRow): z.infer<typeof findingBody> => ({
  id: one.id,
  kind: one.kind,
  subject: one.subject,
  detail: one.detail,
  currency: CURRENCY,
  amount: toDecimal(one.amount),
  expected: one.expected === null ? null : toDecimal(one.expected),
  payment_id: one.paymentId,
  opened_at: toNairobiIso(one.openedAt),
})

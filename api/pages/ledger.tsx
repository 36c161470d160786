/** The ledger's pages: read by finance and managers, corrected by finance. */
import { Hono, type Context } from 'hono'
import { BusinessError, type FieldProblem } from '../../domain/errors.ts'
import type { EntryPage, PostingForm } from '../../domain/ledger-pages.ts'
import { isAccount } from '../../domain/ledger-pages.ts'
import { mayAgreeToCorrection, mayCorrectLedger, maySeeLedger } from '../../domain/policies.ts'
import {
  correctionReason,
  CORRECTION_ROWS,
  readRightEntry,
} from '../../domain/schemas/corrections.ts'
import { DAY_MS, parseTime } from '../../domain/time.ts'
import { inTransaction } from '../../db/connection.ts'
import { findWaitingCorrection } from '../../db/correction-wishes.ts'
import {
  agreeToCorrection,
  declineCorrection,
  postCorrection,
} from '../../db/ledger-corrections.ts'
import { findEntry, listPostings, readAccounts, sumOf } from '../../db/ledger-reads.ts'
import { AccountView } from '../../views/ledger-account.tsx'
import { LedgerView } from '../../views/ledger.tsx'
import { EntryView } from '../../views/ledger-entry.tsx'
import { csvResponse, wantsCsv } from '../csv.ts'
import type { ApiDeps, Env } from '../deps.ts'
import { idParam } from '../input.ts'
import { ACCOUNT_COLUMNS, POSTING_COLUMNS, toAccountRow, toPostingRow } from '../ledger-bodies.ts'
import { assertCsrf } from '../sessions.ts'
import { staff } from './staff-door.ts'
import { viewerOf } from './viewer.ts'

const PAGE_SIZE = 50
/** Enough for a year of one account, small enough for memory. */
const CSV_ROWS = 20_000

const dayOf = (text: string): Date | null => parseTime(`${text}T00:00`)
const EMPTY: PostingForm = { account: '', debit: '', credit: '', subject: '' }

function wishOf(c: Context<Env>) {
  const account = c.req.param('account') ?? ''
  if (!isAccount(account)) throw new BusinessError('NOT_FOUND', 'We have no such account.')
  const text = (name: string) => (c.req.query(name) ?? '').trim().slice(0, 100)
  const [from, to] = [dayOf(text('from')), dayOf(text('to'))]
  return {
    filter: {
      account,
      subject: text('subject'),
      from,
      to: to && new Date(to.getTime() + DAY_MS),
      cursor: text('cursor') || null,
    },
    shown: { from: from ? text('from') : '', to: to ? text('to') : '' },
  }
}

async function showAccount(c: Context<Env>, deps: ApiDeps) {
  const { filter, shown } = wishOf(c)
  const csv = wantsCsv(c)
  const { items, next } = await listPostings(deps.db, filter, csv ? CSV_ROWS : PAGE_SIZE)
  if (csv) return csvResponse(c, filter.account, POSTING_COLUMNS, items.map(toPostingRow))
  const account = (await readAccounts(deps.db)).find((one) => one.account === filter.account)
  if (!account) throw new BusinessError('NOT_FOUND', 'We have no such account.')
  const page = { account, subject: filter.subject, ...shown, lines: items, next, now: deps.now() }
  return c.html(<AccountView viewer={await viewerOf(c, deps)} page={page} />)
}

async function showLedger(c: Context<Env>, deps: ApiDeps) {
  const at = parseTime(c.req.query('at') ?? '')
  const accounts = await readAccounts(deps.db, at)
  if (wantsCsv(c)) return csvResponse(c, 'ledger', ACCOUNT_COLUMNS, accounts.map(toAccountRow))
  const page = {
    accounts,
    sum: sumOf(accounts),
    at: at ? (c.req.query('at') ?? '') : '',
    now: deps.now(),
  }
  return c.html(<LedgerView viewer={await viewerOf(c, deps)} page={page} />)
}

async function entryPage(
  c: Context<Env>,
  deps: ApiDeps,
  form: EntryPage['form'],
  problems: FieldProblem[] = [],
) {
  const actor = staff(c, maySeeLedger)
  const entry = await findEntry(deps.db, idParam(c))
  if (!entry) throw new BusinessError('NOT_FOUND', 'We have no such entry.')
  const accounts = await readAccounts(deps.db)
  const waiting = await findWaitingCorrection(deps.db, entry.id)
  const page = {
    entry,
    mayCorrect: mayCorrectLedger(actor),
    waiting,
    mayAgree: mayAgreeToCorrection(actor) && waiting?.askedBy !== actor.userId,
    mayDecline: mayAgreeToCorrection(actor),
    accounts,
    form,
    problems,
  }
  const view = <EntryView viewer={await viewerOf(c, deps)} page={{ ...page, now: deps.now() }} />
  return c.html(view, problems.length > 0 ? 400 : 200)
}

const noRows = (): PostingForm[] => Array.from({ length: CORRECTION_ROWS }, () => EMPTY)

function readForm(form: Record<string, unknown>): EntryPage['form'] {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : '')
  const rows = noRows().map((_, index) => ({
    account: text(`account_${index}`),
    debit: text(`debit_${index}`),
    credit: text(`credit_${index}`),
    subject: text(`subject_${index}`),
  }))
  return { reason: text('reason'), rows }
}

async function correct(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, mayCorrectLedger)
  const body = await c.req.parseBody()
  assertCsrf(c, body)
  const form = readForm(body)
  const reason = correctionReason.safeParse(form.reason)
  const right = readRightEntry(form.rows)
  const problems: FieldProblem[] = [
    ...(reason.success ? [] : [{ path: 'reason', message: reason.error.issues[0]?.message ?? '' }]),
    ...(typeof right === 'string' ? [{ path: '', message: right }] : []),
  ]
  if (!reason.success || typeof right === 'string') return entryPage(c, deps, form, problems)
  const wish = { entryId: idParam(c), reason: reason.data, actorId: actor.userId, right }
  const answer = await inTransaction(deps.db, (tx) => postCorrection(tx, wish))
  const next = answer.outcome === 'posted' ? answer.reversal : wish.entryId
  return c.redirect(`/finance/ledger/entries/${next}`, 303)
}

async function decide(c: Context<Env>, deps: ApiDeps) {
  const actor = staff(c, mayAgreeToCorrection)
  const body = await c.req.parseBody()
  assertCsrf(c, body)
  const decision = { entryId: idParam(c), actorId: actor.userId }
  const next = await inTransaction(deps.db, async (tx) => {
    if (body['answer'] === 'agree') return agreeToCorrection(tx, decision)
    await declineCorrection(tx, decision)
    return decision.entryId
  })
  return c.redirect(`/finance/ledger/entries/${next}`, 303)
}

export function createLedgerPages(deps: ApiDeps): Hono<Env> {
  const pages = new Hono<Env>()
  pages.use('/finance/ledger/*', async (c, next) => {
    staff(c, maySeeLedger)
    await next()
  })
  pages.get('/finance/ledger', (c) => showLedger(c, deps))
  pages.get('/finance/ledger/:account', (c) => showAccount(c, deps))
  pages.get('/finance/ledger/entries/:id', (c) =>
    entryPage(c, deps, { reason: '', rows: noRows() }),
  )
  pages.post('/finance/ledger/entries/:id/correct', (c) => correct(c, deps))
  pages.post('/finance/ledger/entries/:id/decide', (c) => decide(c, deps))
  return pages
}

/** Staff of a running Gari: they sign in as everybody does, and use pages and API. */
import { randomUUID } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import { createVisitor, type Visitor } from './browser.ts'
import { call, createBearer, type Answer } from './customer.ts'
import { eventually, type Stack } from './stack.ts'

type Role = 'desk' | 'finance' | 'manager' | 'operations' | 'wanjiku'
type Fields = Record<string, string>
export type Run = Record<string, unknown> & { id: string; status: string; left_over: number }
export type Finding = { id: string; kind: string; subject: string; amount: string }

const account = (role: Role) => ({ email: `${role}@example.com`, password: SAMPLE_PASSWORD })

/** What a form of a page asks for, sent with the page's own token. Throws unless it leads on. */
const submitter =
  (visitor: Visitor) =>
  async (page: string, action: string, fields: Fields = {}): Promise<string> => {
    await visitor.get(page)
    const answer = await visitor.post(action, fields)
    if (answer.status !== 303) throw new Error(`${action}: ${answer.status} ${wordsOf(answer)}`)
    return answer.headers.get('location') ?? ''
  }
const wordsOf = ({ headers }: Response) => headers.get('content-type') ?? ''

export const visitorOf = (stack: Stack): Visitor =>
  createVisitor(
    { request: (url, init) => fetch(url, { ...init, redirect: 'manual' }) },
    stack.baseUrl,
  )

export async function enterOffice(stack: Stack, role: Role) {
  const bearer = createBearer(stack, account(role))
  const visitor = visitorOf(stack)
  const submit = submitter(visitor)
  await submit('/sign-in', '/sign-in', account(role))
  /** Repeats with the same key while a part of Gari is away, as a good client does. */
  const send = (path: string, wish: object): Promise<Answer> => {
    const key = { 'idempotency-key': randomUUID() }
    return eventually(`${path} is answered`, async () => {
      const answer = await call(stack, 'POST', path, wish, { ...(await bearer()), ...key })
      return answer.status !== 503 && answer
    })
  }
  const read = async (path: string) => (await call(stack, 'GET', path, null, await bearer())).body
  return { visitor, submit, send, read, bearer }
}
export type Office = Awaited<ReturnType<typeof enterOffice>>

const RUN_MS = 120_000

/** Waits until the comparison has ended, and tells what is left for people. */
export async function untilCompared({ read }: Office, runId: string) {
  const run = await eventually(
    'the comparison has ended',
    async () => {
      const found = (await read(`/reconciliations/${runId}`)) as Run
      return found.status !== 'running' && found
    },
    RUN_MS,
  )
  const { findings } = (await read('/reconciliations')) as unknown as { findings: Finding[] }
  return { run, findings }
}

export async function compare(office: Office, kind: 'pull' | 'full') {
  const { status, body } = await office.send('/reconciliations', { kind })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return untilCompared(office, String(body['id']))
}

/** As finance uploads what it exported from the portal. */
export async function uploadStatement(stack: Stack, office: Office, csv: string) {
  const body = new FormData()
  body.set('file', new File([csv], 'statement.csv', { type: 'text/csv' }))
  const answer = await fetch(`${stack.baseUrl}/api/v1/reconciliations/statements`, {
    method: 'POST',
    headers: { ...(await office.bearer()), 'idempotency-key': randomUUID() },
    body,
  })
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  return untilCompared(office, ((await answer.json()) as { id: string }).id)
}

type BankRow = { reference: string; description: string; amount: string }

/** As finance imports the bank's list of today, after a look at it. Answers when it was compared. */
export async function importBankFile(office: Office, rows: BankRow[]) {
  const [day = ''] = new Date().toISOString().split('T')
  const head = ['Date', 'Reference', 'Description', 'Debit', 'Credit', 'Balance']
  const lines = rows.map((row) => [day, row.reference, row.description, '', row.amount, ''])
  const page = '/finance/reconciliation/bank'
  const names = ['date', 'reference', 'description', 'debit', 'credit', 'balance']
  const columns = Object.fromEntries(names.map((name, at) => [name, head[at] ?? '']))
  const form = { ...columns, step: 'import', text: stringify([head, ...lines]) }
  const place = await office.submit(page, page, form)
  return untilCompared(office, place.split('/').at(-1) ?? '')
}

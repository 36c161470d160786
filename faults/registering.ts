/** Somebody opens an account: what they type, the mail that comes of it, and the link in that. */
import { setTimeout as rest } from 'node:timers/promises'

const ACCEPTED = 202
const PATIENCE_MS = 20_000

type Answer = { status: number; body: Record<string, unknown>; headers: Headers }
type NewAccount = {
  email: string
  password: string
  first_name: string
  last_name: string
  phone: string
}

async function post(url: string, body: object): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const text = await answer.text()
  const said = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: answer.status, headers: answer.headers, body: said }
}
type Caught = { to: string[]; text: string }
const MAIL_TRIES = 240
const MAIL_REST_MS = 250

/** The two parts of the link that was mailed there; nulls where none came in time. */
async function readLink(mailbox: string, email: string): Promise<{ id: string; token: string }> {
  for (let nth = 0; nth < MAIL_TRIES; nth += 1) {
    const answer = await fetch(`${mailbox}/messages.json`).catch(() => null)
    const { items } = answer?.ok ? ((await answer.json()) as { items: Caught[] }) : { items: [] }
    const texts = items.filter(({ to }) => to.includes(email)).map(({ text }) => text)
    const [, id, token] = /\/register\/([^/]+)\/([\w-]+)/.exec(texts.join('\n')) ?? []
    if (id && token) return { id, token }
    await rest(MAIL_REST_MS)
  }
  throw new Error('no mail came to somebody who opens an account')
}

/** Asks, reads the mail and opens its link; answers what the opening was answered. */
export async function register(
  { baseUrl, mailbox }: { baseUrl: string; mailbox: string },
  account: NewAccount,
): Promise<Answer> {
  const api = `${baseUrl}/api/v1/auth/register`
  const asked = await post(api, account)
  if (asked.status !== ACCEPTED) return asked
  const link = await readLink(mailbox, account.email)
  return post(`${api}/confirm`, { ...link, password: account.password })
}

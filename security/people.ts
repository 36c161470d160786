/** Who the tools ask as: nobody, a customer, and each role of the house that a sample person has. */
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from '../local/people-data.ts'
import { createVisitor } from '../test/support/browser.ts'
import { call } from '../test/support/customer.ts'
import type { Stack } from '../test/support/stack.ts'

type Account = { email: string; password: string }
export type Person = {
  name: string
  account: Account | null
  cookie: string | null
  /** A new one each time: a tool works longer than a token is good. */
  token: () => Promise<string | null>
}

const NOBODY: Person = { name: 'nobody', account: null, cookie: null, token: async () => null }

async function enter(stack: Stack, name: string, email: string): Promise<Person> {
  const account = { email, password: SAMPLE_PASSWORD }
  const token = async () => {
    const { status, body } = await call(stack, 'POST', '/auth/login', account)
    if (status !== 200) throw new Error(`${email} cannot sign in: ${status}`)
    return String(body['access_token'])
  }
  const pages = {
    request: (url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'manual' }),
  }
  const visitor = createVisitor(pages, stack.baseUrl)
  await visitor.token()
  await visitor.post('/sign-in', account)
  const cookie = visitor.session ? `__Host-sid=${visitor.session}` : null
  return { name, account, cookie, token }
}

export async function enterAll(stack: Stack): Promise<Person[]> {
  const people: Person[] = []
  for (const { role, email } of SAMPLE_PEOPLE) people.push(await enter(stack, role, email))
  // Last: whoever guesses passwords makes all others wait before they sign in.
  return [...people, NOBODY]
}

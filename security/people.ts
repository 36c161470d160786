/** Who the tools ask as: nobody, a customer, and each role of the house that a sample person has. */
import { SAMPLE_PASSWORD, SAMPLE_PEOPLE } from '../local/people-data.ts'
import { createVisitor } from '../test/support/browser.ts'
import { call } from '../test/support/customer.ts'
import type { Stack } from '../test/support/stack.ts'

export type Person = { name: string; token: string | null; cookie: string | null }

const NOBODY: Person = { name: 'nobody', token: null, cookie: null }

async function enter(stack: Stack, name: string, email: string): Promise<Person> {
  const account = { email, password: SAMPLE_PASSWORD }
  const { status, body } = await call(stack, 'POST', '/auth/login', account)
  if (status !== 200) throw new Error(`${email} cannot sign in: ${status}`)
  const pages = {
    request: (url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'manual' }),
  }
  const visitor = createVisitor(pages, stack.baseUrl)
  await visitor.token()
  await visitor.post('/sign-in', account)
  const cookie = visitor.session ? `__Host-sid=${visitor.session}` : null
  return { name, token: String(body['access_token']), cookie }
}

export async function enterAll(stack: Stack): Promise<Person[]> {
  const people = [NOBODY]
  for (const { role, email } of SAMPLE_PEOPLE) people.push(await enter(stack, role, email))
  return people
}

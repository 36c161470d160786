/** A customer who uses the API and a phone, as tests of the whole chain need one. */
import { randomUUID } from 'node:crypto'
import { eventually, type Stack } from './stack.ts'

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers }
export type Reservation = {
  id: string
  number: string
  status: string
  total: string
  balance_due: string
  parties: { id: string; share: string }[]
}

const JSON_TYPE = { 'content-type': 'application/json' }

export async function call(
  stack: Stack,
  method: string,
  path: string,
  body: object | null,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${stack.baseUrl}/api/v1${path}`, {
    method,
    headers: { ...(body ? JSON_TYPE : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

/** The next full hour, so that a trip is whole days whoever asks and when. */
export const inDays = (days: number): string =>
  new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + days * 86_400_000).toISOString()

export const trip = (over: object = {}) => ({
  category: 'SEDAN',
  pickup_location: 'NBO-JKIA',
  return_location: 'NBO-JKIA',
  pickup_at: inDays(10),
  return_at: inDays(12),
  parties: [{ name: 'Wanjiku Kamau', phone: '0712345678' }],
  ...over,
})

const newAccount = (): { email: string; password: string } => ({
  email: `${randomUUID()}@example.com`,
  password: randomUUID(),
})

type Bearer = { authorization: string }

/** Signs in when first asked, and again before the token is over: stories last longer than one. */
export function createBearer(
  stack: Stack,
  account: { email: string; password: string },
): () => Promise<Bearer> {
  let known: { bearer: Bearer; until: number } | null = null
  return async () => {
    if (known && Date.now() < known.until) return known.bearer
    const { status, body } = await call(stack, 'POST', '/auth/login', account)
    if (status !== 200) throw new Error(`sign-in: ${status} ${JSON.stringify(body)}`)
    const bearer = { authorization: `Bearer ${String(body['access_token'])}` }
    const halfLifeMs = (Number(body['expires_in']) * 1000) / 2
    known = { bearer, until: Date.now() + halfLifeMs }
    return bearer
  }
}

type Caught = { to: string[]; text: string }

/** Opens the link that was mailed; whoever has an account already got a mail without one. */
export async function openMailedAccount(
  stack: Stack,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const text = await eventually(`${email} is written to`, async () => {
    const answer = await fetch(`${stack.mailbox}/messages.json`)
    const { items } = (await answer.json()) as { items: Caught[] }
    return items.find(({ to, text }) => to.includes(email) && /\/(?:register|sign-in)\b/.test(text))
      ?.text
  })
  const [, id, token] = /\/register\/([^/]+)\/([\w-]+)/.exec(text) ?? []
  if (id) await call(stack, 'POST', '/auth/register/confirm', { id, token, password })
}

/** Registers unless known already, signs in, and speaks from then on. */
export async function createCustomer(stack: Stack, account = newAccount()) {
  const person = { first_name: 'Achieng', last_name: 'Owuor', phone: '0722000111' }
  await call(stack, 'POST', '/auth/register', { ...account, ...person })
  await openMailedAccount(stack, account)
  const bearer = createBearer(stack, account)
  await bearer()
  const reserve = async (wish: object, key: string = randomUUID()) =>
    call(stack, 'POST', '/reservations', wish, { ...(await bearer()), 'idempotency-key': key })
  const read = async (id: string) =>
    (await call(stack, 'GET', `/reservations/${id}`, null, await bearer())).body as Reservation & {
      paid: string
    }
  const pay = async (
    reservationId: string,
    phone: string,
    amount: string,
    key: string = randomUUID(),
  ) =>
    call(
      stack,
      'POST',
      '/payments',
      { reservation_id: reservationId, phone, amount },
      { ...(await bearer()), 'idempotency-key': key },
    )
  return {
    email: account.email,
    reserve,
    read,
    /** Repeats with the same key while the answer is "under way", as a good client does. */
    held: async (wish: object) => {
      const key = randomUUID()
      return eventually('the car is held', async () => {
        const { status, body: held } = await reserve(wish, key)
        if (status !== 201 && status !== 202) throw new Error(JSON.stringify(held))
        return status === 201 && (held as Reservation)
      })
    },
    pay,
    /** Repeats with the same key while Gari is too busy to answer, as a good client does; answers the payment's id. */
    asked: (reservationId: string, phone: string, amount: string) => {
      const key = randomUUID()
      return eventually('the phone is asked', async () => {
        const { status, body } = await pay(reservationId, phone, amount, key)
        if (status === 503) return null
        if (status >= 400) throw new Error(JSON.stringify(body))
        return String(body['id'])
      })
    },
    payment: async (id: string) =>
      (await call(stack, 'GET', `/payments/${id}`, null, await bearer())).body,
    say: async (path: string, wish: object) => call(stack, 'POST', path, wish, await bearer()),
    cancel: async (id: string) =>
      call(stack, 'POST', `/reservations/${id}/cancel`, {}, await bearer()),
    until: (id: string, status: string, withinMs?: number) =>
      eventually(
        `${id} is ${status}`,
        async () => {
          const found = await read(id)
          return found.status === status && found
        },
        withinMs,
      ),
  }
}

export const control = (stack: Stack, method: string, path: string, body: object) =>
  fetch(`${stack.simulator}/_control${path}`, {
    method,
    headers: JSON_TYPE,
    body: JSON.stringify(body),
  })

/** The person picks the phone up as soon as the prompt shows. */
export const answerPhone = (stack: Stack, phone: string, answer: object) =>
  eventually(`${phone} answers`, async () => {
    const { status } = await control(stack, 'POST', `/phones/${phone}/answer`, answer)
    return status === 202
  })

/** Tells one story to the whole stack, as a customer's programme and a few phones would. */
import { randomUUID } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { SAMPLE_PASSWORD } from '../../local/people-data.ts'
import {
  call,
  control,
  createBearer,
  type Answer,
  type createCustomer,
} from '../support/customer.ts'
import type { Stack } from '../support/stack.ts'
import { MOODS, type MoneyStory, type Payer } from './stories.ts'

type Customer = Awaited<ReturnType<typeof createCustomer>>
type Held = { id: string; number: string; total: string; parties: { id: string; share: string }[] }

export type Teller = {
  stack: Stack
  customer: Customer
  finance: Finance
  wish: (n: number, days: number) => object
}
type Finance = (method: string, path: string, body: object | null) => Promise<Answer>

/** Somebody in finance, signed in. */
export async function createFinance(stack: Stack): Promise<Finance> {
  const sample = { email: 'finance@example.com', password: SAMPLE_PASSWORD }
  const bearer = createBearer(stack, sample)
  await bearer()
  return async (method, path, sent) =>
    call(stack, method, path, sent, { ...(await bearer()), 'idempotency-key': randomUUID() })
}

/** Each payer of each story has a phone of their own, so that moods never meet. */
const phoneOf = (n: number, index: number) => `2547${String(10_000_000 + n * 4 + index)}`

/** The process behind it may have just been killed: asked again with the same key until it answers. */
async function persist(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask().catch(() => null)
    if (answer && answer.status !== 503 && answer.status !== 202) return answer
    if (answer && tries >= TRIES) return answer
    if (tries >= 2 * TRIES) throw new Error('the API does not answer')
    await rest(AGAIN_MS)
  }
}
/** Workers that were killed need a while on a busy machine. */
const TRIES = 240
const AGAIN_MS = 250

const amountOf = ({ pays }: Payer, share: number, total: number): number => {
  if (pays === 'half') return Math.max(1, Math.floor(share / 2))
  return pays === 'share' ? share : total
}

async function pay(teller: Teller, held: Held, payer: Payer, phone: string, amount: number) {
  const { customer, stack } = teller
  if (payer.by === 'hand') {
    await control(stack, 'POST', `/phones/${phone}/pay`, { amount, account: held.number })
    return
  }
  const once = (key: string) =>
    customer.pay(held.id, phone, String(amount), key).catch(() => undefined)
  const key = randomUUID()
  await once(key)
  if (payer.twice === 'same_key') await once(key)
  if (payer.twice === 'new_request') await once(randomUUID())
}

/** Resolves when everything has been asked for; what becomes of it is looked at when all is quiet. */
export async function tell(teller: Teller, n: number, story: MoneyStory): Promise<void> {
  const { stack, customer, wish } = teller
  const phones = story.payers.map((_, index) => phoneOf(n, index))
  for (const [index, { mood }] of story.payers.entries())
    await control(stack, 'PUT', `/moods/phones/${phones[index]}`, MOODS[mood])
  const parties = phones.map((phone, index) => ({ name: `Payer ${index}`, phone: `+${phone}` }))
  const key = randomUUID()
  const { status, body } = await persist(() =>
    customer.reserve({ ...wish(n, story.days), parties }, key),
  )
  if (status !== 201) throw new Error(`story ${n}: ${status} ${JSON.stringify(body).slice(0, 300)}`)
  const held = body as Held
  const total = Math.round(Number(held.total))
  const paying = story.payers.map((payer, index) => {
    const share = Math.round(Number(held.parties[index]?.share ?? 0))
    return pay(teller, held, payer, phones[index] ?? '', amountOf(payer, share, total))
  })
  if (story.ends === 'cancelled_at_once') await customer.cancel(held.id).catch(() => undefined)
  await Promise.all(paying)
  if (story.kindness !== 'no') await giveBack(teller, held, story.kindness)
  if (story.ends === 'cancelled_later') await customer.cancel(held.id).catch(() => undefined)
}

/** So much goes back at one person's word, and to the phone that paid. */
const ONE_PERSON_SHILLINGS = 20_000
type Paid = { id: string; status: string; phone: string | null; amount: string }

/** Whether it may is the books' to say: here it is only asked, as soon as any money is there. */
async function giveBack({ finance }: Teller, held: Held, kindness: 'a_little' | 'all') {
  const { body } = await finance('GET', `/payments?owner_id=${held.id}`, null)
  const paid = ((body['items'] ?? []) as Paid[]).find(
    ({ status, phone, amount }) =>
      status === 'completed' && phone !== null && Number(amount) <= ONE_PERSON_SHILLINGS,
  )
  const amount = kindness === 'all' ? {} : { amount: '70' }
  if (!paid) return
  await finance('POST', `/payments/${paid.id}/refund`, { ...amount, reason: 'Out of kindness' })
}

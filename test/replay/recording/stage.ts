/** Where the stories are played: a running Gari, a customer, the office, and phones that belong to nobody. */
import { setTimeout as rest } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Database } from '../../../db/connection.ts'
import { select } from '../../../db/connection.ts'
import { paymentWorkflowId } from '../../../domain/ids.ts'
import type { createCustomer } from '../../support/customer.ts'
import { inDays, trip } from '../../support/customer.ts'
import { mood, payByItself, type Mood } from '../../support/hands.ts'
import type { enterOffice } from '../../support/office.ts'
import { eventually, type Stack } from '../../support/stack.ts'
import type { Way } from './saving.ts'

export type Stage = {
  stack: Stack
  db: Database
  client: Client
  customer: Awaited<ReturnType<typeof createCustomer>>
  desk: Awaited<ReturnType<typeof enterOffice>>
  finance: Awaited<ReturnType<typeof enterOffice>>
  manager: Awaited<ReturnType<typeof enterOffice>>
}
/** Plays one story; its ways are saved when all have been played. */
export type Story = (stage: Stage) => Promise<Way[]>
export type Held = Awaited<ReturnType<Stage['customer']['held']>>

/** No subscriber in Kenya has a number of this block in our tests, and each story has phones of its own. */
const FIRST_PHONE = 254_733_990_000
let phones = 0
export const newPhone = (): string => String(FIRST_PHONE + (phones += 1))

const FIRST_DAY = 4
const LAST_DAY = 340
let slots = 0
/** A time at which no other story wants a car. */
const newDays = () => {
  const day = FIRST_DAY + ((slots += 1) % (LAST_DAY / 3)) * 3
  return { pickup_at: inDays(day), return_at: inDays(day + 2) }
}

export const book = ({ customer }: Stage, over: object = {}): Promise<Held> =>
  customer.held(trip({ ...newDays(), parties: [{ name: 'Payer', phone: newPhone() }], ...over }))

export const whole = (amount: string): string => amount.replace(/\.00$/, '')

type Wish = { held: Held; phone?: string; amount?: string; how?: Mood }

/** The phone answers by itself, however M-Pesa feels about it. Answers the payment's id. */
export async function pay(stage: Stage, { held, phone, amount, how = {} }: Wish): Promise<string> {
  const payer = phone ?? newPhone()
  await payByItself(stage.stack, payer)
  await mood(stage.stack, payer, how)
  const due = amount ?? whole(held.balance_due)
  const { status, body } = await stage.customer.pay(held.id, payer, due)
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return String(body['id'])
}

export async function bookAndPay(stage: Stage, how: Mood = {}, over: object = {}) {
  const held = await book(stage, over)
  const phone = newPhone()
  const paymentId = await pay(stage, { held, phone, how })
  return { held, phone, paymentId }
}

export async function bookPaid(stage: Stage, over: object = {}) {
  const booked = await bookAndPay(stage, {}, over)
  await stage.customer.until(booked.held.id, 'confirmed', MINUTES)
  return booked
}

export const ofPayment = (name: string, paymentId: string): Way => ({
  name: `payment-${name}`,
  workflowId: paymentWorkflowId(paymentId),
})

export const MINUTES = 180_000

/** One row, as soon as there is one. */
export const awaitRow = <T extends object>(
  { db }: Stage,
  what: string,
  sql: string,
  values: unknown[],
): Promise<T> => eventually(what, async () => (await select<T>(db, sql, values))[0], MINUTES)

export const untilPayment = ({ customer }: Stage, paymentId: string, status: string) =>
  eventually(
    `${paymentId} is ${status}`,
    async () => (await customer.payment(paymentId))['status'] === status,
    MINUTES,
  )

export const pause = (ms: number) => rest(ms)

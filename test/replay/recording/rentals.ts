/** Rentals from key to key: agreed at once, argued about, and with more damage than deposit. */
import { inTransaction } from '../../../db/connection.ts'
import { changeCustomer } from '../../../db/customer-writes.ts'
import { refundWorkflowId, rentalWorkflowId, reservationWorkflowId } from '../../../domain/ids.ts'
import { HOUR_MS, MINUTE_MS, toNairobiIso } from '../../../domain/time.ts'
import { payByItself } from '../../support/hands.ts'
import type { Office } from '../../support/office.ts'
import type { Way } from './saving.ts'
import { awaitRow, bookPaid, newPhone, whole, type Stage, type Story } from './stage.ts'

const LOOK = { odometer_km: 90_000, fuel_eighths: 8, cleanliness: 'clean', marks: [] }
const DENT = { place: 'boot', kind: 'dent' }

type Body = Record<string, unknown>
async function said(office: Office, path: string, wish: object): Promise<Body> {
  const { status, body } = await office.send(path, wish)
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
  return body
}

async function ownWord({ customer }: Stage, path: string, wish: object): Promise<void> {
  const { status, body } = await customer.say(path, wish)
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
}

/** The customer shows a licence, and says when she was born. */
async function mayDrive({ db }: Stage, customerId: string): Promise<void> {
  const licence = { number: 'DL-RECORDED', country: 'Kenya', state: '', expiresOn: '2090-01-01' }
  const changes = { bornOn: '1990-02-28', licence }
  await inTransaction(db, (tx) =>
    changeCustomer(tx, customerId, { changes, version: null, actorId: 'gari' }),
  )
}

/** Keys go out two hours before the booked time at most, and nobody books within half an hour. */
async function keysOut(stage: Stage) {
  const pickup = Date.now() + 50 * MINUTE_MS
  const times = {
    pickup_at: toNairobiIso(new Date(pickup)),
    return_at: toNairobiIso(new Date(pickup + 48 * HOUR_MS)),
  }
  const { held } = await bookPaid(stage, times)
  const booking = await awaitRow<{ customer: string; deposit: string }>(
    stage,
    'the booking',
    'SELECT customer_id AS customer, deposit_cents AS deposit FROM reservations WHERE id = $1',
    [held.id],
  )
  await mayDrive(stage, booking.customer)
  const amount = whole((Number(booking.deposit) / 100).toFixed(2))
  const parties = [{ name: 'Wanjiku Kamau', phone: newPhone() }]
  const wish = { type: 'deposit', amount, description: 'Deposit', reservation_id: held.id, parties }
  const charge = await said(stage.desk, '/charges', wish)
  const phone = newPhone()
  await payByItself(stage.stack, phone)
  await said(stage.desk, `/charges/${String(charge['id'])}/payments`, { phone, amount })
  const paid = "SELECT 1 FROM charges WHERE id = $1 AND status = 'paid'"
  await awaitRow(stage, 'the deposit', paid, [charge['id']])
  const look = { ...LOOK, id_seen: true }
  const rental = await said(stage.desk, `/reservations/${held.id}/checkout`, look)
  return { reservationId: held.id, rentalId: String(rental['id']), amount: Number(amount) }
}
type Out = Awaited<ReturnType<typeof keysOut>>

const back = (stage: Stage, { reservationId }: Out, damage: string | null) =>
  said(stage.desk, `/reservations/${reservationId}/checkin`, {
    ...LOOK,
    odometer_km: 90_100,
    location: 'NBO-JKIA',
    marks: damage ? [DENT] : [],
    damage: damage ? [{ ...DENT, amount: damage }] : [],
  })

const waysOf = (name: string, { rentalId, reservationId }: Out): Way[] => [
  { name: `rental-${name}`, workflowId: rentalWorkflowId(rentalId) },
  { name: `reservation-of-a-rental-${name}`, workflowId: reservationWorkflowId(reservationId) },
]

const agreed: Story = async (stage) => {
  const out = await keysOut(stage)
  await back(stage, out, '3000')
  await ownWord(stage, `/rentals/${out.rentalId}/agree`, {})
  const sql = 'SELECT refund_id AS id FROM rental_refunds WHERE rental_id = $1'
  const { id } = await awaitRow<{ id: string }>(stage, 'the refund', sql, [out.rentalId])
  const refund = { name: 'refund-of-a-part-of-a-deposit', workflowId: refundWorkflowId(id) }
  return [...waysOf('agreed', out), refund]
}

const decided: Story = async (stage) => {
  const out = await keysOut(stage)
  const returned = await back(stage, out, '3000')
  await ownWord(stage, `/rentals/${out.rentalId}/dispute`, { because: 'It was there before.' })
  const [line] = returned['charges'] as { id: string }[]
  const lines = [{ id: line?.id, amount: '1000' }]
  await said(stage.manager, `/rentals/${out.rentalId}/decision`, { lines })
  return waysOf('decided', out)
}

const beyond: Story = async (stage) => {
  const out = await keysOut(stage)
  await back(stage, out, String(out.amount + 5_000))
  await ownWord(stage, `/rentals/${out.rentalId}/agree`, {})
  return waysOf('beyond-its-deposit', out)
}

export const rentalStories: Story[] = [agreed, decided, beyond]

/** Reports that Safaricom never sent: to paths that are not ours, and to a real secret one with other contents. */
import { createCallbackUrl, createSecretPaths } from '../../gateways/secret-paths.ts'
import type { Word } from '../checker/words.ts'
import { bookOrThrow, payByPrompt, waitFor, type Booked } from '../lines/booking.ts'
import { textIn } from '../log.ts'
import type { Scene } from './fault.ts'

const RECEIPT = 'UKL9FORGED'
type Claim = { checkout: string; merchant: string; amount: number; code: number; phone: string }

const reportOf = ({ checkout, merchant, amount, code, phone }: Claim): string =>
  JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: merchant,
        CheckoutRequestID: checkout,
        ResultCode: code,
        ResultDesc: code === 0 ? 'The service request is processed successfully.' : 'Cancelled.',
        ...(code === 0 && {
          CallbackMetadata: {
            Item: [
              { Name: 'Amount', Value: amount },
              { Name: 'MpesaReceiptNumber', Value: RECEIPT },
              { Name: 'TransactionDate', Value: 20261122120000 },
              { Name: 'PhoneNumber', Value: Number(phone) },
            ],
          },
        }),
      },
    },
  })

/** Null when nobody answers. */
const post = async (url: string, body: string): Promise<number | null> => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => null)
  return answer?.status ?? null
}

async function knock({ house, lasts, complain }: Scene, one: Booked): Promise<void> {
  const [phone = ''] = one.phones
  const paths = [`/callbacks/stk/${one.id}/0000000000000000`, '/callbacks/stk/x', '/callbacks']
  for (let times = 0; times < 20; times += 1) {
    const id = `ws_CO_${times}`
    const body = reportOf({ checkout: id, merchant: id, amount: one.total, code: 0, phone })
    for (const path of paths)
      if ((await post(`${house.baseUrl}${path}`, body)) === 200) complain(`${path} was believed`)
    await lasts(0.5)
  }
}

/** The customer thinks so long before they pay: until then whatever is told of this payment is false. */
const THINKS_MS = 25_000
const SECOND_MS = 1_000

type Open = { paymentId: string; checkout: string; merchant: string }

async function askSlowly({ stranger, sql }: Scene, one: Booked): Promise<Open> {
  const [phone = ''] = one.phones
  const slow = { on: ['stk-push'], resultCode: 0, resultAfterMs: THINKS_MS, times: 1 }
  await stranger.hand('PUT', `/moods/phones/${phone}`, slow)
  const { answer } = await payByPrompt(stranger, one, phone, one.total)
  const paymentId = textIn(answer?.body ?? {}, 'id')
  const [row] = await sql<Omit<Open, 'paymentId'>>(
    `SELECT checkout_request_id AS checkout, merchant_request_id AS merchant FROM payments
     WHERE id::text = $1 AND checkout_request_id IS NOT NULL`,
    [paymentId],
  )
  if (!row) throw new Error('no phone rings for the fault itself')
  return { paymentId, ...row }
}

type Standing = {
  status: Word<'payments.status'>
  receipt: string | null
  booking: Word<'reservations.status'>
  entries: number
}
const SO_FAR = `SELECT p.status, p.receipt, r.status AS booking,
    (SELECT count(*)::int FROM ledger_entries e WHERE e.reference = p.id::text) AS entries
  FROM payments p JOIN reservations r ON r.id = p.owner_id WHERE p.id = $1`
const READ = `SELECT count(*)::int AS n FROM provider_messages
  WHERE subject_id = $1 AND delivered_at IS NOT NULL AND outcome IS NOT NULL`

/** Whoever has learnt the secret path says that it was paid: by another push, too little, or that it was refused. */
async function whisper(scene: Scene, one: Booked): Promise<void> {
  const { house, sql, complain } = scene
  const { paymentId, checkout, merchant } = await askSlowly(scene, one)
  const began = Date.now()
  const [phone = ''] = one.phones
  const paths = createSecretPaths(house.secrets.callbackSecret)
  const url = createCallbackUrl(house.baseUrl, paths)('stk', paymentId)
  const other = { checkout: 'ws_CO_forged', merchant: 'forged', amount: one.total, phone }
  const claims: Claim[] = [
    { ...other, code: 0 },
    { ...other, code: 1032 },
    { ...other, checkout, merchant, amount: one.total - 1, code: 0 },
  ]
  for (const claim of claims) {
    const status = await post(url, reportOf(claim))
    if (status !== 200) complain(`the secret path answers ${status}`)
  }
  await scene.until('the forged reports are read', async () => {
    const [read] = await sql<{ n: number }>(READ, [paymentId])
    return (read?.n ?? 0) >= claims.length
  })
  await scene.lasts(2)
  if (Date.now() - began > THINKS_MS - 5 * SECOND_MS)
    throw new Error('the forged reports were read too late to tell them from the true one')
  const [so] = await sql<Standing>(SO_FAR, [paymentId])
  if (!so || so.entries > 0 || so.receipt !== null || !OPEN.includes(so.status))
    complain(`a forged report moved money: ${JSON.stringify(so)}`)
  if (so?.booking === 'confirmed') complain('a forged report confirmed a booking')
  if (!(await waitFor(scene.stranger, one, 'confirmed'))) complain('the true report does not count')
  const [row] = await sql<Standing>(SO_FAR, [paymentId])
  if (row?.receipt === RECEIPT) complain('the forged receipt counts')
}

const OPEN: Word<'payments.status'>[] = ['prompted', 'unknown', 'unexplained']

export async function forge(scene: Scene): Promise<void> {
  const { stranger } = scene
  const [one, other] = [await bookOrThrow(stranger), await bookOrThrow(stranger)]
  await Promise.all([knock(scene, one), whisper(scene, other)])
}

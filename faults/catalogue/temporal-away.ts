/** Temporal stands still or is away: what can be done without it is done, and what it was to do is done later. */
import { bookOrThrow, payByPrompt, type Booked } from '../lines/booking.ts'
import { word, type Word } from '../checker/words.ts'
import { textIn } from '../log.ts'
import type { Fault, Scene } from './fault.ts'
import { inTime } from './in-time.ts'

/** What needs Temporal says so at once; everything else is served. */
async function servesWithoutTemporal(scene: Scene, standing: Booked): Promise<void> {
  const { stranger, complain, house } = scene
  const trip = stranger.trip()
  const parties = [{ name: 'Otieno', phone: `+${stranger.phone()}` }]
  const ask = stranger.as.customer
  const refused = await inTime(scene, 'a wish', () =>
    ask('POST', '/reservations', { ...trip, parties }, `without-temporal-${parties[0]?.phone}`),
  )
  const retry = Number(refused?.headers.get('retry-after') ?? Number.NaN)
  if (refused && (refused.status !== 503 || Number.isNaN(retry)))
    complain(`a wish is answered ${refused.status}, again after ${retry}`)
  const search = new URLSearchParams(trip).toString()
  for (const path of [`/vehicles/availability?${search}`, `/reservations/${standing.id}`]) {
    const read = await inTime(scene, path, () => ask('GET', path, null))
    if (read && read.status !== 200) complain(`${path} is answered ${read.status}`)
  }
  const page = await inTime(scene, 'the first page', () => fetch(house.baseUrl))
  if (page && page.status !== 200) complain(`the first page is answered ${page.status}`)
}

const SHORT_HOLD = { HOLD_MINUTES: '1' }
/** Before its deadline Temporal goes, and after it Temporal is still away. */
const LEFT_MS = 15_000
const SECOND_MS = 1_000

/** A booking that has little time left. How long it has is fixed by the web server that takes it. */
async function bookBriefly({ house, stranger, sql, lasts }: Scene): Promise<Booked & Deadline> {
  const { keeper, runApi } = house
  await keeper.restart('api', () => runApi(SHORT_HOLD))
  const one = await bookOrThrow(stranger)
  await keeper.restart('api')
  const { until } = await readDeadline(sql, one)
  await lasts(Math.max(0, until.getTime() - LEFT_MS - Date.now()) / SECOND_MS)
  return { ...one, until }
}

type Deadline = { until: Date }
type Standing = Deadline & {
  status: Word<'reservations.status'>
  endedAt: Date | null
  changedAt: Date
}
async function readDeadline(sql: Scene['sql'], { id }: Booked): Promise<Standing> {
  const [row] = await sql<Standing>(
    `SELECT hold_expires_at AS until, status, ended_at AS "endedAt", updated_at AS "changedAt"
     FROM reservations WHERE id = $1`,
    [id],
  )
  if (!row) throw new Error(`the booking ${id} is gone`)
  return row
}

/** Null while nobody has looked at the deadline; M-Pesa may have been away, then there is a new one. */
export function keptAt({ status, endedAt, until, changedAt }: Standing, was: Date): Date | null {
  if (`'${status}'` === word('reservations.status', 'expired')) return endedAt
  return until > was ? changedAt : null
}

const LOOKED_AT_SECONDS = 60
/** After Temporal is back, or after the deadline when that is later: the workers must find it again. */
const LATE_MS = 20_000

async function insistOnDeadline(
  { sql, until, complain }: Scene,
  one: Booked & Deadline,
  healedAt: number,
): Promise<void> {
  if (one.until.getTime() > healedAt) complain('no deadline fell due while Temporal was away')
  let at: Date | null = null
  await until(
    'a deadline that fell due while Temporal was away is kept',
    async () => (at = keptAt(await readDeadline(sql, one), one.until)) !== null,
    LOOKED_AT_SECONDS,
  )
  const lateMs = Number(at) - Math.max(healedAt, one.until.getTime())
  if (lateMs > LATE_MS) complain(`a deadline was kept only ${lateMs} ms after Temporal was back`)
}

const standsStillAndDies: Fault = {
  number: 6,
  name: 'Temporal stands still, then dies and is away: half a minute in all (in the short form a quarter)',
  promise:
    'a deadline that falls due meanwhile is kept when it is back (not looked at in the short form); reading goes on, and what cannot be done now says so at once',
  isShort: true,
  happen: async (scene) => {
    const { keeper } = scene.house
    const standing = await bookOrThrow(scene.stranger)
    const brief = scene.isShort ? null : await bookBriefly(scene)
    scene.begins()
    const thaw = keeper.freeze('temporal')
    await servesWithoutTemporal(scene, standing)
    thaw()
    await keeper.takeDown('temporal')
    await scene.lasts(scene.isShort ? 8 : 20)
    if (brief) scene.afterwards((healedAt) => insistOnDeadline(scene, brief, healedAt))
  },
}

const STORED_SECONDS = 15
const STORED = `SELECT p.checkout_request_id AS checkout
  FROM provider_messages m JOIN payments p ON p.id = m.subject_id
  WHERE p.id::text = ANY($1) AND p.checkout_request_id IS NOT NULL
    AND m.received_at >= $2 AND m.delivered_at IS NULL`

/** Temporal is away: a report lies in our table, and who tells it again hears 200. */
async function takesReports(scene: Scene, paymentIds: string[], away: Date): Promise<void> {
  const { sql, stranger, complain } = scene
  let stored: { checkout: string }[] = []
  const isOneStored = async () => {
    stored = await sql<{ checkout: string }>(STORED, [paymentIds, away])
    return stored.length > 0
  }
  await scene
    .until('a report is stored', isOneStored, STORED_SECONDS)
    .catch(() => complain('no report was stored while Temporal was away'))
  for (const { checkout } of stored) {
    const again = await stranger.hand('POST', `/callbacks/${checkout}/resend`, { copies: 1 })
    const outcomes = (again.body['outcomes'] ?? []) as string[]
    if (outcomes.length !== 1 || outcomes[0] !== '200')
      complain(`a report is answered ${outcomes.join() || 'nothing'} while Temporal is away`)
  }
}

const reportsMeanwhile: Fault = {
  number: 7,
  name: 'Reports of M-Pesa come while Temporal is away',
  promise: 'they are stored, answered 200, and delivered later',
  happen: async (scene) => {
    const { stranger, house } = scene
    const all = await Promise.all([1, 2, 3].map(() => bookOrThrow(stranger)))
    for (const { phones } of all)
      await stranger.hand('PUT', `/moods/phones/${phones[0]}`, {
        on: ['stk-push'],
        callbackDelayMs: 3_000,
        times: 1,
      })
    const asked = await Promise.all(
      all.map((one) => payByPrompt(stranger, one, one.phones[0] ?? '', one.total)),
    )
    await house.keeper.takeDown('temporal')
    const paymentIds = asked.map(({ answer }) => textIn(answer?.body ?? {}, 'id'))
    await takesReports(scene, paymentIds, new Date())
    await scene.lasts(7)
  },
}

export const temporalAway: Fault[] = [standsStillAndDies, reportsMeanwhile]

/**
 * What money is paid for, and what follows from money that has come: every open row has a running story, which counts
 * from the books when it begins again, and what must go back does.
 */
import { inTransaction } from '../../db/connection.ts'
import { readCharge } from '../../db/charge-rows.ts'
import { progressCharge } from '../../db/charges.ts'
import { inputOf } from '../../db/late-money.ts'
import { progressReservation } from '../../db/reservations.ts'
import {
  forgetStart,
  listHomeless,
  listKnown,
  listNotGivenBack,
  listOpenCharges,
  listOpenReservations,
  listRunningPlans,
  listStartedDocuments,
  listUncounted,
  noteLostTime,
  OWNERS,
  pausePlans,
  type RunningPlan,
} from '../../db/restored-books.ts'
import { readReservation } from '../../db/reservation-rows.ts'
import type { ChargeInput } from '../../domain/charges.ts'
import {
  chargeWorkflowId,
  creditNoteWorkflowId,
  invoiceWorkflowId,
  lateMoneyWorkflowId,
  planWorkflowId,
  refundWorkflowId,
  reservationWorkflowId,
} from '../../domain/ids.ts'
import type { ReservationInput } from '../../domain/reservations.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import { listRunning, lookAt, readStory } from '../../gateways/histories.ts'
import { begin, end, refundOf, type Begin } from './starting.ts'
import { forEach, type Restored } from './world.ts'

/** Until the workers run, and M-Pesa's list has come and is old enough to count. */
const LIST_COMES_MS = 15 * MINUTE_MS

export async function mendOwners(world: Restored): Promise<void> {
  const { db, before, now, findings, lastAlive } = world
  if (world.isQuiet) {
    findings.pausedPlans.push(...(await pausePlans(db, now)))
    await noteLostTime(db, lastAlive, new Date(now.getTime() + LIST_COMES_MS))
  }
  await forEach(await listOpenReservations(db, before), (id) =>
    beginUnlessRunning(world, reservationWorkflowId(id), () => reservationStory(world, id)),
  )
  await forEach(await listOpenCharges(db, before), (id) =>
    beginUnlessRunning(world, chargeWorkflowId(id), () => chargeStory(world, id)),
  )
  await forEach(await listRunningPlans(db, before), (plan) =>
    beginUnlessRunning(world, planWorkflowId(plan.planId), async () => planStory(world, plan)),
  )
  if (world.isQuiet) await count(world)
  await giveHomes(world)
  await giveBack(world)
  await restartDocuments(world)
  if (world.isQuiet) await findRowless(world)
}

async function beginUnlessRunning(
  { client, findings }: Restored,
  workflowId: string,
  story: () => Promise<Begin>,
): Promise<void> {
  if ((await lookAt(client, workflowId))?.isRunning) return
  findings.missingStories.push(workflowId)
  await begin(client, await story())
}

/** As late money brings one back: it reads what stands instead of holding anew. */
async function reservationStory({ db, policy }: Restored, id: string): Promise<Begin> {
  const input = await inTransaction(db, async (tx): Promise<ReservationInput> => {
    const row = await readReservation(tx, id)
    return { ...(await inputOf(tx, id, policy)), mode: row?.mode ?? 'anybody' }
  })
  return {
    type: 'reservation',
    workflowId: reservationWorkflowId(id),
    queue: 'business',
    input: { ...input, actorId: 'gari' },
  }
}

/** As one that is called off after it was paid: its people stand in the books. */
async function chargeStory({ db }: Restored, id: string): Promise<Begin> {
  const row = await readCharge(db, id)
  if (!row) throw new Error(`charge ${id} does not exist`)
  const input: ChargeInput = {
    chargeId: id,
    type: row.type,
    customerId: row.customerId,
    reservationId: row.reservationId,
    actorId: 'gari',
    description: row.description,
    total: row.total,
    mode: row.mode,
    shrinkable: row.shrinkable,
    dueAt: row.dueAt.toISOString(),
    parties: [],
    resumed: true,
  }
  return { type: 'charge', workflowId: chargeWorkflowId(id), queue: 'business', input }
}

const planStory = ({ phoneHash }: Restored, plan: RunningPlan): Begin => ({
  type: 'paymentPlan',
  workflowId: planWorkflowId(plan.planId),
  queue: 'business',
  input: {
    ...plan,
    phones: plan.phones.map((phone) => ({ phone, phoneHash: phoneHash(phone) })),
  },
})

/** Whose story should have counted it is perhaps gone; the row that says so is read by whoever is next. */
const count = async ({ db, policy, now, findings }: Restored): Promise<void> =>
  forEach(await listUncounted(db), async ({ id, what }) => {
    findings.uncounted.push(`${what}:${id}`)
    await inTransaction(db, async (tx) =>
      what === 'charge' ? progressCharge(tx, id) : progressReservation(tx, id, policy, now),
    )
  })

/** One that ever was has dealt with it, or was told by a person. */
const giveHomes = async ({ db, client, since, before, findings }: Restored): Promise<void> =>
  forEach(await listHomeless(db, since, before), async ({ id, settledAt }) => {
    const workflowId = lateMoneyWorkflowId(id)
    const story = await lookAt(client, workflowId)
    // One that ended before the money was there has found nothing to do.
    if (story && (!story.endedAt || story.endedAt > settledAt)) return
    findings.homeless.push(id)
    const input = { paymentId: id }
    await begin(client, { type: 'lateMoney', workflowId, queue: 'payments', input })
  })

const giveBack = async ({ db, client, since, before, findings }: Restored): Promise<void> =>
  forEach(await listNotGivenBack(db, since, before), async ({ id, ownerNumber }) => {
    if (await lookAt(client, refundWorkflowId(id))) return
    findings.notGivenBack.push(id)
    const input = { refundId: id, paymentId: id, reason: `${ownerNumber} ended`, actorId: 'gari' }
    await begin(client, refundOf(input, ownerNumber))
  })

const restartDocuments = async ({ db, client, since, findings }: Restored): Promise<void> =>
  forEach(await listStartedDocuments(db, since), async (document) => {
    const { id, kind } = document
    const workflowId = kind === 'invoice' ? invoiceWorkflowId(id) : creditNoteWorkflowId(id)
    if (await lookAt(client, workflowId)) return
    findings.documents.push(workflowId)
    await forgetStart(db, document)
  })

/**
 * A story that has the answer of its first step had a row. Temporal's copy should be the earlier one, so there is none.
 * One without that answer may have had it in the lost time, and more: its hold told to readers, its payers' phones asked.
 * Going on, it would do all of that again; nobody waits for its answer any more.
 */
async function findRowless({ db, client, findings }: Restored): Promise<void> {
  const running = await listRunning(client, ['reservation', 'charge', 'paymentPlan'])
  const known = new Set<string>()
  for (const kind of OWNERS) {
    const ids = running
      .filter((id) => id.startsWith(`${kind}:`))
      .map((id) => id.slice(kind.length + 1))
    for (const id of await listKnown(db, kind, ids)) known.add(`${kind}:${id}`)
  }
  await forEach(
    running.filter((id) => !known.has(id)),
    async (id) => {
      const story = await lookAt(client, id)
      if (!story?.isRunning) return
      const { hasAnswers } = await readStory(client, id, story.runId)
      findings[hasAnswers ? 'withoutRow' : 'unbegun'].push(id)
      if (!hasAnswers) await end(client, id)
    },
  )
}

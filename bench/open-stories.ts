/** Starts the stories of bookings whose rows stand: each reads its row, as a story that is resumed does, and waits. */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { connectDatabase } from '../db/connection.ts'
import { reservationWorkflowId, TASK_QUEUES } from '../domain/ids.ts'
import { DEFAULT_POLICY, type ReservationInput } from '../domain/reservations.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { connectTemporalClient } from '../gateways/temporal.ts'
import type { Stack } from '../test/support/stack.ts'
import { awaitHold } from '../workflows/reservation-messages.ts'
import type { reservation } from '../workflows/reservation.ts'
import { BUSINESS_STATUS, CUSTOMER_ID } from '../workflows/search-attributes.ts'
import {
  insertOpenBookings,
  OPEN_CATEGORY,
  readOpenBookings,
  type OpenBooking,
  type Range,
} from './open-bookings.ts'

const STARTERS = 40
const TOLD_EVERY = 1_000

export const temporalClient = (stack: Pick<Stack, 'temporal' | 'payloadKey'>): Promise<Client> =>
  connectTemporalClient({
    address: stack.temporal,
    namespace: 'default',
    codec: createPayloadCodec(stack.payloadKey),
  })

const inputOf = (one: OpenBooking): ReservationInput => ({
  reservationId: one.id,
  customerId: one.customerId,
  actorId: one.customerId,
  trip: {
    categoryCode: OPEN_CATEGORY,
    vehicleId: null,
    pickupLocation: one.place,
    returnLocation: one.place,
    pickupAt: one.pickupAt.toISOString(),
    returnAt: one.returnAt.toISOString(),
  },
  parties: [{ id: one.partyId, name: one.name, phone: one.phone, share: null }],
  specialRequests: null,
  policy: DEFAULT_POLICY,
})

/** As the API starts it; the answer comes when the story has read its row and waits. */
async function startStory(client: Client, booking: OpenBooking): Promise<void> {
  const input = inputOf(booking)
  await client.workflow.executeUpdateWithStart(awaitHold, {
    startWorkflowOperation: new WithStartWorkflowOperation<typeof reservation>('reservation', {
      workflowId: reservationWorkflowId(booking.id),
      taskQueue: TASK_QUEUES.business,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'A booking, from the hold to the return',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: CUSTOMER_ID, value: input.customerId },
        { key: BUSINESS_STATUS, value: 'pending' },
      ]),
    }),
    updateId: `hold:${booking.id}`,
  })
}

/** So many side by side; answers the seconds. */
export async function startAll<T>(
  all: readonly T[],
  start: (one: T) => Promise<unknown>,
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now()
  let next = 0
  const starter = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) {
      await start(one)
      if (next % TOLD_EVERY === 0) say(`${next} of ${all.length}`)
    }
  }
  await Promise.all(Array.from({ length: STARTERS }, starter))
  return (performance.now() - began) / 1_000
}

/** Of bookings whose rows stand; answers the seconds. */
export async function startStories(
  stack: Pick<Stack, 'databaseUrl' | 'temporal' | 'payloadKey'>,
  range: Pick<Range, 'from' | 'to'>,
  say: (line: string) => void = () => undefined,
): Promise<number> {
  const db = connectDatabase({ url: stack.databaseUrl, pool: 2, applicationName: 'gari-bench' })
  const client = await temporalClient(stack)
  try {
    const bookings = await readOpenBookings(db, range)
    return await startAll(bookings, (one) => startStory(client, one), say)
  } finally {
    await client.connection.close()
    await db.close()
  }
}

/** Rows, then stories; answers the seconds that the stories took. */
export async function openStories(
  stack: Stack,
  range: Range,
  say: (line: string) => void,
): Promise<number> {
  const db = connectDatabase({
    url: stack.databaseUrl,
    vault: stack.vault,
    pool: 2,
    applicationName: 'gari-bench',
  })
  try {
    await insertOpenBookings(db, range)
  } finally {
    await db.close()
  }
  return startStories(stack, range, say)
}

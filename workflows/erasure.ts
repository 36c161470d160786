/**
 * Somebody wants to be forgotten.
 *
 * waiting -> erasing -> done; waiting -> taken_back | refused.
 * - the person, or staff for them, writes the wish down, and may take it back until it begins: the row says so, also while Temporal is
 *   away, and this story finds it at its next look, within a day.
 * - its time comes: begun when nothing stands in its way, otherwise looked at again every day, and refused after ninety.
 * - begun, it cannot be taken back: part after part is overwritten, the account last, then the key is destroyed. What slipped in
 *   after the beginning (a booking on its way) is waited for.
 * It carries ids only, so nothing of it need be forgotten.
 */
import { proxyLocalActivities, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { ErasureBooks } from '../activities/erasures.ts'
import {
  ERASURE_PARTS,
  LOOK_AGAIN_MS,
  type ErasureInput,
  type ErasurePart,
  type ErasureStatus,
} from '../domain/erasures.ts'
import { HOUR_MS } from '../domain/time.ts'
import { createParking, type Parking } from './parking.ts'

const books = proxyLocalActivities<ErasureBooks>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '12 hours',
  localRetryThreshold: '5 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
})

const SHORTEST_MS = 1_000

export async function erasure({ erasureId }: ErasureInput): Promise<{ status: ErasureStatus }> {
  const parking = createParking()
  const status = await waitForItsTime(parking, erasureId)
  if (status !== 'erasing') return { status }
  setCurrentDetails('erasing')
  while (!(await eraseAll(parking, erasureId))) await sleep(HOUR_MS)
  await parking.insist('destroy the key', () => books.endErasure(erasureId))
  setCurrentDetails('')
  return { status: 'done' }
}

async function waitForItsTime(parking: Parking, erasureId: string): Promise<ErasureStatus> {
  for (;;) {
    const { status, waitMs } = await parking.insist('look whether its time has come', () =>
      books.lookAtErasure(erasureId),
    )
    if (status !== 'waiting') return status
    setCurrentDetails('waiting: it can be taken back, or something stands in its way')
    await sleep(Math.min(Math.max(waitMs, SHORTEST_MS), LOOK_AGAIN_MS))
  }
}

/** False where something came into the way after all; then all parts are gone through once more. */
async function eraseAll(parking: Parking, erasureId: string): Promise<boolean> {
  for (const part of ERASURE_PARTS) if (!(await eraseWhole(parking, erasureId, part))) return false
  return true
}

async function eraseWhole(
  parking: Parking,
  erasureId: string,
  part: ErasurePart,
): Promise<boolean> {
  for (;;) {
    const done = await parking.insist(`erase: ${part}`, () => books.eraseSome(erasureId, part))
    if (done !== 'more') return done === 'all'
  }
}

/**
 * M-Pesa cannot be reached, and certainly nothing was sent: the request waits for its turn instead of being refused.
 * The customer sees so at once. It is given up when what it was for has ended, or after half a day.
 */
import { condition, patched, setCurrentDetails } from '@temporalio/workflow'
import { LONGEST_WAIT_MS, TURNED_AWAY_MS } from '../domain/outages.ts'
import type { PushAnswer } from '../domain/payments.ts'
import type { Parking } from './parking.ts'
import type { PaymentState } from './payment-hearing.ts'
import { books } from './proxies.ts'

/** Not sent for sure, for a reason that passes by itself. A request that nobody took is not asked for again. */
const WAITS_FOR = 'UNREACHABLE'
const mayWait = (push: PushAnswer): boolean =>
  push.outcome === 'refused' && push.reason.code === WAITS_FOR

/** Answers the last refusal when it was given up. */
export async function pushWhenReachable(
  state: PaymentState,
  parking: Parking,
  push: () => Promise<PushAnswer>,
): Promise<PushAnswer> {
  const giveUpAt = Date.now() + LONGEST_WAIT_MS
  let answer = await push()
  let times = 0
  while (mayWait(answer) && state.reports.length === 0 && patched('pay-when-back')) {
    await parking.insist('write down that the request waits', () =>
      books.queuePush(state.input.paymentId),
    )
    state.prompt ??= { outcome: 'queued' }
    state.waitingFor = 'M-Pesa is away; the request goes out when it is back'
    setCurrentDetails(state.waitingFor)
    await condition(() => state.reports.length > 0, restAfter(times))
    times += 1
    if (!(await awaitTurn(state, parking, giveUpAt))) return answer
    answer = await push()
  }
  return answer
}

const restAfter = (times: number): number =>
  TURNED_AWAY_MS[Math.min(times, TURNED_AWAY_MS.length - 1)] ?? 0

/** False when the request has no sense any more. */
async function awaitTurn(
  state: PaymentState,
  parking: Parking,
  giveUpAt: number,
): Promise<boolean> {
  while (Date.now() < giveUpAt && state.reports.length === 0) {
    const next = await parking.insist('ask whether it is its turn', () =>
      books.takeTurn(state.input.paymentId),
    )
    if (next.turn !== 'wait') return next.turn === 'go'
    await condition(() => state.reports.length > 0, next.ms)
  }
  return false
}

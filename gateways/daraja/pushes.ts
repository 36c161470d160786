/** Asking a phone for money. Sent once: the same push again is a second charge. */
import type { PushAnswer, PushState } from '../../domain/payments.ts'
import { readPush, readQuery, refusePush } from './answers.ts'
import { buildPush, buildQuery, type Merchant, type Push } from './requests.ts'
import type { Wire } from './wire.ts'

export type Pushes = {
  /** Asks the phone. Accepted means that it will be asked, not that anybody paid. */
  requestStkPush(push: Push): Promise<PushAnswer>
  /** Tells the outcome of a push, but never a receipt, an amount or a phone. */
  queryStkPush(checkoutRequestId: string): Promise<PushState>
}

export const createPushes = (wire: Wire, merchant: Merchant, now: () => Date): Pushes => ({
  async requestStkPush(push) {
    const answer = await wire.send('push', buildPush(merchant, push, now()))
    return readPush(answer) ?? refusePush(wire.judge('push', answer))
  },
  async queryStkPush(checkoutRequestId) {
    const request = buildQuery(merchant, checkoutRequestId, now())
    return readQuery(await wire.send('query', request), checkoutRequestId)
  },
})

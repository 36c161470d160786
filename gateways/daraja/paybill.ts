/** Payments by hand: where Safaricom tells us about them, and the list of all payments of the last 48 hours. */
import type { PullAnswer, RegisterAnswer } from '../../domain/daraja.ts'
import type { PullClock } from '../../domain/schemas/daraja-pull.ts'
import { refuse } from './answers-initiator.ts'
import { readPull, readPullRegistration, readUrlRegistration } from './answers-paybill.ts'
import {
  buildPull,
  buildRegisterPull,
  buildRegisterUrls,
  type PaybillUrls,
  type PullRegistration,
  type PullWindow,
} from './requests-paybill.ts'
import type { Merchant } from './requests.ts'
import type { Wire } from './wire.ts'

/** All of these may be repeated. */
export type PaybillCalls = {
  /** Once for a shortcode in production: `already` is mended on Safaricom's portal only. */
  registerPaybillUrls(urls: PaybillUrls): Promise<RegisterAnswer>
  registerPull(registration: PullRegistration): Promise<RegisterAnswer>
  /** One page, from the oldest row that `offset` has not passed. */
  pullTransactions(window: PullWindow): Promise<PullAnswer>
}

export const createPaybillCalls = (
  wire: Wire,
  merchant: Merchant,
  clock: PullClock,
): PaybillCalls => ({
  async registerPaybillUrls(urls) {
    const answer = await wire.send('registerUrls', buildRegisterUrls(merchant, urls))
    return readUrlRegistration(answer) ?? refuse(wire.judge('registerUrls', answer))
  },
  async registerPull(registration) {
    const answer = await wire.send('registerPull', buildRegisterPull(merchant, registration))
    return readPullRegistration(answer) ?? refuse(wire.judge('registerPull', answer))
  },
  async pullTransactions(window) {
    const answer = await wire.send('pull', buildPull(merchant, window))
    return readPull(answer, window.offset, clock) ?? refuse(wire.judge('pull', answer))
  },
})

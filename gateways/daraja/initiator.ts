/**
 * The calls of our operator. Daraja acknowledges them at once and reports the result later, even of a wrong
 * credential. Status and balance may be asked again; a reversal never; a payout only under its old id.
 */
import type { InitiatorAnswer, PayoutAnswer } from '../../domain/daraja.ts'
import { readAck, readDuplicate, refuse } from './answers-initiator.ts'
import {
  buildBalance,
  buildPayout,
  buildReversal,
  buildStatus,
  type BalanceQuestion,
  type Payout,
  type Reversal,
  type StatusQuestion,
} from './requests-initiator.ts'
import type { Merchant } from './requests.ts'
import type { Wire } from './wire.ts'

export type InitiatorCalls = {
  /** Sends a customer's payment back, in full. Not idempotent: never repeated. */
  requestReversal(reversal: Reversal): Promise<InitiatorAnswer>
  /** Pays a customer. Its id is Daraja's key too: after "unknown" the same payout may be sent again. */
  requestPayout(payout: Payout): Promise<PayoutAnswer>
  /** Asks what became of a payment, reversal or payout. */
  requestTransactionStatus(question: StatusQuestion): Promise<InitiatorAnswer>
  requestAccountBalance(question: BalanceQuestion): Promise<InitiatorAnswer>
}

type Call = Parameters<Wire['send']>[0]

export function createInitiatorCalls(wire: Wire, merchant: Merchant): InitiatorCalls {
  const ask = async (call: Call, request: object | null): Promise<InitiatorAnswer> => {
    const answer = await wire.send(call, request)
    return readAck(answer) ?? refuse(wire.judge(call, answer))
  }
  return {
    requestReversal: (reversal) => ask('reversal', buildReversal(merchant, reversal)),
    requestTransactionStatus: (question) => ask('status', buildStatus(merchant, question)),
    requestAccountBalance: (question) => ask('balance', buildBalance(merchant, question)),
    async requestPayout(payout) {
      const answer = await wire.send('payout', buildPayout(merchant, payout))
      return readAck(answer) ?? readDuplicate(answer) ?? refuse(wire.judge('payout', answer))
    },
  }
}

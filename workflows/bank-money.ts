/**
 * A line of the bank's list that finance gives to somebody. One short story for each time it is tried: counted, or
 * refused in words. Its id is the payment's, which is the line's.
 *
 * - `allocateBankMoney` (update, comes with the start): whose it is. The books decide; whoever waits for money is told.
 * What is refused ends the story; the line stays on the worklist, and the next try begins another one.
 */
import { allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow'
import type { AllocatedLine, BankAllocation } from '../domain/bank-money.ts'
import { HOUR_MS } from '../domain/time.ts'
import { allocateBankMoney } from './bank-money-messages.ts'
import { createParking, type Parking } from './parking.ts'
import { tellOfMoney } from './paybill-owner.ts'
import { books } from './proxies.ts'
import { refuse } from './refusing.ts'

/** The update is there from the first moment; a story without one has nothing to do. */
const NOBODY_CAME_MS = HOUR_MS

type State = { parking: Parking; heard: boolean; outcome: 'settled' | 'refused' | null }

export async function bankMoney(): Promise<{ outcome: 'settled' | 'refused' }> {
  const state: State = { parking: createParking(), heard: false, outcome: null }
  setHandler(allocateBankMoney, (wish) => allocate(state, wish))
  if (await condition(() => state.heard, NOBODY_CAME_MS))
    await condition(() => state.outcome !== null)
  await condition(allHandlersFinished)
  return { outcome: state.outcome ?? 'refused' }
}

async function allocate(state: State, wish: BankAllocation): Promise<AllocatedLine> {
  state.heard = true
  const answer = await state.parking.insist('count the money', () => books.allocateBankLine(wish))
  if (answer.outcome === 'refused') {
    setCurrentDetails('It stays on the worklist')
    state.outcome ??= 'refused'
    return refuse(answer.code, answer.why)
  }
  const { paymentId, applied, credited, told } = answer
  if (paymentId) await tellOfMoney({ paymentId, ownerOpen: true, told })
  setCurrentDetails('Counted by hand')
  state.outcome = 'settled'
  return { paymentId, applied, credited }
}

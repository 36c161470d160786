/** Money going back: sent once, asked about until it is certain, and nothing else tried before. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { refundWorkflowId, TASK_QUEUES } from '../../domain/ids.ts'
import { shillings } from '../../domain/money.ts'
import type { RefundInput, RefundPlan } from '../../domain/refunds.ts'
import { resolveManually, retryStep } from '../../workflows/parking.ts'
import {
  approveRefund,
  awaitRefund,
  declineRefund,
  lookNow,
  namePhone,
  refundReported,
  settleAtDesk,
  type NamedPhone,
  type RefundSay,
} from '../../workflows/refund-messages.ts'
import type { refund } from '../../workflows/refund.ts'
import { createFakeBooks, type FakeBooks } from '../support/fake-books.ts'
import {
  startWorkflowEnvironment,
  whenParked,
  type WorkflowEnvironment,
} from '../support/workflow-environment.ts'

let world: WorkflowEnvironment
let books: FakeBooks

beforeEach(async () => {
  world = await startWorkflowEnvironment()
  const clock = await world.env.currentTimeMs()
  books = createFakeBooks(shillings(6_500), () => clock)
})
afterEach(() => world.stop())

type Refund = WorkflowHandle<typeof refund>

async function begin(over: Partial<RefundInput> = {}): Promise<Refund> {
  const paymentId = randomUUID()
  books.payments.set(paymentId, {
    input: { paymentId, amount: shillings(6_500) } as never,
    status: 'settled',
    reason: '',
    counted: true,
  })
  const input = { refundId: paymentId, paymentId, reason: 'as tested', actorId: 'clock', ...over }
  return world.env.client.workflow.start<typeof refund>('refund', {
    workflowId: refundWorkflowId(input.refundId),
    taskQueue: TASK_QUEUES.payments,
    args: [input],
  })
}

async function report(handle: Refund, result: string): Promise<void> {
  const messageId = randomUUID()
  books.reports.set(messageId, { result })
  await handle.signal(refundReported, { messageId })
}

const times = (call: string) => books.calls.filter((one) => one === call).length
const until = async (handle: Refund, call: string, count = 1) => {
  while (times(call) < count) await handle.describe()
}
const say = (actorId: string): { args: [RefundSay] } => ({ args: [{ actorId, note: null }] })
/** Until it is stuck, the phone is refused. */
async function nameOnceStuck(handle: Refund, named: NamedPhone): Promise<void> {
  for (;;) {
    const refused = await handle.executeUpdate(namePhone, { args: [named] }).then(
      () => null,
      (error: unknown) => error as Error,
    )
    if (!refused) return
    if (!(refused instanceof WorkflowUpdateFailedError) && !refused.message.startsWith('update '))
      throw refused
  }
}
const how = { reason: 'sent from the till', actorId: 'ops' }
const lost = () => Promise.reject(new Error('socket hang up'))
const asPayout = () => {
  books.refundPlan = { method: 'payout', whole: false, amount: shillings(500) }
}
/** Every question is answered like this, as a report. */
const answering = (handle: Refund, result: string) => {
  books.askStatus = () => report(handle, result)
}

describe('a whole payment', () => {
  it('is taken back once and done when M-Pesa says so', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      // A result that came before the request would rightly end it without one.
      await until(handle, 'requestReversal')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('requestReversal'), times('requestPayout')]).toEqual([1, 0])
    }))

  it('is paid out instead once M-Pesa has refused for sure to take it back', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      await until(handle, 'recordRefundSent')
      await report(handle, 'R000002')
      await until(handle, 'recordRefundSent', 2)
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('requestReversal'), times('requestPayout')]).toEqual([1, 1])
    }))

  it('refused at the door is paid out as well', () =>
    world.during(books.activities, async () => {
      books.reversal = async () => ({ outcome: 'refused', code: '21' })
      const handle = await begin()
      await until(handle, 'requestPayout')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('refuseRefund')).toBe(1)
    }))

  it('of which nothing is heard is asked about within a minute, and never sent again', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      answering(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      const { startTime, closeTime } = await handle.describe()
      expect(Number(closeTime) - Number(startTime)).toBeLessThan(60_000)
      expect([times('requestReversal'), times('requestTransactionStatus')]).toEqual([1, 1])
    }))

  it('put back to its beginning, it waits for what was sent before instead of sending it again', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { sent: { conversationId: 'AG_1' } }
      const handle = await begin()
      answering(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('requestReversal'), times('requestPayout')]).toEqual([0, 0])
    }))

  it('whose answer was lost waits for its result, by whatever way a person is called', () =>
    world.during(books.activities, async () => {
      books.reversal = lost
      const handle = await begin()
      await world.env.sleep('31 hours')
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
      expect([times('requestReversal'), times('requestPayout')]).toEqual([1, 0])
      expect(times('parkRefund')).toBeGreaterThan(0)
    }))

  it('takes no other phone while it is being sent, and is not paid out besides when its answer is lost', () =>
    world.during(books.activities, async () => {
      let lose: () => void = () => undefined
      books.reversal = () =>
        new Promise((_, reject) => {
          lose = () => reject(new Error('socket hang up'))
        })
      const handle = await begin()
      await until(handle, 'requestReversal')
      const named = { actorId: 'finance', phone: '+254733999999' }
      await expect(handle.executeUpdate(namePhone, { args: [named] })).rejects.toThrow()
      lose()
      await until(handle, 'recordRefundSent')
      answering(handle, '2032')
      await world.env.sleep('40 hours')
      expect([times('requestReversal'), times('requestPayout')]).toEqual([1, 0])
      await handle.terminate()
    }))

  const waysToLearn: [string, (told: Refund) => Promise<unknown>][] = [
    ['by itself as soon as its receipt is known', () => world.env.sleep('2 hours')],
    ['at once when it is told of its receipt', (handle) => handle.signal(lookNow)],
  ]
  it.each(waysToLearn)('without a receipt goes back %s', (_, learn) => {
    let known = false
    const { openRefund } = books.activities
    const look = async (wish: RefundInput): Promise<RefundPlan> =>
      known ? openRefund(wish) : { outcome: 'blocked', why: 'no receipt' }
    return world.during({ ...books.activities, openRefund: look }, async () => {
      const handle = await begin()
      await until(handle, 'parkRefund')
      known = true
      await learn(handle)
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
    })
  })

  it('without a receipt is prepared and done by hand', () =>
    world.during(
      {
        ...books.activities,
        openRefund: async () => ({ outcome: 'blocked', why: 'no receipt' }),
      },
      async () => {
        const handle = await begin()
        await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
        expect(await handle.result()).toEqual({ outcome: 'by_hand' })
        expect([times('requestReversal'), times('settleRefundByHand')]).toEqual([0, 1])
      },
    ))
})

describe('a payout', () => {
  beforeEach(asPayout)

  it('that was executed although our request timed out is one payout', () =>
    world.during(books.activities, async () => {
      books.payout = lost
      const handle = await begin()
      answering(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('requestPayout'), times('requestTransactionStatus')]).toEqual([1, 1])
    }))

  it('that M-Pesa has met before is waited for, not sent again', () =>
    world.during(books.activities, async () => {
      books.payout = async () => ({ outcome: 'duplicate' })
      const handle = await begin()
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('requestPayout')).toBe(1)
    }))

  it('is asked about again and again, with the shortcode that pays, until the answer is certain', () => {
    const asked = jest.spyOn(books.activities, 'requestTransactionStatus')
    return world.during(books.activities, async () => {
      const handle = await begin()
      books.askStatus = () =>
        report(handle, times('requestTransactionStatus') < 4 ? 'pending' : '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('requestPayout'), times('requestTransactionStatus')]).toEqual([1, 4])
      expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ account: 'payout' }))
    })
  })

  it('that M-Pesa does not know a day later is a case, and sent again only by a person, under its key', () =>
    world.during(books.activities, async () => {
      const keys: string[] = []
      books.payout = (wish) => {
        keys.push(wish.payoutId)
        return lost()
      }
      const handle = await begin()
      answering(handle, '2032')
      await world.env.sleep('31 hours')
      await whenParked(() => handle.executeUpdate(retryStep))
      expect(times('parkRefund')).toBe(1)
      await until(handle, 'requestPayout', 2)
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(keys).toEqual(Array(2).fill(handle.workflowId.replace('refund:', '')))
    }))

  it('that M-Pesa never speaks of is a case after days, and is asked about all the same', () =>
    world.during(books.activities, async () => {
      const handle = await begin()
      answering(handle, 'pending')
      await world.env.sleep('4 days')
      const asked = times('requestTransactionStatus')
      await world.env.sleep('1 day')
      expect(times('requestTransactionStatus')).toBeGreaterThan(asked)
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
      expect(times('requestPayout')).toBe(1)
      expect(times('parkRefund')).toBeGreaterThan(0)
    }))

  it('refused for its phone goes to the one that finance names', () =>
    world.during(books.activities, async () => {
      const phones: string[] = []
      books.payout = async ({ phone }) => {
        phones.push(phone)
        return { outcome: 'accepted', conversationId: 'AG', originatorConversationId: 'o' }
      }
      const handle = await begin()
      await until(handle, 'recordRefundSent')
      const named = { actorId: 'ops', phone: '+254733900111' }
      await expect(handle.executeUpdate(namePhone, { args: [named] })).rejects.toThrow()
      await report(handle, '2040')
      await until(handle, 'parkRefund')
      await nameOnceStuck(handle, named)
      await expect(handle.executeUpdate(approveRefund, say('ops'))).rejects.toThrow()
      await expect(handle.executeUpdate(approveRefund, say('clock'))).rejects.toThrow()
      expect(phones).toEqual(['+254712345678'])
      await handle.executeUpdate(approveRefund, say('other'))
      await until(handle, 'recordRefundSent', 2)
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(phones).toEqual(['+254712345678', '+254733900111'])
      expect(times('switchToPayout')).toBe(0)
    }))

  it('goes to the phone that it had when another person declines the new one', () =>
    world.during(books.activities, async () => {
      const phones: string[] = []
      books.payout = async ({ phone }) => {
        phones.push(phone)
        const refusal = { outcome: 'refused', code: '2040', class: 'N' } as const
        return phones.length === 1 ? refusal : { outcome: 'duplicate' }
      }
      const handle = await begin()
      const named = { actorId: 'ops', phone: '+254733900111' }
      await nameOnceStuck(handle, named)
      // Pressed while the word is waited for: nothing is sent before it.
      await handle.executeUpdate(retryStep)
      await world.env.sleep('1 hour')
      expect(phones).toHaveLength(1)
      await handle.executeUpdate(declineRefund, say('other'))
      await until(handle, 'recordRefundSent')
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(phones).toEqual(['+254712345678', '+254712345678'])
    }))
})

describe('a second person', () => {
  beforeEach(() => {
    books.refundPlan = { awaitsApproval: true }
  })
  it('must not be the first, and nothing moves before the word', () =>
    world.during(books.activities, async () => {
      const handle = await begin({ actorId: 'asker', askedBy: 'person' })
      expect(await handle.executeUpdate(awaitRefund)).toMatchObject({ status: 'awaiting_approval' })
      await expect(handle.executeUpdate(approveRefund, say('asker'))).rejects.toThrow()
      expect(times('requestReversal')).toBe(0)
      await handle.executeUpdate(approveRefund, say('other'))
      await report(handle, '0')
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
    }))

  it('who declines ends it, and the money never moves', () =>
    world.during(books.activities, async () => {
      const handle = await begin({ actorId: 'asker', askedBy: 'person' })
      await handle.executeUpdate(awaitRefund)
      await handle.executeUpdate(declineRefund, say('other'))
      expect(await handle.result()).toEqual({ outcome: 'declined' })
      expect([times('requestReversal'), times('approveRefund')]).toEqual([0, 0])
      expect(times('openRefund')).toBe(1)
    }))

  it('who declines what an ended booking had to leave lets it go back all the same', async () => {
    const asked: RefundInput[] = []
    const openRefund = (wish: RefundInput) => {
      asked.push(wish)
      return books.activities.openRefund(wish)
    }
    await world.during({ ...books.activities, openRefund }, async () => {
      const handle = await begin({ actorId: 'asker', askedBy: 'person' })
      await handle.executeUpdate(awaitRefund)
      const paymentId = asked[0]?.paymentId ?? ''
      books.leftover = { paymentId, ownerNumber: 'RSV-26-000001' }
      await handle.executeUpdate(declineRefund, say('other'))
      expect(await handle.result()).toEqual({ outcome: 'declined' })
      while (asked.length < 2) await handle.describe()
    })
    expect(asked[1]).toMatchObject({ paymentId: asked[0]?.paymentId, actorId: 'gari' })
    expect(asked[1]?.askedBy).toBeUndefined()
    expect(asked[1]?.refundId).not.toBe(asked[0]?.refundId)
  })
})

describe('other ways', () => {
  it('cash is paid at the desk, once', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'cash' }
      const handle = await begin()
      await until(handle, 'openRefund')
      const paid = { actorId: 'desk', tillSessionId: randomUUID() }
      await handle.executeUpdate(awaitRefund)
      await handle.executeUpdate(settleAtDesk, { args: [paid] })
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('settleRefundInCash'), times('requestReversal')]).toEqual([1, 0])
    }))

  it('cash out of a till that was closed meanwhile is said not to count, and counts from an open one', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'cash' }
      books.tillIsOpen = false
      const handle = await begin()
      await until(handle, 'openRefund')
      await handle.executeUpdate(awaitRefund)
      const pay = () => {
        const paid = { actorId: 'desk', tillSessionId: randomUUID() }
        return handle.executeUpdate(settleAtDesk, { args: [paid] })
      }
      await expect(pay()).rejects.toThrow()
      books.tillIsOpen = true
      await pay()
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect(times('settleRefundInCash')).toBe(2)
    }))

  it('cash that could not be written down, and was settled by hand, is said not to count', () => {
    const broken = () => Promise.reject(ApplicationFailure.nonRetryable('broken'))
    return world.during({ ...books.activities, settleRefundInCash: broken }, async () => {
      books.refundPlan = { method: 'cash' }
      const handle = await begin()
      await until(handle, 'openRefund')
      await handle.executeUpdate(awaitRefund)
      const paid = { actorId: 'desk', tillSessionId: randomUUID() }
      const heard = expect(handle.executeUpdate(settleAtDesk, { args: [paid] })).rejects.toThrow()
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
      await heard
    })
  })

  it('cash goes to no phone, whoever names one', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'cash', phone: null }
      const handle = await begin()
      await handle.executeUpdate(awaitRefund)
      const named = { actorId: 'finance', phone: '+254733999999' }
      await expect(handle.executeUpdate(namePhone, { args: [named] })).rejects.toThrow()
      expect(times('nameRefundPhone')).toBe(0)
      await handle.terminate()
    }))

  it.each(['credit', 'account'] as const)('%s is written back at once, by nobody', (method) =>
    world.during(books.activities, async () => {
      books.refundPlan = { method }
      const handle = await begin()
      expect(await handle.result()).toEqual({ outcome: 'refunded' })
      expect([times('settleRefundByHand'), times('parkRefund')]).toEqual([1, 0])
      expect([times('requestReversal'), times('requestPayout')]).toEqual([0, 0])
    }),
  )

  it('a card payment is a case until somebody says how it went back', () =>
    world.during(books.activities, async () => {
      books.refundPlan = { method: 'by_hand' }
      const handle = await begin()
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
      expect([times('parkRefund'), times('settleRefundByHand')]).toEqual([1, 1])
    }))

  it('above the limit is written down only by the word that two people stand for', () => {
    let isAgreed = false
    const settleRefundByHand = async () => {
      if (!isAgreed) throw new Error('a second person must agree')
    }
    return world.during({ ...books.activities, settleRefundByHand }, async () => {
      books.refundPlan = { method: 'by_hand' }
      const handle = await begin()
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      isAgreed = true
      await whenParked(() => handle.executeUpdate(resolveManually, { args: [how] }))
      expect(await handle.result()).toEqual({ outcome: 'by_hand' })
    })
  })

  it('a wish that cannot be is refused to whoever asked, in words', () =>
    world.during(
      {
        ...books.activities,
        openRefund: async () => ({ outcome: 'refused', why: 'At most KSh 500.' }),
      },
      async () => {
        const handle = await begin({ askedBy: 'person' })
        expect(await handle.result()).toEqual({ outcome: 'refused' })
        expect(times('requestReversal')).toBe(0)
      },
    ))
})

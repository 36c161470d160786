import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { forge, forgerySchema } from '../forgery.ts'
import { stkNotice } from '../notices/stk-callback.ts'
import type { Simulator } from '../simulator.ts'
import { plain, taking, type Endpoint } from './endpoint.ts'

const LIMIT_COPIES = 20
const LONGEST_OUTAGE_MS = 600_000

const resendSchema = z.strictObject({
  copies: z.number().int().min(1).max(LIMIT_COPIES).default(1),
})

export const releaseSchema = z.strictObject({
  order: z.enum(['oldest-first', 'newest-first']).default('oldest-first'),
})

const outageSchema = z.strictObject({
  forMs: z.number().int().min(1).max(LONGEST_OUTAGE_MS).default(5_000),
})

/** What Daraja tells the merchant: again, in another order, or without ever having meant it. */
export const noticeEndpoints = (simulator: Simulator): Endpoint[] => {
  const { ledger, posts } = simulator
  return [
    taking(
      'POST',
      '/callbacks/forge',
      'Posts a callback that Daraja never sent; what is not given is taken from the transaction.',
      forgerySchema,
      async (c, forged) => c.json({ outcome: await forge(simulator, forged) }),
    ),
    plain('GET', '/callbacks/held', 'How many notices wait in the mood `holdCallback`.', (c) =>
      c.json({ held: posts.held() }),
    ),
    taking(
      'POST',
      '/callbacks/release',
      'Lets the held notices out, in this order.',
      releaseSchema,
      async (c, { order }) => c.json({ released: await posts.release(order) }),
    ),
    taking(
      'POST',
      '/callbacks/:id/resend',
      'Posts the callback of this CheckoutRequestID again.',
      resendSchema,
      async (c, { copies }) => {
        const transaction = ledger.transactions.get(c.req.param('id') ?? '')
        if (!transaction) throw new HTTPException(404, { message: 'no such CheckoutRequestID' })
        return c.json({ outcomes: await posts.resend(stkNotice(transaction, {}), copies) })
      },
    ),
    taking(
      'POST',
      '/outage',
      'Refuses every connection for so long; this API is away as well.',
      outageSchema,
      (c, { forMs }) => {
        closeDoor(simulator, forMs)
        return c.json({ forMs }, 202)
      },
    ),
  ]
}

export const closeDoor = ({ door }: Simulator, forMs: number): void => {
  if (!door.closeFor) throw new HTTPException(409, { message: 'the simulator does not listen' })
  door.closeFor(forMs)
}

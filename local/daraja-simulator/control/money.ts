import { z } from 'zod'
import { newReceipt, unused } from '../ids.ts'
import { statementCsv, statementQuery } from '../money/statement.ts'
import type { Simulator } from '../simulator.ts'
import { checked, plain, taking, type Endpoint } from './endpoint.ts'

const place = z.enum(['utility', 'working', 'bank'])

export const transferSchema = z
  .strictObject({ from: place, to: place, amount: z.number().int().min(1).max(1_000_000_000) })
  .refine(({ from, to }) => from !== to, { message: 'from and to are the same' })

/** Everything that is known of the paybill's money, and the hands of its owner. */
export const moneyEndpoints = (simulator: Simulator): Endpoint[] => {
  const { ledger, operator, clock } = simulator
  return [
    plain(
      'GET',
      '/ledger',
      'Every payment, request and movement of money, and all balances.',
      (c) => c.json(ledger.report()),
    ),
    plain(
      'GET',
      '/statement.csv',
      `The organisation statement. Query: ${Object.keys(statementQuery.shape).join(', ')}.`,
      (c) => {
        const wanted = checked(statementQuery, c.req.query())
        return c.body(statementCsv(simulator, wanted), 200, {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="statement.csv"',
        })
      },
    ),
    taking(
      'POST',
      '/transfers',
      'Moves the paybill’s own money between utility, working and bank.',
      transferSchema,
      (c, wanted) => c.json({ receipt: transferMoney(simulator, wanted) }),
    ),
    plain('GET', '/operator', 'Wrong credentials in a row, and whether it is locked.', (c) =>
      c.json({ ...operator.state(), certificate: simulator.keys.certificatePem }),
    ),
    plain('POST', '/operator/unlock', 'Unlocks the API operator.', (c) => {
      operator.unlock()
      return c.json(operator.state())
    }),
    plain('GET', '/registrations', 'The addresses for C2B, and the shortcode for Pull.', (c) =>
      c.json(ledger.registrations),
    ),
    plain('DELETE', '/registrations', 'Forgets both, as the portal does on request.', (c) => {
      forgetRegistrations(simulator)
      return c.json(ledger.registrations)
    }),
    plain('GET', '/clock', 'What time it is for Daraja.', (c) =>
      c.json({ now: clock.now().toISOString() }),
    ),
  ]
}

export const transferMoney = (
  { ledger, clock }: Simulator,
  wanted: z.infer<typeof transferSchema>,
): string => {
  const at = clock.now()
  const receipt = unused(() => newReceipt(at), ledger.isReceiptTaken)
  ledger.record({ kind: 'transfer', receipt, ...wanted, at: at.toISOString() })
  return receipt
}

export const forgetRegistrations = ({ ledger, clock }: Simulator): void => {
  const at = clock.now().toISOString()
  ledger.record({ kind: 'c2b-urls', urls: null, at })
  ledger.record({ kind: 'pull', shortCode: null, at })
}

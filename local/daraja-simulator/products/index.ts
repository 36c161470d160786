import { Hono } from 'hono'
import { refuse, wrongMethod } from '../errors.ts'
import { gate, type GateEnv } from '../gate.ts'
import { answerOauth } from '../oauth.ts'
import type { Simulator } from '../simulator.ts'
import { answerReversal, reversalScope } from './reversal.ts'
import { answerStkPush, pushScope } from './stk-push.ts'
import { answerStkQuery, queryScope } from './stk-query.ts'

const PATHS = {
  oauth: '/oauth/v1/generate',
  push: '/mpesa/stkpush/v1/processrequest',
  query: '/mpesa/stkpushquery/v1/query',
  reversal: '/mpesa/reversal/v1/request',
}

/** Safaricom's paths; each product passes the gate first. */
export const productRoutes = (simulator: Simulator) => {
  const { ledger, merchant, payments, reversals } = simulator
  const app = new Hono<GateEnv>()
  app.get(PATHS.oauth, gate(simulator, 'oauth'), answerOauth(simulator))
  app.post(PATHS.push, gate(simulator, 'stk-push', pushScope), answerStkPush(simulator, payments))
  app.post(PATHS.query, gate(simulator, 'stk-query', queryScope(ledger)), answerStkQuery(simulator))
  app.post(
    PATHS.reversal,
    gate(simulator, 'reversal', reversalScope(ledger)),
    answerReversal(merchant, reversals),
  )
  for (const path of Object.values(PATHS))
    app.all(path, (c) => refuse(c, wrongMethod(c.req.method)))
  return app
}

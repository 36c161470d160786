import { Hono, type Context } from 'hono'
import { refuse } from '../errors.ts'
import { gate, type GateEnv } from '../gate.ts'
import type { Scope } from '../moods.ts'
import { answerOauth } from '../oauth.ts'
import type { Product } from '../product-names.ts'
import { wrongMethod } from '../product-refusals.ts'
import type { Simulator } from '../simulator.ts'
import { answerB2c, payoutScope } from './b2c.ts'
import { answerRegisterUrl, answerSimulate, handScope } from './c2b.ts'
import { answerBalance, answerStatus, statusScope } from './inquiries.ts'
import { answerPullQuery, answerPullRegister } from './pull.ts'
import { answerReversal, reversalScope } from './reversal.ts'
import { answerStkPush, pushScope } from './stk-push.ts'
import { answerStkQuery, queryScope } from './stk-query.ts'

type Call = {
  path: string
  product: Product
  methods?: string[]
  /** Whose mood counts, read from a body that nobody has checked yet. */
  scope?: (body: unknown) => Scope
  answer: (c: Context<GateEnv>) => Response | Promise<Response>
}

/** Safaricom's paths. */
const calls = (simulator: Simulator): Call[] => {
  const { ledger } = simulator
  return [
    {
      path: '/oauth/v1/generate',
      product: 'oauth',
      methods: ['GET'],
      answer: answerOauth(simulator),
    },
    {
      path: '/mpesa/stkpush/v1/processrequest',
      product: 'stk-push',
      scope: pushScope,
      answer: answerStkPush(simulator),
    },
    {
      path: '/mpesa/stkpushquery/v1/query',
      product: 'stk-query',
      scope: queryScope(ledger),
      answer: answerStkQuery(simulator),
    },
    {
      path: '/mpesa/reversal/v1/request',
      product: 'reversal',
      scope: reversalScope(ledger),
      answer: answerReversal(simulator),
    },
    ...(['v1', 'v3'] as const).map((version): Call => ({
      path: `/mpesa/b2c/${version}/paymentrequest`,
      product: 'b2c',
      scope: payoutScope,
      answer: answerB2c(simulator, version),
    })),
    {
      path: '/mpesa/transactionstatus/v1/query',
      product: 'transaction-status',
      scope: statusScope(ledger),
      answer: answerStatus(simulator),
    },
    {
      path: '/mpesa/accountbalance/v1/query',
      product: 'account-balance',
      answer: answerBalance(simulator),
    },
    ...handCalls(simulator),
    ...pullCalls(simulator),
  ]
}

const handCalls = (simulator: Simulator): Call[] =>
  (['v1', 'v2'] as const).flatMap((version): Call[] => [
    {
      path: `/mpesa/c2b/${version}/registerurl`,
      product: 'c2b',
      answer: answerRegisterUrl(simulator, version),
    },
    {
      path: `/mpesa/c2b/${version}/simulate`,
      product: 'c2b',
      scope: handScope,
      answer: answerSimulate(simulator, version),
    },
  ])

/** The portal calls the query a GET and shows a body; clients send a POST. */
const pullCalls = (simulator: Simulator): Call[] => [
  {
    path: '/pulltransactions/v1/register',
    product: 'pull',
    answer: answerPullRegister(simulator),
  },
  {
    path: '/pulltransactions/v1/query',
    product: 'pull',
    answer: answerPullQuery(simulator),
  },
]

/** Each product passes the gate first. */
export const productRoutes = (simulator: Simulator) => {
  const app = new Hono<GateEnv>()
  for (const { path, product, methods = ['POST'], scope, answer } of calls(simulator)) {
    app.on(methods, path, gate(simulator, product, scope), answer)
    app.all(path, (c) => refuse(c, wrongMethod(product, c.req.method)))
  }
  return app
}

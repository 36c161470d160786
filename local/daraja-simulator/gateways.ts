import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { IncomingMessage } from 'node:http'
import { refusal, refuse } from './errors.ts'
import { newRequestId } from './ids.ts'
import type { Mood } from './moods.ts'

type Fault = Exclude<NonNullable<Mood['fault']>, 'token-expired'>

const busy = refusal(500, '500.003.02', 'System is busy. Please try again in few minutes.')
const spikeArrest = refusal(500, '500.003.02', 'Error Occurred: Spike Arrest Violation')
const quota = refusal(500, '500.003.03', 'Error Occurred: Quota Violation')
const unreachable = refusal(
  500,
  '500.003.1001',
  'Service is currently unreachable. Please try again later.',
)

const incident = (title: string) =>
  `<html><head><title>${title}</title></head><body><iframe id="main-iframe" src="about:blank">` +
  `Request unsuccessful. Incapsula incident ID: ${newRequestId()}</iframe></body></html>`

const faultBody = {
  fault: {
    faultstring: 'Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5}',
    detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
  },
}

/** The two gateways in front of Daraja answer in their own ways, most of them not in Daraja's envelope. */
export const gatewayAnswers: Record<Fault, (c: Context) => Response> = {
  outage: (c) => c.html(incident('Service Unavailable'), 503),
  'hang-up': (c) => hangUp(c),
  unreachable: (c) => refuse(c, unreachable),
  'spike-arrest': (c) => c.json(faultBody, 429),
  'spike-arrest-500': (c) => refuse(c, spikeArrest),
  quota: (c) => refuse(c, quota),
  'html-403': (c) => c.html(incident('Forbidden'), 403),
  busy: (c) => refuse(c, busy),
  garbage: (c) => c.body('{"ResponseCode":"0","Resp', 200),
  empty: (c) => c.body('', 500),
}

type Bindings = { incoming?: IncomingMessage } | undefined

/** The connection breaks before a word of answer; without a socket, as in a test, it is an empty 503. */
export const hangUp = (c: Context): Response => {
  const incoming = (c.env as Bindings)?.incoming
  if (!incoming) return c.body('', 503)
  incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

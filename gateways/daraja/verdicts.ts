/**
 * What an answer of Daraja proves. The one question is whether the request was certainly not executed: only then
 * may a customer be told "not charged" and the phone be asked again. Everything that is not on this page is unclear.
 */
import { errorEnvelope, gatewayFault } from '../../domain/schemas/daraja-calls.ts'
import type { Exchange } from './exchange.ts'

/** CONFIGURATION: our fault. UNREACHABLE: try later. 1001: the phone has another request open. */
export type RefusalCode = 'CONFIGURATION' | 'UNREACHABLE' | '1001'

export type Verdict =
  /** Certainly not executed. `detail` is Daraja's own code, for people who look after the set-up. */
  | { kind: 'refused'; code: RefusalCode; detail: string }
  /** Certainly not executed, and a fresh token may help. */
  | { kind: 'invalid-token'; detail: string }
  | { kind: 'unclear'; why: string }

/** The token is looked at by the gateway before the request is passed on. One code a product; 401.001 is Pull's. */
const INVALID_TOKEN = new Set(['404.001.03', '400.003.01', '401.003.01', '401.002.01', '401.001'])

/** What 401.003.01 says of a token that holds, for a product that our app lacks. */
const NOT_SUBSCRIBED = /no apiproduct match/i

/**
 * CONFIGURATION: the request was refused while it was being read (a field, the path, the method, the header).
 * UNREACHABLE: 500.003.02 (busy, spike arrest) and 500.003.03 (quota) are policies of the gateway, which runs them
 * instead of passing the request on. 500.003.1001 ("internal error") and 500.002.1001 ("maintenance", and for a
 * payout "duplicate") prove nothing and are not here. 400.001 is Pull's word for a wrong shortcode.
 */
const REFUSED: Record<string, RefusalCode> = {
  '400.001': 'CONFIGURATION',
  '400.002.02': 'CONFIGURATION',
  '400.002.05': 'CONFIGURATION',
  '400.003.02': 'CONFIGURATION',
  '404.001.01': 'CONFIGURATION',
  '404.002.01': 'CONFIGURATION',
  '404.003.01': 'CONFIGURATION',
  '404.001.04': 'CONFIGURATION',
  '405.001': 'CONFIGURATION',
  '500.003.02': 'UNREACHABLE',
  '500.003.03': 'UNREACHABLE',
}

/**
 * 500.001.1001 means six things, told apart by their text only. The first three come from checks that Daraja makes
 * before it asks the phone; any other text, and none, is unclear.
 */
const OVERLOADED_CODE = '500.001.1001'
const BY_TEXT: [RegExp, RefusalCode][] = [
  [/wrong credentials/i, 'CONFIGURATION'],
  [/merchant does not exist/i, 'CONFIGURATION'],
  [/unable to lock subscriber/i, '1001'],
]

/** Apigee's own faults: rate limits and tokens are checked on the way in; others may be about the way back. */
const RATE_LIMIT_FAULT = /^policies\.ratelimit\./
const TOKEN_FAULT = /invalid_?access_?token|access_token_expired|InvalidApiKey/i

const BAD_REQUEST = 400
const UNAUTHORIZED = 401
const FORBIDDEN = 403
const TOO_MANY_REQUESTS = 429
const UNAVAILABLE = 503

/** For every answer that is not the acceptance of the request. */
export function judge(answer: Exchange): Verdict {
  if (answer.kind === 'lost') return { kind: 'unclear', why: answer.why }
  if (answer.kind === 'not-sent') {
    const code = answer.fault === 'configuration' ? 'CONFIGURATION' : 'UNREACHABLE'
    return { kind: 'refused', code, detail: answer.why }
  }
  return answer.status < BAD_REQUEST
    ? { kind: 'unclear', why: `M-Pesa’s answer could not be read (HTTP ${answer.status})` }
    : (judgeEnvelope(answer) ?? judgeFault(answer) ?? judgeFrontGateway(answer))
}

type Answer = Extract<Exchange, { kind: 'answer' }>

function judgeEnvelope({ json }: Answer): Verdict | null {
  const read = errorEnvelope.safeParse(json)
  if (!read.success) return null
  const { errorCode: detail, errorMessage } = read.data
  if (INVALID_TOKEN.has(detail))
    return NOT_SUBSCRIBED.test(errorMessage ?? '')
      ? { kind: 'refused', code: 'CONFIGURATION', detail }
      : { kind: 'invalid-token', detail }
  const code =
    detail === OVERLOADED_CODE
      ? BY_TEXT.find(([pattern]) => pattern.test(errorMessage ?? ''))?.[1]
      : REFUSED[detail]
  return code
    ? { kind: 'refused', code, detail }
    : { kind: 'unclear', why: `M-Pesa answered ${detail}` }
}

function judgeFault({ json }: Answer): Verdict | null {
  const read = gatewayFault.safeParse(json)
  if (!read.success) return null
  const detail = read.data.fault.detail.errorcode
  if (RATE_LIMIT_FAULT.test(detail)) return { kind: 'refused', code: 'UNREACHABLE', detail }
  if (TOKEN_FAULT.test(detail)) return { kind: 'invalid-token', detail }
  return { kind: 'unclear', why: `M-Pesa’s gateway answered ${detail}` }
}

/**
 * Bodies that are not Daraja's.
 * - 401 and 429, from whomever, are by their meaning given instead of doing anything.
 * - 403 without Daraja's envelope is the firewall (Imperva): it blocks a request instead of passing it on.
 * - 503 counts only with the firewall's page ("Incapsula incident ID"): it shows that when it could not hand the
 *   request to anybody. A bare 503 may come from behind, after the request was taken, and is unclear.
 * Should one of these ever be wrong, the callback still names the payment and its money is settled as late money.
 */
function judgeFrontGateway({ status, json, text }: Answer): Verdict {
  const detail = `HTTP ${status}`
  if (status === UNAUTHORIZED) return { kind: 'invalid-token', detail }
  const blocked = status === FORBIDDEN && json === undefined
  const turnedAway = status === UNAVAILABLE && /incapsula|incident id/i.test(text)
  return status === TOO_MANY_REQUESTS || blocked || turnedAway
    ? { kind: 'refused', code: 'UNREACHABLE', detail }
    : { kind: 'unclear', why: `M-Pesa answered HTTP ${status}` }
}

/** Whether Daraja itself is in trouble, as opposed to having said no to one request: opens the breaker. */
export const isTrouble = (answer: Exchange): boolean => {
  if (answer.kind !== 'answer') return answer.kind === 'lost' || answer.fault === 'unreachable'
  const verdict = answer.status < BAD_REQUEST ? null : judge(answer)
  return verdict?.kind === 'refused' && verdict.code === 'UNREACHABLE'
}

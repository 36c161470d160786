/** What Daraja answers to registrations and to Pull. */
import type { PullAnswer, RegisterAnswer } from '../../domain/daraja.ts'
import { parseRegisterAck } from '../../domain/schemas/daraja-paybill-calls.ts'
import { parsePullAnswer, type PullClock } from '../../domain/schemas/daraja-pull.ts'
import { isOk } from './answers.ts'
import type { Exchange } from './exchange.ts'

const PULL_OK = '1000'
/** Of a registration: there is one already. Of a page: there is nothing in it. */
const PULL_NOTHING_NEW = '1001'

/** An error by its code (500.003.1001), which has other texts too. */
const ALREADY = /already registered|duplicate notification info/i

/** The code may be missing, or eight zeros; then the id or the text must say that it is this answer. */
export function readUrlRegistration(answer: Exchange): RegisterAnswer | null {
  if (answer.kind === 'answer' && ALREADY.test(answer.text)) return { outcome: 'already' }
  const ack = isOk(answer) ? parseRegisterAck(answer.json) : null
  if (!ack) return null
  const accepted =
    ack.code === null ? ack.hasId || /success/i.test(ack.description) : /^0+$/.test(ack.code)
  return accepted ? { outcome: 'registered' } : null
}

export function readPullRegistration(answer: Exchange): RegisterAnswer | null {
  const ack = isOk(answer) ? parseRegisterAck(answer.json) : null
  if (ack?.code === PULL_OK) return { outcome: 'registered' }
  return ack?.code === PULL_NOTHING_NEW ? { outcome: 'already' } : null
}

/** No payments at all may also be said as an error. */
const NO_PAYMENTS = /no transactions?\b/i

export function readPull(answer: Exchange, offset: number, clock: PullClock): PullAnswer | null {
  if (answer.kind !== 'answer') return null
  if (answer.status === 500 && NO_PAYMENTS.test(answer.text)) return { outcome: 'none' }
  const page = isOk(answer) ? parsePullAnswer(answer.json, clock) : null
  if (page?.code !== PULL_OK && page?.code !== PULL_NOTHING_NEW) return null
  const { rows, lines, unreadable } = page
  // Rows count more than a code that says there are none.
  if (rows === 0) return { outcome: 'none' }
  return { outcome: 'page', lines, unreadable, nextOffset: offset + rows }
}

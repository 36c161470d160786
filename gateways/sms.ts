/** SMS by Africa's Talking. */
import { bulkhead, timeout, TimeoutStrategy, wrap } from 'cockatiel'
import { z } from 'zod'
import { neverSent } from './unsent.ts'

export type SmsMessage = {
  /** E.164. */
  to: string
  text: string
  /** Names this message in our books. Africa's Talking has no such field of its own, so it is only a header. */
  key: string
}

/** `refused`: surely not sent. `unknown`: it may have been sent, so sending again may send it twice. */
export type SmsOutcome = 'sent' | 'refused' | 'unknown'
export type Sms = { send(message: SmsMessage): Promise<SmsOutcome> }

export type SmsOptions = {
  baseUrl: string
  username: string
  apiKey: string
  /** A registered short code or name; without one Africa's Talking uses its own. */
  sender?: string | undefined
  timeoutMs?: number
  fetch?: typeof fetch
}

const TIMEOUT_MS = 15_000
const CALLS_AT_ONCE = 8
const CALLS_WAITING = 1_000
const PATH = '/version1/messaging'

/** 100 processed, 101 sent, 102 queued; from 400 on it was not taken. */
const TAKEN = new Set([100, 101, 102])
const FIRST_REFUSAL = 400
const FIRST_SERVER_FAULT = 500

const answerSchema = z.object({
  SMSMessageData: z.object({ Recipients: z.array(z.object({ statusCode: z.coerce.number() })) }),
})

/** Rejects only when nothing was sent and nobody refused: no connection, or too many at once. Then try again. */
export function createSms(options: SmsOptions): Sms {
  const { fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options
  const policy = wrap(
    bulkhead(CALLS_AT_ONCE, CALLS_WAITING),
    timeout(timeoutMs, TimeoutStrategy.Cooperative),
  )
  return {
    send: (message) =>
      policy.execute(async ({ signal }) => {
        try {
          return await readOutcome(await post(send, options, message, signal))
        } catch (error) {
          if (neverSent(error)) {
            throw new Error('the SMS provider cannot be reached', { cause: error })
          }
          return 'unknown'
        }
      }),
  }
}

const post = (
  send: typeof fetch,
  { baseUrl, username, apiKey, sender }: SmsOptions,
  { to, text, key }: SmsMessage,
  signal: AbortSignal,
): Promise<Response> =>
  send(`${baseUrl.replace(/\/+$/, '')}${PATH}`, {
    method: 'POST',
    headers: { accept: 'application/json', apiKey, 'idempotency-key': key },
    body: new URLSearchParams({ username, to, message: text, ...(sender ? { from: sender } : {}) }),
    redirect: 'manual',
    signal,
  })

async function readOutcome(response: Response): Promise<SmsOutcome> {
  const text = await response.text()
  if (response.status >= FIRST_SERVER_FAULT) return 'unknown'
  if (response.status >= FIRST_REFUSAL) return 'refused'
  const read = answerSchema.safeParse(parseJson(text))
  const [recipient] = read.data?.SMSMessageData.Recipients ?? []
  if (!recipient) return read.success ? 'refused' : 'unknown'
  if (TAKEN.has(recipient.statusCode)) return 'sent'
  const refused = recipient.statusCode >= FIRST_REFUSAL && recipient.statusCode < FIRST_SERVER_FAULT
  return refused ? 'refused' : 'unknown'
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

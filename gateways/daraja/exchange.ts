/** One HTTP call to Daraja, and what is certain about it afterwards. Nothing here throws or retries. */
import { neverSent } from '../unsent.ts'

/**
 * - `answer`: Daraja, or a gateway in front of it, replied. `json` is undefined when the body is none.
 * - `not-sent`: certainly nothing was executed.
 * - `lost`: the request may have been executed.
 */
export type Exchange =
  | { kind: 'answer'; status: number; json: unknown; text: string }
  | { kind: 'not-sent'; fault: 'unreachable' | 'configuration'; why: string }
  | { kind: 'lost'; why: string }

export type Call = {
  method: 'GET' | 'POST'
  url: string
  authorization?: string
  body?: unknown
  /** In bytes; what is longer is cut, and is then no JSON any more. */
  longestAnswer?: number | undefined
  signal: AbortSignal
}

/** Daraja's answers have a few hundred bytes, the firewall's pages a few thousand. */
const LONGEST_ANSWER_BYTES = 64 * 1024
/** The firewall turns odd user agents away. */
const USER_AGENT = 'Mozilla/5.0 (compatible; Gari/1.0)'

export async function exchange(send: typeof fetch, call: Call): Promise<Exchange> {
  if (call.signal.aborted) return notSent('there was no time left to ask')
  try {
    const response = await send(call.url, {
      method: call.method,
      headers: {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(call.authorization === undefined ? {} : { authorization: call.authorization }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      // A redirected POST may arrive twice or as a GET; Daraja has no reason to redirect.
      redirect: 'manual',
      signal: call.signal,
    })
    const text = await readText(response, call.longestAnswer ?? LONGEST_ANSWER_BYTES)
    return { kind: 'answer', status: response.status, json: parseJson(text), text }
  } catch (error) {
    if (!call.signal.aborted && neverSent(error)) return notSent('M-Pesa cannot be reached')
    return {
      kind: 'lost',
      why: call.signal.aborted ? 'M-Pesa did not answer in time' : 'the connection to M-Pesa broke',
    }
  }
}

export const notSent = (
  why: string,
  fault: 'unreachable' | 'configuration' = 'unreachable',
): Exchange => ({ kind: 'not-sent', fault, why })

async function readText(response: Response, longest: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > longest) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What crosses the event log. Keys order: messages of one key arrive in the order in which they were published. */
import type { IHeaders } from 'kafkajs'

export type OutgoingMessage = { key: string; value: string; headers: Record<string, string> }

export type IncomingMessage = OutgoingMessage & {
  topic: string
  partition: number
  /** A 64-bit number as text. */
  offset: string
}

/** Thrown by a handler for a message that can never be handled: it is set aside, and the next one comes. */
export class PoisonMessage extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'PoisonMessage'
  }
}

export const deadTopic = (topic: string): string => `${topic}.dead`

/** The message as it was, and where it stood; the reason is ours, so it holds nothing of the content. */
export const toDeadLetter = (message: IncomingMessage, reason: string): OutgoingMessage => ({
  key: message.key,
  value: message.value,
  headers: {
    ...message.headers,
    'dead-reason': reason,
    'dead-topic': message.topic,
    'dead-partition': String(message.partition),
    'dead-offset': message.offset,
  },
})

export const readHeaders = (headers: IHeaders | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String).join(',') : String(value ?? ''),
    ]),
  )

/** One JSON line an entry, on standard output. */
import pino, { type DestinationStream, type LevelWithSilent } from 'pino'
import { redact, redactText } from './redaction.ts'

type Write = (detail: object, message: string) => void

/** What the rest of Gari needs of a log. Details are objects; the message is a constant sentence. */
export type Log = {
  debug: Write
  info: Write
  warn: Write
  error: Write
  child(bindings: object): Log
}
export type LogLevel = LevelWithSilent

/** `destination` is for tests. */
export function createLog(
  options: { level: LogLevel; name: string },
  destination?: DestinationStream,
): Log {
  const logger = pino(
    {
      ...options,
      base: { name: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (detail) => redact(detail) as Record<string, unknown>,
      },
      hooks: {
        logMethod(inputs, method) {
          const [detail, message, ...rest] = inputs
          const safe = typeof message === 'string' ? redactText(message) : message
          method.apply(this, [detail, safe, ...rest] as Parameters<typeof method>)
        },
      },
    },
    ...(destination ? [destination] : []),
  )
  return toLog(logger)
}

const toLog = (logger: pino.Logger): Log => ({
  debug: (detail, message) => logger.debug(detail, message),
  info: (detail, message) => logger.info(detail, message),
  warn: (detail, message) => logger.warn(detail, message),
  error: (detail, message) => logger.error(detail, message),
  // pino formats the bindings of the first logger only.
  child: (bindings) => toLog(logger.child(redact(bindings) as object)),
})

/** Which errors of the books will be the same tomorrow: to repeat the step cures them no more. */
import { BaseError } from 'sequelize'

/** SQLSTATE classes: data that cannot be, a constraint that is broken, a statement that is wrong. */
const LASTING_CLASSES = new Set(['22', '23', '42'])

const sqlStateOf = (error: BaseError): string => {
  const parent = 'parent' in error ? (error.parent as { code?: unknown } | undefined) : undefined
  return typeof parent?.code === 'string' ? parent.code : ''
}

/** Our own invariants are thrown as plain errors; those of drivers and of Temporal have classes or codes of their own. */
export const isLasting = (error: unknown): boolean =>
  error instanceof BaseError
    ? LASTING_CLASSES.has(sqlStateOf(error).slice(0, 2))
    : error instanceof Error && error.constructor === Error && !('code' in error)

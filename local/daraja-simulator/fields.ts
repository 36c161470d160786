import { z } from 'zod'
import { MSISDN } from './handsets.ts'

/** Daraja takes most fields as number or text; what matters is how they look in digits. */
const digits = (pattern: RegExp) =>
  z.union([z.string(), z.number()]).transform(String).pipe(z.string().regex(pattern))

export const shortCode = digits(/^\d{5,7}$/)
export const msisdn = digits(MSISDN)
export const password = z.string().min(1)
/** Fourteen digits that are a real moment: month 13 or second 61 is refused. */
export const timestamp = z.string().refine((text) => timestampMs(text) !== null)

const MAX_AMOUNT = 250_000
/** Whole shillings, 1 to 250,000. */
export const amount = digits(/^[1-9]\d{0,5}$/)
  .transform(Number)
  .pipe(z.number().max(MAX_AMOUNT))

/** http too, as in the sandbox; blanks are refused. */
export const callbackUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/]+\S*$/)
  .pipe(z.url())

/** The moment of a `YYYYMMDDHHmmss` on the East African clock, or null when there is no such moment. */
export const timestampMs = (text: string): number | null => {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (!parts) return null
  const [, year, month, day, hour, minute, second] = parts
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const at = new Date(`${local}Z`)
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(local)) return null
  return Date.parse(`${local}+03:00`)
}

/** The fields, or the name of the first one that is wrong, in the order the schema lists them. */
export const readFields = <T>(
  schema: z.ZodType<T>,
  body: unknown,
): { fields: T } | { wrongField: string } => {
  const parsed = schema.safeParse(typeof body === 'object' && body !== null ? body : {})
  if (parsed.success) return { fields: parsed.data }
  return { wrongField: String(parsed.error.issues[0]?.path[0] ?? 'Request') }
}

/** A field of a body that nobody has checked yet, for choosing a mood. */
export const peekField = (body: unknown, field: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = Reflect.get(body, field)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

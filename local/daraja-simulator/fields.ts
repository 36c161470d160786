import { z } from 'zod'
import { MSISDN } from './handsets.ts'
import { strictProblem, type Rules } from './strict.ts'

/** Daraja takes most fields as number or text; what matters is how they look in digits. */
export const digits = (pattern: RegExp) =>
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

export const remarks = z.string().min(2).max(100)
export const securityCredential = z.base64().min(1)
/** Of payouts and simulated payments: what is too little or too much is for M-Pesa to say, later. */
export const anyAmount = digits(/^[1-9]\d{0,8}$/).transform(Number)

/** The fields, or the name of the first one that is wrong, in the order the schema lists them. */
export const readFields = <Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  body: unknown,
  rules: Rules,
): { fields: z.infer<z.ZodObject<Shape>> } | { wrongField: string } => {
  const given = typeof body === 'object' && body !== null ? body : {}
  const parsed = schema.safeParse(given)
  if (!parsed.success) return { wrongField: String(parsed.error.issues[0]?.path[0] ?? 'Request') }
  const wrongField = strictProblem(given, Object.keys(schema.shape), rules)
  return wrongField === null ? { fields: parsed.data } : { wrongField }
}

/** A field of a body that nobody has checked yet, for choosing a mood. */
export const peekField = (body: unknown, field: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = Reflect.get(body, field)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

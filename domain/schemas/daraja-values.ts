/** Single values as Daraja writes them: numbers as text, three kinds of dates, lists of keys with and without values. */
import { parse } from 'date-fns/parse'
import { z } from 'zod'
import { fromDecimal, negate, type Cents } from '../money.ts'

const LONGEST_ID = 64
const LONGEST_CODE = 40
const LONGEST_TEXT = 200
/** A callback has about five items, a result about ten. */
const MOST_ITEMS = 50

export const id = z.string().trim().min(1).max(LONGEST_ID)
export const code = z
  .union([z.string().trim().min(1).max(LONGEST_CODE), z.number().int()])
  .transform((value) => String(value))

/** Null for what is neither text nor a number, and for text that is empty or longer than anything Daraja writes. */
export const readText = (value: unknown, longest = LONGEST_TEXT): string | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value).trim()
  return text.length > 0 && text.length <= longest ? text : null
}

/** `1500`, `"1500.00"`; null for anything that is not exactly an amount. */
export const readAmount = (value: unknown): Cents | null => {
  const text = readText(value)
  return text === null ? null : fromDecimal(text)
}

/** For balances, which may be overdrawn. */
export const readSigned = (value: unknown): Cents | null => {
  const text = readText(value)
  if (!text?.startsWith('-')) return readAmount(text)
  const amount = fromDecimal(text.slice(1))
  return amount === null ? null : negate(amount)
}

/** Ten capitals and digits today; upper case always, so that one receipt cannot be posted in two spellings. */
const RECEIPT = /^[A-Z0-9]{6,20}$/
export const readReceipt = (value: unknown): string | null => {
  const receipt = readText(value)?.toUpperCase() ?? ''
  return RECEIPT.test(receipt) ? receipt : null
}

const NAIROBI = '+03:00'
const TIMES: [shape: RegExp, format: string][] = [
  [/^20\d{12}$/, 'yyyyMMddHHmmss'],
  [/^\d\d\.\d\d\.20\d\d \d\d:\d\d:\d\d$/, 'dd.MM.yyyy HH:mm:ss'],
  [/^\d\d-\d\d-20\d\d \d\d:\d\d:\d\d$/, 'dd-MM-yyyy HH:mm:ss'],
  [/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/, 'yyyy-MM-dd HH:mm:ss'],
  [/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/, "yyyy-MM-dd'T'HH:mm:ss"],
]

/** A time without a zone, which Daraja means in Nairobi; null when it is no time, or no day of the calendar. */
export function readTime(value: unknown, zone = NAIROBI): Date | null {
  const text = readText(value)
  const format = text === null ? undefined : TIMES.find(([shape]) => shape.test(text))?.[1]
  if (text === null || format === undefined) return null
  const at = parse(`${text}${zone}`, `${format}XXX`, 0)
  return Number.isNaN(at.getTime()) ? null : at
}

/** Keys in small letters without spaces or signs: the sandbox writes "Response Status", old results "Conversation ID". */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The body's fields under plain keys; null when it is no object. */
export const plainFields = (body: unknown): ReadonlyMap<string, unknown> | null =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? new Map(Object.entries(body).map(([key, value]) => [plainKey(key), value]))
    : null

export type Items = readonly { name: string; value: unknown }[]

/** One item or a list of them, named by `Name` in callbacks and by `Key` in results; what is no item is left out. */
export const readItems = (value: unknown, nameKey: 'Name' | 'Key'): Items => {
  const list = Array.isArray(value) ? value.slice(0, MOST_ITEMS) : [value]
  const item = z.object({ [nameKey]: z.string(), Value: z.unknown().optional() })
  return list.flatMap((one) => {
    const read = item.safeParse(one).data
    return read ? [{ name: plainKey(String(read[nameKey])), value: read['Value'] }] : []
  })
}

/** Every readable value of this name, in order. */
export const valuesOf = (items: Items, name: string, longest?: number): string[] =>
  items
    .filter((one) => one.name === plainKey(name))
    .flatMap(({ value }) => readText(value, longest) ?? [])

/** A name that occurs with two different values says nothing. */
export const valueOf = (items: Items, name: string): string | null => {
  const [first, ...others] = new Set(valuesOf(items, name))
  return first !== undefined && others.length === 0 ? first : null
}

/** `Utility Account|KES|1500.00|…`: only the first number has an agreed meaning, which is what is available. */
export const readAccount = (entry: string | null): [name: string, available: Cents] | null => {
  const [name = '', currency, available] = (entry ?? '').split('|').map((part) => part.trim())
  const amount = readSigned(available)
  return name !== '' && currency === 'KES' && amount !== null ? [name, amount] : null
}

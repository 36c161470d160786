/** A look at a car, as a form brings it. */
import type { ParsedFormValue } from 'hono/types'
import type { FieldProblem } from '../../domain/errors.ts'
import { readShillings, toDecimal } from '../../domain/money.ts'
import type { LookForm } from '../../domain/rental-pages.ts'

const MARK_ROWS = 6
const NO_MARK = { place: '', kind: 'scratch', amount: '' }

export type Fields = Record<string, ParsedFormValue | undefined>
/** With a few rows for marks more than are filled. */
export const blankLook = (over: Partial<LookForm> = {}): LookForm => ({
  odometer: '',
  fuel: '8',
  cleanliness: 'clean',
  idSeen: false,
  location: '',
  ...over,
  marks: [...(over.marks ?? []), ...Array.from({ length: MARK_ROWS }, () => NO_MARK)].slice(
    0,
    Math.max(MARK_ROWS, (over.marks?.length ?? 0) + 2),
  ),
})

export function typedLook(fields: Fields): LookForm {
  const text = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const rows = Object.keys(fields).filter((name) => /^marks\[\d{1,2}\]\[place\]$/.test(name))
  return {
    odometer: text('odometer_km'),
    fuel: text('fuel_eighths'),
    cleanliness: text('cleanliness'),
    idSeen: text('id_seen') === 'yes',
    location: text('location'),
    marks: rows.map((_, n) => ({
      place: text(`marks[${n}][place]`),
      kind: text(`marks[${n}][kind]`),
      amount: text(`marks[${n}][amount]`),
    })),
  }
}

/** What is no number goes on as it is, for the rules to complain about. */
const numberIn = (text: string): number | string =>
  /^[\d, ]+$/.test(text) ? Number(text.replaceAll(/[ ,]/g, '')) : text

export const lookOf = (form: LookForm) => ({
  odometer_km: numberIn(form.odometer),
  fuel_eighths: numberIn(form.fuel),
  cleanliness: form.cleanliness,
  marks: form.marks.filter(({ place }) => place !== '').map(({ place, kind }) => ({ place, kind })),
})

const inShillings = (text: string): string => {
  const amount = readShillings(text)
  return amount === null ? text : toDecimal(amount)
}
/** What new marks cost; those without an amount were there before, or cost nothing. */
export const damageOf = (form: LookForm) =>
  form.marks
    .filter(({ place, amount }) => place !== '' && amount !== '')
    .map(({ place, kind, amount }) => ({ place, kind, amount: inShillings(amount) }))

type TypedLine = { id: string; amount: string }

/** What stands of each line; nothing typed is nothing that stands. */
export function linesOf(fields: Fields, ids: readonly string[]) {
  const typed = ids.map((id) => {
    const value = fields[`lines[${id}]`]
    return [id, typeof value === 'string' ? value.trim() : ''] as const
  })
  const lines: TypedLine[] = typed.map(([id, text]) => ({
    id,
    amount: /^0*$/.test(text) ? '0' : inShillings(text),
  }))
  return { form: Object.fromEntries(typed), lines }
}

/** A complaint about `lines.0.amount` stands beside the field of that line. */
export const besideLines = (
  problems: readonly FieldProblem[],
  lines: readonly TypedLine[],
): FieldProblem[] =>
  problems.map(({ path, message }) => {
    const [, index] = /^lines\.(\d+)/.exec(path) ?? []
    return { path: index === undefined ? path : `lines.${lines[Number(index)]?.id}`, message }
  })

/** A rule as it is typed into a form, read as programs send it. */
import { multiplierText, clockText } from '../../domain/rule-words.ts'
import { RULE_FIELDS, type RuleForm } from '../../domain/price-pages.ts'
import { toDecimal, type Cents } from '../../domain/money.ts'
import type { PricingRule } from '../../domain/pricing-rules.ts'

type Fields = Record<string, string | File | (string | File)[]>

const nameOf = (path: string) => path.replace(/\.(\w+)$/, '[$1]')
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value.trim().slice(0, 100) : ''
}

export const NEW_RULE: RuleForm = {
  ...(Object.fromEntries(RULE_FIELDS.map((path) => [path, ''])) as Omit<RuleForm, 'weekdays'>),
  type: 'seasonal',
  priority: '0',
  weekdays: [],
}

export const typedRule = (fields: Fields): RuleForm => ({
  ...NEW_RULE,
  ...Object.fromEntries(RULE_FIELDS.map((path) => [path, textOf(fields, nameOf(path))])),
  weekdays: [fields['weekdays'] ?? []].flat().map(Number),
})

const NUMBERS = new Set<string>([
  'min_days',
  'max_days',
  'utilisation_from',
  'rentals_from',
  'uses',
  'uses_each',
  'priority',
])
/** What is no whole number stays what it is, and is said to be wrong. */
const valueOf = (path: string, text: string): string | number =>
  NUMBERS.has(path) && /^\d{1,9}$/.test(text) ? Number(text) : text

/** Without what is empty; as the API takes it. */
export function toRequest(form: RuleForm): Record<string, unknown> {
  const given = RULE_FIELDS.filter((path) => form[path] !== '')
  const plain = given.filter((path) => !path.startsWith('rates.'))
  const rates = given.filter((path) => path.startsWith('rates.'))
  return {
    ...Object.fromEntries(plain.map((path) => [path, valueOf(path, form[path])])),
    ...(rates.length > 0
      ? { rates: Object.fromEntries(rates.map((path) => [path.slice(6), form[path]])) }
      : {}),
    weekdays: form.weekdays,
  }
}

const orEmpty = <T>(value: T | null, text: (value: T) => string = String): string =>
  value === null ? '' : text(value)
const amount = (cents: Cents) => toDecimal(cents).replace(/\.00$/, '')

export const formOf = (rule: PricingRule): RuleForm => ({
  name: rule.name,
  type: rule.type,
  category: orEmpty(rule.categoryCode),
  location: orEmpty(rule.locationCode),
  from_day: orEmpty(rule.fromDay),
  until_day: orEmpty(rule.untilDay),
  from_time: orEmpty(rule.fromMinute, clockText),
  until_time: orEmpty(rule.untilMinute, clockText),
  min_days: orEmpty(rule.minDays),
  max_days: orEmpty(rule.maxDays),
  multiplier: rule.percent === 100 ? '' : multiplierText(rule.percent),
  fixed_adjustment: rule.fixed === 0 ? '' : amount(rule.fixed),
  'rates.hourly': orEmpty(rule.rates?.hourly ?? null, amount),
  'rates.daily': orEmpty(rule.rates?.daily ?? null, amount),
  'rates.weekly': orEmpty(rule.rates?.weekly ?? null, amount),
  'rates.monthly': orEmpty(rule.rates?.monthly ?? null, amount),
  utilisation_from: orEmpty(rule.utilisationFrom),
  rentals_from: orEmpty(rule.rentalsFrom),
  code: orEmpty(rule.code),
  uses: orEmpty(rule.uses),
  uses_each: orEmpty(rule.usesEach),
  priority: String(rule.priority),
  weekdays: rule.weekdays,
})

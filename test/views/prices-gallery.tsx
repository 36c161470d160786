/** Pages of prices with rich data. */
import type { Child } from 'hono/jsx'
import type { Extra } from '../../domain/extras.ts'
import { cents, shillings, ZERO } from '../../domain/money.ts'
import type { PriceRulePage, ShownRule } from '../../domain/price-pages.ts'
import type { Rehearsal } from '../../domain/rehearsals.ts'
import { PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import { DAY_MS } from '../../domain/time.ts'
import { formOf, NEW_RULE } from '../../api/pages/price-form.ts'
import { PriceRuleView } from '../../views/price-rule.tsx'
import { PricesView } from '../../views/prices.tsx'
import * as s from './samples.ts'

const rule = (over: Partial<ShownRule> = {}): ShownRule => ({
  id: '7f3a52c0-9b1e-4c53-8a68-0d6f4b0c2e11',
  name: 'Christmas',
  type: 'seasonal',
  categoryCode: 'SUV',
  locationCode: null,
  fromDay: '2026-12-20',
  untilDay: '2027-01-03',
  weekdays: [],
  fromMinute: null,
  untilMinute: null,
  minDays: null,
  maxDays: null,
  percent: 120,
  fixed: ZERO,
  rates: null,
  utilisationFrom: null,
  rentalsFrom: null,
  code: null,
  uses: null,
  usesEach: null,
  priority: 10,
  closedAt: null,
  used: 0,
  ...over,
})

const tried = (over: Partial<Rehearsal> = {}): Rehearsal => ({
  since: new Date('2026-09-30T21:00:00Z'),
  until: new Date('2026-10-31T21:00:00Z'),
  bookings: 412,
  before: shillings(8_412_000),
  after: shillings(8_399_600),
  differing: Array.from({ length: 37 }, (_, nth) => ({
    id: rule().id,
    number: `RSV-26-000${100 + nth}`,
    categoryCode: 'SUV',
    from: new Date(s.NOW.getTime() - nth * DAY_MS),
    to: s.NOW,
    before: shillings(24_500),
    after: shillings(24_500 - 900 + nth * 20),
  })),
  isCut: false,
  ...over,
})

const page = (over: Partial<PriceRulePage> = {}): PriceRulePage => ({
  rule: rule(),
  form: formOf(rule()),
  categories: [{ value: 'SUV', text: 'SUV' }],
  places: s.LOCATIONS.map(({ code, name }) => ({ value: code, text: name })),
  rehearsal: null,
  rivals: [],
  maySave: true,
  mayClose: true,
  problems: [],
  now: s.NOW,
  ...over,
})

const extra = (over: Partial<Extra> = {}): Extra => ({
  code: 'CHILD-SEAT',
  name: 'Child seat',
  kind: 'thing',
  dailyRate: shillings(300),
  most: shillings(1_500),
  stock: 4,
  active: true,
  ...over,
})

/** The customer's form with all that can go along. */
export const buildAlong = (hostile: string | null) =>
  s.buildBookingForm({
    offered: {
      extras: [extra(), extra({ code: 'GPS', name: hostile ?? 'GPS', most: null })],
      driverFee: extra({ code: 'DRIVER', name: 'Other driver', kind: 'extra_driver' }),
      takesCodes: true,
    },
    along: { extras: { 'CHILD-SEAT': '2' }, extraDrivers: '1', promoCode: hostile ?? 'KARIBU' },
    problems: [
      { path: '', message: CHANGED },
      { path: 'extras.CHILD-SEAT', message: 'Child seat: only 1 left for this time.' },
    ],
  })
const CHANGED =
  'The price has changed from KSh 19,500 to KSh 21,000 since you saw it. Nothing was booked.'

export const pricePages = (hostile: string | null): Record<string, Child> => {
  const viewer = {
    ...s.staff('/admin/prices'),
    permissions: Object.keys(PERMISSIONS) as Permission[],
  }
  const rates = { hourly: null, daily: null, weekly: shillings(28_000), monthly: cents(9_000_000) }
  const rules = [
    rule({ name: hostile ?? 'Christmas' }),
    rule({
      name: 'Long hire',
      type: 'base',
      rates,
      percent: 100,
      fromDay: null,
      untilDay: null,
    }),
    rule({
      name: 'Welcome to gari, first booking of the year',
      type: 'promotional',
      code: 'KARIBU26',
      uses: 500,
      used: 37,
      percent: 100,
      fixed: shillings(-500),
      weekdays: [4, 5, 6],
    }),
    rule({ name: 'Easter', closedAt: s.NOW }),
  ]
  const list = { rules, closed: true, next: 'more', mayCreate: true, now: s.NOW }
  return {
    'admin-prices': <PricesView page={list} viewer={viewer} />,
    'admin-prices-none': (
      <PricesView page={{ ...list, rules: [], next: null, closed: false }} viewer={viewer} />
    ),
    'admin-price': (
      <PriceRuleView
        page={page({ rehearsal: tried(), rivals: [hostile ?? 'High season'] })}
        viewer={viewer}
      />
    ),
    'admin-price-new': (
      <PriceRuleView
        page={page({
          rule: null,
          form: { ...NEW_RULE, name: hostile ?? '', multiplier: '1000' },
          rehearsal: tried({ bookings: 0, differing: [], before: ZERO, after: ZERO }),
          problems: [
            { path: 'multiplier', message: 'Between 0.1 and 5.' },
            { path: 'until_day', message: 'These days are over. A rule is for days to come.' },
          ],
        })}
        viewer={viewer}
      />
    ),
  }
}

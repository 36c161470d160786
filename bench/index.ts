/**
 * `npm run bench -- booking [--callers 1,20] [--seconds 12]`, `callbacks [--rate 200]`,
 * `events [--rates 200,1000]`, `holds [--holds 1000000]`, `crowd [--attempts 20000]`, `pages`, `search`,
 * `migrations`, `memory [--stories 10000]`, `live [--pages 1000]`, `scaling [--shards 4,16]`,
 * `open [--bookings 100000] [--minutes 5]`: measurements that print ratios, not clocks.
 */
import { parseArgs } from 'node:util'
import { benchCallbacks } from './callbacks.ts'
import { benchBooking } from './booking.ts'
import { benchCrowd } from './crowd.ts'
import { benchEvents } from './events.ts'
import { benchHolds } from './holds.ts'
import { benchLivePages, benchMemory } from './memory.ts'
import { benchMigrations } from './migrations.ts'
import { benchMoney } from './money.ts'
import { benchOpen } from './open.ts'
import { benchPages } from './pages.ts'
import { benchProfile } from './profile.ts'
import { benchScaling } from './scaling.ts'
import { benchSearch } from './search.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    callers: { type: 'string', default: '1,20' },
    seconds: { type: 'string', default: '12' },
    rate: { type: 'string', default: '200' },
    rates: { type: 'string', default: '200,1000' },
    holds: { type: 'string', default: '1000000' },
    attempts: { type: 'string', default: '20000' },
    stories: { type: 'string', default: '10000' },
    pages: { type: 'string', default: '1000' },
    bookings: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '5' },
    shards: { type: 'string', default: '4,16' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const numbers = (text: string) => text.split(',').map(Number)

const SECTIONS: Record<string, () => Promise<void>> = {
  booking: () => benchBooking(numbers(values.callers), Number(values.seconds)),
  callbacks: () => benchCallbacks(Number(values.rate), Number(values.seconds)),
  money: () => benchMoney(Number(values.stories), Number(values.seed)),
  crowd: () => benchCrowd(Number(values.attempts), Number(values.seed)),
  holds: () => benchHolds(Number(values.holds), Number(values.seed)),
  events: () => benchEvents(numbers(values.rates), Number(values.seconds)),
  pages: () => benchPages(),
  memory: () => benchMemory(Number(values.stories)),
  live: () => benchLivePages(Number(values.pages)),
  search: () => benchSearch(Number(values.seconds)),
  migrations: () => benchMigrations(),
  open: () =>
    benchOpen({
      bookings: Number(values.bookings),
      minutes: Number(values.minutes),
      seconds: Number(values.seconds),
    }),
  scaling: () =>
    benchScaling(
      numbers(values.shards),
      Math.max(...numbers(values.callers)),
      Number(values.seconds),
    ),
  profile: () => benchProfile(numbers(values.callers), Number(values.seconds)),
}

// What was started beside a stack ends with us, also when we are asked to end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
  const section = SECTIONS[name]
  if (!section)
    throw new Error(`there is no section ${name}; there is ${Object.keys(SECTIONS).join(', ')}`)
  await section()
}

/**
 * `npm run bench -- booking [--callers 1,20] [--seconds 12]`, `callbacks [--rate 200]`, `money [--stories 10000]`,
 * `crowd [--attempts 20000]`, `holds [--holds 1000000]`, `events [--rates 200,1000]`, `pages`, `memory [--stories 10000]`,
 * `live [--pages 1000]`, `search`, `migrations`, `open [--bookings 100000] [--minutes 5]`, `scaling [--shards 4,16]`,
 * `profile [--callers 1,20]`, `plans`, `pools [--callers 20]`, `login`: measurements that print ratios, not clocks. What is drawn at random takes `--seed`. Ends
 * with 1 where something was lost or doubled.
 */
import { benchBooking } from './booking.ts'
import { benchCallbacks } from './callbacks.ts'
import { benchCrowd } from './crowd.ts'
import { endWithUs } from './ending.ts'
import { benchEvents } from './events.ts'
import { beginSection } from './figures.ts'
import { benchHolds } from './holds.ts'
import { benchLivePages, benchMemory } from './memory.ts'
import { benchLogin } from './login.ts'
import { benchMigrations } from './migrations.ts'
import { benchMoney } from './money.ts'
import { benchOpen } from './open.ts'
import { readCommand, WrongOption, type Bench } from './options.ts'
import { benchPages } from './pages.ts'
import { benchPlans } from './plans.ts'
import { benchPools } from './pools.ts'
import { benchProfile } from './profile.ts'
import { benchScaling } from './scaling.ts'
import { benchSearch } from './search.ts'

const SECTIONS: Record<string, Bench> = {
  booking: benchBooking,
  callbacks: benchCallbacks,
  money: benchMoney,
  crowd: benchCrowd,
  holds: benchHolds,
  events: benchEvents,
  pages: benchPages,
  memory: benchMemory,
  live: benchLivePages,
  search: benchSearch,
  migrations: benchMigrations,
  open: benchOpen,
  scaling: benchScaling,
  profile: benchProfile,
  plans: benchPlans,
  pools: benchPools,
  login: benchLogin,
}

endWithUs()
try {
  for (const { name, options } of readCommand(process.argv.slice(2), Object.keys(SECTIONS))) {
    beginSection()
    await SECTIONS[name]?.(options)
  }
} catch (error) {
  if (!(error instanceof WrongOption)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

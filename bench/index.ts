/**
 * `npm run bench -- booking [--callers 1,20] [--seconds 12]`, `callbacks [--rate 200]`,
 * `events [--rates 200,1000]`, `holds [--holds 1000000]`,
 * `crowd [--attempts 20000]`, `pages`, `search`: measurements that print ratios, not clocks.
 */
import { parseArgs } from 'node:util'
import { benchCallbacks } from './callbacks.ts'
import { benchBooking } from './booking.ts'
import { benchCrowd } from './crowd.ts'
import { benchEvents } from './events.ts'
import { benchHolds } from './holds.ts'
import { benchMoney } from './money.ts'
import { benchPages } from './pages.ts'
import { benchProfile } from './profile.ts'
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
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const SECTIONS: Record<string, () => Promise<void>> = {
  booking: () => benchBooking(values.callers.split(',').map(Number), Number(values.seconds)),
  callbacks: () => benchCallbacks(Number(values.rate), Number(values.seconds)),
  money: () => benchMoney(Number(values.stories), Number(values.seed)),
  events: () => benchEvents(values.rates.split(',').map(Number), Number(values.seconds)),
  crowd: () => benchCrowd(Number(values.attempts), Number(values.seed)),
  holds: () => benchHolds(Number(values.holds), Number(values.seed)),
  pages: () => benchPages(),
  search: () => benchSearch(Number(values.seconds)),
  profile: () => benchProfile(values.callers.split(',').map(Number), Number(values.seconds)),
}

for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
  const section = SECTIONS[name]
  if (!section)
    throw new Error(`there is no section ${name}; there is ${Object.keys(SECTIONS).join(', ')}`)
  await section()
}

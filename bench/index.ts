/** `npm run bench -- booking [--callers 1,20] [--seconds 12]` or `callbacks [--rate 200]`: measurements that print ratios, not clocks. */
import { parseArgs } from 'node:util'
import { benchCallbacks } from './callbacks.ts'
import { benchBooking } from './booking.ts'
import { benchProfile } from './profile.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    callers: { type: 'string', default: '1,20' },
    seconds: { type: 'string', default: '12' },
    rate: { type: 'string', default: '200' },
  },
})

const SECTIONS: Record<string, () => Promise<void>> = {
  booking: () => benchBooking(values.callers.split(',').map(Number), Number(values.seconds)),
  callbacks: () => benchCallbacks(Number(values.rate), Number(values.seconds)),
  profile: () => benchProfile(values.callers.split(',').map(Number), Number(values.seconds)),
}

for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
  const section = SECTIONS[name]
  if (!section)
    throw new Error(`there is no section ${name}; there is ${Object.keys(SECTIONS).join(', ')}`)
  await section()
}

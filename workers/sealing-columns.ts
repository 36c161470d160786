/** Seals what a release from before writes open; when that release is surely gone, empties what stood open and lets points be spent. */
import { inTransaction } from '../db/connection.ts'
import { isAnotherReleaseAtWork } from '../db/heartbeats.ts'
import { resumePoints } from '../db/loyalty-repair.ts'
import { resumePrices } from '../db/pricing-rules.ts'
import { emptyOpenAddresses, sealOpenAddresses } from '../db/sealing-addresses.ts'
import { emptyOpenCompanies, sealOpenCompanies } from '../db/sealing-companies.ts'
import { emptyOpenPlanPhones, sealOpenPlanPhones } from '../db/sealing-plan-phones.ts'
import { emptyOpenPayersPhones, sealOpenPayersPhones } from '../db/sealing-payer-phones.ts'
import { emptyOpenPeople, sealOpenPeople } from '../db/sealing-people.ts'
import { emptyOpenReceipts, sealOpenReceipts } from '../db/sealing-receipts.ts'
import { emptyOpenLines, sealOpenLines } from '../db/sealing-lines.ts'
import { emptyOpenRefunds, sealOpenRefunds } from '../db/sealing-refund-phones.ts'
import { emptyOpenMessages, sealOpenMessages } from '../db/sealing-provider-messages.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const LONGEST_REST_MS = 30_000
/** The API gives no signs of life; its processes are replaced together with the workers (docs/operations.md). */
const BESIDE_MS = 30 * MINUTE_MS

export function startSealingColumns(world: World): Running {
  const { db, config } = world
  const began = Date.now()
  const isAlone = async () =>
    Date.now() - began > BESIDE_MS && !(await isAnotherReleaseAtWork(db, config.version, BESIDE_MS))
  return startLoop(world, {
    name: 'sealed columns',
    restMs: MINUTE_MS,
    longestRestMs: LONGEST_REST_MS,
    round: async () => {
      const left = [
        await sealOpenPeople(db),
        await sealOpenCompanies(db),
        await sealOpenAddresses(db),
        await sealOpenPlanPhones(db),
        await sealOpenPayersPhones(db),
        await sealOpenMessages(db),
        await sealOpenReceipts(db),
        await sealOpenLines(db),
        await sealOpenRefunds(db),
      ]
      if (!left.includes(true) && (await isAlone())) {
        await resumePoints(db)
        await inTransaction(db, resumePrices)
        left.push(
          await emptyOpenPeople(db),
          await emptyOpenCompanies(db),
          await emptyOpenAddresses(db),
          await emptyOpenPlanPhones(db),
          await emptyOpenPayersPhones(db),
          await emptyOpenMessages(db),
          await emptyOpenReceipts(db),
          await emptyOpenLines(db),
          await emptyOpenRefunds(db),
        )
      }
      return left.includes(true)
    },
  })
}

/** Cars beside the sample fleet, for runs with more stories than that fleet has days. */
import { inTransaction, type Database } from '../../db/connection.ts'
import { saveVehicle } from '../../db/fleet-writes.ts'
import { VEHICLES } from '../../local/fleet-data.ts'

export type Places = { categories: readonly string[]; places: readonly string[]; rounds: number }

/** A run with fewer stories than this for each kind of car and place needs none. */
const SPARE = 3
const DIGITS = 6

/** So many of each kind at each place that every story finds one in its slot. */
export async function buyCars(
  db: Database,
  stories: number,
  { categories, places, rounds }: Places,
): Promise<void> {
  const each = Math.ceil(stories / (rounds * categories.length * places.length))
  const like = VEHICLES[0]
  if (each <= SPARE || !like) return
  const wanted = categories.flatMap((categoryCode) =>
    places.flatMap((locationCode) =>
      Array.from({ length: each }, () => ({ categoryCode, locationCode })),
    ),
  )
  await inTransaction(db, async (tx) => {
    for (const [index, kind] of wanted.entries()) {
      const serial = String(index).padStart(DIGITS, '0')
      const named = {
        number: `VEH-M${serial}`,
        plate: `KZZ ${serial}`,
        vin: `KEGAR1MXNY${serial}0`,
      }
      await saveVehicle(tx, { ...like, ...named, ...kind })
    }
  })
}

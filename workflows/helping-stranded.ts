/** Bookings whose car will not be where they start, because a drive was called off or ended elsewhere. */
import { books } from './proxies.ts'
import type { Parking } from './parking.ts'

/** Each booking that gets another car may strand the next; one that cannot be helped waits for the desk. */
export async function helpStranded(parking: Parking, first: string | null): Promise<void> {
  for (let id = first; id;) {
    const stranded = id
    const found = await parking.attempt('find another car for a stranded booking', async () => {
      const swap = await books.swapCar(stranded)
      if (swap.outcome !== 'none_free') return swap
      throw new Error(`${swap.number} starts where its car will not be, and no other one is free`)
    })
    id = found.by === 'step' && found.value.outcome === 'swapped' ? found.value.next : null
  }
}

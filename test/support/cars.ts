/** What somebody sends who adds a car, another one each time. */
import { randomUUID } from 'node:crypto'

const VIN_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'

const vinOf = (id: string): string =>
  Array.from(id.replaceAll('-', '').slice(0, 17))
    .map((digit, nth) => VIN_LETTERS[(Number.parseInt(digit, 16) + nth) % VIN_LETTERS.length])
    .join('')

let plates = 0

export const buildCar = (over: Record<string, unknown> = {}) => ({
  plate: `KZ${'ABCDEFGHJK'[Math.floor((plates += 1) / 900) % 10]} ${100 + (plates % 900)}Z`,
  vin: vinOf(randomUUID()),
  category: 'SUV',
  make: 'Toyota',
  model: 'RAV4',
  year: 2024,
  colour: 'blue',
  location: 'NBO-CBD',
  ...over,
})

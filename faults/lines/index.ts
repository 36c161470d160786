import { charges } from './charges.ts'
import type { Line } from './line.ts'
import { payments } from './payments.ts'
import { rental } from './rental.ts'

export const LINES: Line[] = [rental, payments, charges]

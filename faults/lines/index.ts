import { charges } from './charges.ts'
import { documents } from './documents.ts'
import type { Line } from './line.ts'
import { payments } from './payments.ts'
import { rental } from './rental.ts'
import { trust } from './trust.ts'

export const LINES: Line[] = [rental, payments, charges, documents, trust]

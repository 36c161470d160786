/** Extras, other drivers and codes on the booking form. */
import type { Text } from '../language.ts'

export const extrasTexts = {
  extrasFold: ['Extras and code', 'Vitu vya ziada na msimbo'],
  extraHint: ['{price} a day', '{price} kwa siku'],
  extraHintMost: ['{price} a day, at most {most}', '{price} kwa siku, zaidi {most}'],
  extraDrivers: ['Other drivers', 'Madereva wengine'],
  promoCode: ['Code', 'Msimbo'],
  updatePrice: ['Show the new price', 'Onyesha bei mpya'],
} as const satisfies Record<string, Text>

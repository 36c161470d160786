/** What whoever drives is told of their rental, and in which words. */
import { fromDecimal, subtract, toDecimal, ZERO } from './money.ts'
import { both, useful, vital, type Wording } from './notification-lines.ts'
import type { RentalEventType } from './rental-events.ts'

export const RENTAL_TEMPLATES = [
  'keys_out',
  'return_due',
  'return_overdue',
  'car_back',
  'car_back_asked',
  'deposit_settled',
] as const
export type RentalTemplate = (typeof RENTAL_TEMPLATES)[number]
export type RentalNotice = { template: RentalTemplate; detail: { amount?: string } }

type Heard = { type: string; data: Record<string, unknown> }

const amountOf = (value: unknown) => fromDecimal(typeof value === 'string' ? value : '') ?? ZERO

const NOTICES: Partial<Record<RentalEventType, (data: Heard['data']) => RentalNotice>> = {
  'rental.started': () => ({ template: 'keys_out', detail: {} }),
  'rental.reminded': () => ({ template: 'return_due', detail: {} }),
  'rental.overdue': () => ({ template: 'return_overdue', detail: {} }),
  'rental.returned': ({ asked }) => {
    const amount = amountOf(asked)
    return amount > ZERO
      ? { template: 'car_back_asked', detail: { amount: toDecimal(amount) } }
      : { template: 'car_back', detail: {} }
  },
  'rental.settled': ({ deposit, kept }) => ({
    template: 'deposit_settled',
    detail: { amount: toDecimal(subtract(amountOf(deposit), amountOf(kept))) },
  }),
}

/** Null where nobody is told. */
export const rentalNotice = ({ type, data }: Heard): RentalNotice | null =>
  NOTICES[type as RentalEventType]?.(data) ?? null

export const RENTAL_WORDING: Record<RentalTemplate, { en: Wording; sw: Wording }> = {
  keys_out: {
    en: both(
      'Drive safely: {car} until {return} ({number})',
      vital('The {car} is with you until {return} ({number}).'),
      useful('Bring it back with as much fuel as it left with.'),
    ),
    sw: both(
      'Safari njema: {car} hadi {return} ({number})',
      vital('{car} liko nawe hadi {return} ({number}).'),
      useful('Lirudishe na mafuta kama ulivyolichukua.'),
    ),
  },
  return_due: {
    en: both(
      'Soon back: {car}, {return} ({number})',
      vital('The {car} is to be back on {return} ({number}).'),
      useful('Later than that costs more; call us when you are delayed.'),
    ),
    sw: both(
      'Karibu kurudisha: {car}, {return} ({number})',
      vital('{car} linatakiwa kurudi {return} ({number}).'),
      useful('Ukichelewa utalipa zaidi; tupigie ukichelewa.'),
    ),
  },
  return_overdue: {
    en: both(
      'Late: {car} was to be back on {return} ({number})',
      vital('The {car} was to be back on {return} ({number}). Somebody may be waiting for it.'),
      vital('Bring it back now, or call us.'),
    ),
    sw: both(
      'Limechelewa: {car} lilitakiwa kurudi {return} ({number})',
      vital('{car} lilitakiwa kurudi {return} ({number}). Huenda mtu analisubiri.'),
      vital('Lirudishe sasa, au tupigie simu.'),
    ),
  },
  car_back: {
    en: both(
      'The {car} is back ({number})',
      vital('The {car} is back as it left ({number}). Thank you.'),
      vital('Your deposit goes back by itself a day from now.'),
    ),
    sw: both(
      '{car} limerudi ({number})',
      vital('{car} limerudi kama lilivyoondoka ({number}). Asante.'),
      vital('Amana yako itarudishwa yenyewe baada ya siku moja.'),
    ),
  },
  car_back_asked: {
    en: both(
      'The {car} is back: {amount} is asked for ({number})',
      vital('The {car} is back ({number}). {amount} of your deposit is asked for.'),
      vital('Look why, and say within two days whether that is right.'),
    ),
    sw: both(
      '{car} limerudi: {amount} inadaiwa ({number})',
      vital('{car} limerudi ({number}). {amount} ya amana yako inadaiwa.'),
      vital('Angalia kwa nini, na useme ndani ya siku mbili kama ni sawa.'),
    ),
  },
  deposit_settled: {
    en: both(
      'Your deposit: {amount} goes back ({number})',
      vital('Your deposit for {number} is settled: {amount} of it goes back to you.'),
    ),
    sw: both(
      'Amana yako: {amount} inarudishwa ({number})',
      vital('Amana yako ya {number} imemalizwa: {amount} inarudishwa kwako.'),
    ),
  },
}

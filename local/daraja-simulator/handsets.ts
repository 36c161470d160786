import { parsePhoneNumberWithError, type PhoneNumber } from 'libphonenumber-js/mobile'
import type { Clock } from './clock.ts'
import type { Ledger } from './money/ledger.ts'
import type { Autopilot } from './settings.ts'

/** A customer's phone. Its money stands in the ledger; what is here is forgotten at a restart. */
export type Handset = {
  msisdn: string
  name: string
  pin: string
  on: boolean
  wrongPins: number
  /** Whether this number has M-Pesa at all. */
  registered: boolean
  autopilot: Autopilot | null
}

export type Handsets = {
  /** Opens a phone with money on it when it is seen for the first time. */
  at: (msisdn: string) => Handset
  known: () => Handset[]
  change: (msisdn: string, change: Partial<Omit<Handset, 'msisdn'>>) => Handset
  setBalance: (msisdn: string, balance: number) => void
}

export const DEFAULT_PIN = '1234'
const DEFAULT_BALANCE = 50_000
/** After so many wrong PINs in a row M-Pesa locks the PIN (8006). */
export const WRONG_PIN_LIMIT = 3

export const SAMPLE_PHONES = [
  { phone: '254712345678', pin: '1234', name: 'Wanjiku Kamau', balance: 180_000 },
  { phone: '254722000111', pin: '2468', name: 'Otieno Odhiambo', balance: 95_000 },
  { phone: '254708222333', pin: '1357', name: 'Achieng Owuor', balance: 60_000 },
  { phone: '254110445566', pin: '4321', name: 'Kipchoge Rotich', balance: 240_000 },
  { phone: '254799887766', pin: '1111', name: 'Halima Abdi', balance: 42_500 },
  { phone: '254701234321', pin: '8080', name: 'Mutua Musyoka', balance: 310_000 },
  { phone: '254115678900', pin: '5566', name: 'Njeri Mwangi-Wambugu', balance: 120_000 },
  { phone: '254745612300', pin: '9876', name: 'Baraka Juma', balance: 1_200 },
  { phone: '254768430921', pin: '2026', name: 'Chebet Langat', balance: 75_000 },
] as const

export const createHandsets = (ledger: Ledger, clock: Clock): Handsets => {
  const handsets = new Map<string, Handset>()
  const open = (msisdn: string, name: string, pin: string, balance: number): Handset => {
    const handset = {
      msisdn,
      name,
      pin,
      on: true,
      wrongPins: 0,
      registered: true,
      autopilot: null,
    }
    handsets.set(msisdn, handset)
    if (!ledger.wallets.has(msisdn)) setBalance(msisdn, balance)
    return handset
  }
  const setBalance = (msisdn: string, balance: number) =>
    ledger.record({ kind: 'wallet', phone: msisdn, balance, at: clock.now().toISOString() })
  const at = (msisdn: string): Handset =>
    handsets.get(msisdn) ?? open(msisdn, 'Another phone', DEFAULT_PIN, DEFAULT_BALANCE)

  for (const { phone, name, pin, balance } of SAMPLE_PHONES) open(phone, name, pin, balance)
  for (const phone of ledger.wallets.keys()) at(phone)
  return {
    at,
    known: () => [...handsets.values()],
    change: (msisdn, change) => Object.assign(at(msisdn), change),
    setBalance: (msisdn, balance) => {
      at(msisdn)
      setBalance(msisdn, balance)
    },
  }
}

/** `0712…`, `+254712…` or `254712…` as M-Pesa writes it, or null when it is no Kenyan mobile. */
export const readMsisdn = (text: string): string | null => {
  const parsed = tryParse(text)
  if (!parsed?.isValid() || parsed.country !== 'KE') return null
  const msisdn = `254${parsed.nationalNumber}`
  return MSISDN.test(msisdn) ? msisdn : null
}

/** What Daraja takes as a phone: twelve digits, `2547…` or `2541…`. */
export const MSISDN = /^254[17]\d{8}$/

const tryParse = (text: string): PhoneNumber | null => {
  try {
    return parsePhoneNumberWithError(text.startsWith('254') ? `+${text}` : text, 'KE')
  } catch {
    return null
  }
}

/** `0712 345 678`: how people write it. */
export const spokenPhone = (msisdn: string): string =>
  `0${msisdn.slice(3, 6)} ${msisdn.slice(6, 9)} ${msisdn.slice(9)}`

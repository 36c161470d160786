import { SAMPLE_PHONES, spokenPhone, WRONG_PIN_LIMIT } from './handsets.ts'
import type { Prompt } from './prompts.ts'
import type { Simulator } from './simulator.ts'
import { paymentSms, payoutSms, reversalSms, type Sms } from './texts.ts'

/** What a drawn phone shows. */
export type HandsetView = {
  msisdn: string
  spoken: string
  name: string
  /** Printed under the phone, for the sample customers and for phones nobody gave a PIN. */
  pin: string
  on: boolean
  locked: boolean
  autopilot: string | null
  balance: number
  prompt: Prompt | null
  /** Newest first. */
  messages: Sms[]
}

const MESSAGE_LIMIT = 20
const SAMPLES: ReadonlySet<string> = new Set(SAMPLE_PHONES.map(({ phone }) => phone))

export const viewHandset = (simulator: Simulator, msisdn: string): HandsetView => {
  const { handsets, ledger, payments, settings } = simulator
  const { name, pin, on, wrongPins, autopilot } = handsets.at(msisdn)
  return {
    msisdn,
    spoken: spokenPhone(msisdn),
    name,
    pin,
    on,
    locked: wrongPins >= WRONG_PIN_LIMIT,
    autopilot: (autopilot ?? settings.autopilot)?.answer ?? null,
    balance: ledger.wallets.get(msisdn) ?? 0,
    prompt: payments.prompt(msisdn),
    messages: messagesOf(simulator, msisdn),
  }
}

/** Sample customers first and in their order, then the phones people typed in. */
export const wallOrder = (simulator: Simulator): string[] => {
  const known = simulator.handsets.known().map(({ msisdn }) => msisdn)
  const others = known.filter((msisdn) => !SAMPLES.has(msisdn))
  return [...known.filter((msisdn) => SAMPLES.has(msisdn)), ...others.slice(-OTHERS_ON_WALL)]
}

/** A load test may leave thousands of phones behind. */
const OTHERS_ON_WALL = 24

const messagesOf = ({ ledger, merchant, paybill }: Simulator, msisdn: string): Sms[] => {
  const { merchantName } = merchant
  const latest = (ledger.byPhone.get(msisdn) ?? []).slice(-MESSAGE_LIMIT)
  const refunds = new Map(
    [...ledger.reversals.values()].map((one) => [one.receipt ?? '', one] as const),
  )
  const payouts = [...ledger.payouts.values()].filter(({ phone }) => phone === msisdn)
  return [
    ...latest.flatMap((payment) => paymentSms(merchantName, payment)),
    ...latest.flatMap(({ reversedBy }) => {
      const refund = refunds.get(reversedBy ?? '-')
      return refund ? reversalSms(refund) : []
    }),
    ...payouts.slice(-MESSAGE_LIMIT).flatMap((payout) => payoutSms(merchantName, payout)),
    ...paybill.refusals(msisdn),
  ].sort((a, b) => b.at.getTime() - a.at.getTime())
}

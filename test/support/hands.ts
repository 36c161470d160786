/** Hands on the simulator: people at their phones, and the owner of the paybill at the portal. */
import { credentialOf } from '../local/wire-bodies.ts'
import { compactTime } from '../../local/daraja-simulator/clock.ts'
import { SANDBOX } from '../../local/daraja-simulator/settings.ts'
import type { Provider } from '../../faults/checker/world.ts'
import { control } from './customer.ts'
import type { Stack } from './stack.ts'

export type Mood = Record<string, unknown>

export const mood = (stack: Stack, phone: string, how: Mood) =>
  control(stack, 'PUT', `/moods/phones/${phone}`, how)
export const settings = (stack: Stack, patch: object) => control(stack, 'PATCH', '/settings', patch)

/** The phone pays each prompt by itself from now on. */
export const payByItself = (stack: Stack, phone: string, balance = 400_000) =>
  control(stack, 'PATCH', `/phones/${phone}`, {
    balance,
    autopilot: { answer: 'pay', afterMs: 0 },
  })

export type ByHand = { receipt?: string; refused?: string }
/** Lipa na M-Pesa, Pay bill, with this account number. */
export async function payByHand(
  stack: Stack,
  phone: string,
  amount: number,
  account: string,
): Promise<ByHand> {
  const answer = await control(stack, 'POST', `/phones/${phone}/pay`, { amount, account })
  return (await answer.json()) as ByHand
}

export const fromControl = async <T>(stack: Stack, path: string): Promise<T> =>
  (await (await fetch(`${stack.simulator}/_control${path}`)).json()) as T

export const ledgerOf = (stack: Stack) => fromControl<Provider>(stack, '/ledger')

/** What stands on the paybill, in shillings. */
export async function onThePaybill(stack: Stack): Promise<number> {
  const { movements } = await ledgerOf(stack)
  return movements.reduce((sum, { amount }) => sum + amount, 0)
}

/** A person pays somebody out at the portal; our books hear nothing of it. */
export async function payOutAtThePortal(stack: Stack, phone: string, amount: number) {
  const { certificate } = await fromControl<{ certificate: string }>(stack, '/operator')
  const { consumerKey, consumerSecret, shortCode, initiator, initiatorPassword } = SANDBOX
  const basic = btoa(`${consumerKey}:${consumerSecret}`)
  const signedIn = await fetch(
    `${stack.simulator}/oauth/v1/generate?grant_type=client_credentials`,
    { headers: { authorization: `Basic ${basic}` } },
  )
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const nowhere = `${stack.baseUrl}/healthz`
  const answer = await fetch(`${stack.simulator}/mpesa/b2c/v3/paymentrequest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      OriginatorConversationID: `portal-${compactTime(new Date())}`,
      InitiatorName: initiator,
      SecurityCredential: credentialOf(initiatorPassword, certificate),
      CommandID: 'BusinessPayment',
      Amount: amount,
      PartyA: Number(shortCode),
      PartyB: Number(phone),
      Remarks: 'Garage',
      QueueTimeOutURL: nowhere,
      ResultURL: nowhere,
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

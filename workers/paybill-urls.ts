/**
 * Tells Safaricom where payments by hand are asked about and reported, and asks for its list of payments. In production
 * both are done once, by hand.
 */
import type { RegisterAnswer } from '../domain/daraja.ts'
import { HOUR_MS } from '../domain/time.ts'
import type { Config } from '../config.ts'
import type { Daraja } from '../gateways/daraja.ts'
import { createPaybillUrls, createSecretPaths } from '../gateways/secret-paths.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 15_000

export type Registration = {
  what: string
  ask(daraja: Daraja): Promise<RegisterAnswer>
  registered: string
  already: string
}

const urlsOf = ({ secrets, http }: Config) =>
  createPaybillUrls(http.publicUrl, createSecretPaths(secrets.callbackSecret))

/** While we cannot be asked, the money is taken: unmatched money is better than a customer turned away. */
const paybillUrls = (config: Config): Registration => ({
  what: 'our addresses for payments by hand',
  ask: (daraja) => daraja.registerPaybillUrls({ ...urlsOf(config), onUnreachable: 'Completed' }),
  registered: 'payments by hand are reported to us',
  already:
    'addresses were registered before; on Safaricom’s portal you see which, and can delete them',
})

/** Should Safaricom ever report there by itself, it is money like any other that it reports. */
const listOfPayments = (config: Config, nominatedPhone: string): Registration => ({
  what: 'to tell its list of payments',
  ask: (daraja) =>
    daraja.registerPull({ nominatedPhone, callbackUrl: urlsOf(config).confirmationUrl }),
  registered: 'Safaricom tells its list of payments from now on',
  already: 'Safaricom tells its list of payments',
})

export const registrationsOf = (config: Config): Registration[] => {
  const { pullPhone } = config.paybill
  return [paybillUrls(config), ...(pullPhone ? [listOfPayments(config, pullPhone)] : [])]
}

/** What a person should know about the answer; null when it must be asked again. */
export const registrationSentence = (
  { what, registered, already }: Registration,
  answer: RegisterAnswer,
): string | null => {
  if (answer.outcome === 'registered') return registered
  if (answer.outcome === 'already') return already
  return answer.outcome === 'refused' ? `Safaricom refused ${what}: ${answer.code}` : null
}

/** At start, until Safaricom has answered all of them. */
export function startPaybillRegistration(world: World, daraja: Daraja): Running {
  let open = registrationsOf(world.config)
  const ask = async (one: Registration): Promise<Registration[]> => {
    const answer = await one.ask(daraja)
    const sentence = registrationSentence(one, answer)
    if (answer.outcome === 'registered') world.log.info({}, sentence ?? '')
    else world.log.warn({ answer }, sentence ?? `Safaricom has not taken ${one.what} yet`)
    return sentence === null ? [one] : []
  }
  return startLoop(world, {
    name: 'paybill-urls',
    restMs: REST_MS,
    longestRestMs: HOUR_MS,
    round: async () => {
      const left: Registration[] = []
      for (const one of open) left.push(...(await ask(one)))
      open = left
      return false
    },
  })
}

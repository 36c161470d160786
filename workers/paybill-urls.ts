/** Tells Safaricom where payments by hand are asked about and reported. In production that is done once, by hand. */
import type { RegisterAnswer } from '../domain/daraja.ts'
import { HOUR_MS } from '../domain/time.ts'
import type { Config } from '../config.ts'
import type { Daraja } from '../gateways/daraja.ts'
import { createPaybillUrls, createSecretPaths } from '../gateways/secret-paths.ts'
import { startLoop } from './loop.ts'
import type { Running, World } from './world.ts'

const REST_MS = 15_000

/** While we cannot be asked, the money is taken: unmatched money is better than a customer turned away. */
export const registerPaybill = (config: Config, daraja: Daraja): Promise<RegisterAnswer> => {
  const paths = createSecretPaths(config.secrets.callbackSecret)
  const urls = createPaybillUrls(config.http.publicUrl, paths)
  return daraja.registerPaybillUrls({ ...urls, onUnreachable: 'Completed' })
}

/** What a person should know about the answer; null when it must be asked again. */
export const registrationSentence = (answer: RegisterAnswer): string | null => {
  if (answer.outcome === 'registered') return 'payments by hand are reported to us'
  if (answer.outcome === 'already')
    return 'addresses were registered before; on Safaricom’s portal you see which, and can delete them'
  return answer.outcome === 'refused'
    ? `Safaricom refused our addresses for payments by hand: ${answer.code}`
    : null
}

/** At start, until Safaricom has answered. */
export function startPaybillRegistration(world: World, daraja: Daraja): Running {
  let answered = false
  return startLoop(world, {
    name: 'paybill-urls',
    restMs: REST_MS,
    longestRestMs: HOUR_MS,
    round: async () => {
      if (answered) return false
      const answer = await registerPaybill(world.config, daraja)
      const sentence = registrationSentence(answer)
      answered = sentence !== null
      if (answer.outcome === 'registered') world.log.info({}, sentence ?? '')
      else world.log.warn({ answer }, sentence ?? 'Safaricom has not taken our addresses yet')
      return false
    },
  })
}

/** `npm run paybill:register`: once for a shortcode in production, by hand. */
import { loadConfig } from '../config.ts'
import { createDaraja } from '../gateways/daraja.ts'
import { registrationSentence, registrationsOf } from './paybill-urls.ts'
import { darajaOptions } from './stories.ts'

const config = loadConfig()
const daraja = createDaraja(darajaOptions(config.daraja))
for (const one of registrationsOf(config)) {
  const answer = await one.ask(daraja)
  const sentence = registrationSentence(one, answer) ?? 'no clear answer from Safaricom; try again'
  process.stdout.write(`${one.what}: ${sentence}\n`)
  if (answer.outcome !== 'registered') process.exitCode = 1
}

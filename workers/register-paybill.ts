/** `npm run paybill:register`: once for a shortcode in production, by hand. */
import { loadConfig } from '../config.ts'
import { createDaraja } from '../gateways/daraja.ts'
import { registerPaybill, registrationSentence } from './paybill-urls.ts'
import { darajaOptions } from './stories.ts'

const config = loadConfig()
const answer = await registerPaybill(config, createDaraja(darajaOptions(config.daraja)))
const sentence = registrationSentence(answer) ?? 'no clear answer from Safaricom; try again'
process.stdout.write(`${sentence}\n`)
process.exitCode = answer.outcome === 'registered' ? 0 : 1

/** `npm run audit:check`: whether anybody has changed the audit. Ends with 1 where somebody has. */
import { connectDatabase } from '../db/connection.ts'
import { FLAW_WORDS, wasChanged, type ChainFlaw } from '../domain/audit-chain.ts'
import { createKafka } from '../gateways/kafka.ts'
import { createLog } from '../gateways/log.ts'
import { createSeal } from '../gateways/sealing.ts'
import { loadConfig } from '../config.ts'
import { checkAudit } from './checking-audit.ts'

const SHOWN = 50

const say = (line: string) => void process.stdout.write(`${line}\n`)
const whole = (count: number) => count.toLocaleString('en')

const flawText = ({ kind, position, entryId }: ChainFlaw): string => {
  const which = [
    ...(position === null ? [] : [`link ${whole(position)}`]),
    ...(entryId === null ? [] : [`entry ${entryId}`]),
  ]
  return `${which.join(', ')} ${FLAW_WORDS[kind]}`
}

const config = loadConfig()
const log = createLog({ level: config.log.level, name: 'audit-check' })
const db = connectDatabase({
  url: config.database.url,
  pool: 2,
  applicationName: 'gari-audit',
  isUnhurried: true,
})
const { brokers } = config.kafka
const kafka =
  brokers.length > 0 ? createKafka({ ...config.kafka, clientId: 'audit-check', log }) : null
try {
  const check = await checkAudit({
    db,
    kafka,
    seal: createSeal(config.secrets.sealing),
    onProgress: (position, of) => say(`${whole(position)} of ${whole(of)} links are checked`),
  })
  for (const flaw of check.flaws.slice(0, SHOWN)) say(`! ${flawText(flaw)}`)
  if (check.flaws.length > SHOWN) say(`! and ${whole(check.flaws.length - SHOWN)} more`)
  if (check.published === null) say('No KAFKA_BROKERS: whether its end was cut off is not known.')
  else say(`${whole(check.published)} published heads were compared.`)
  if (check.lostHeads > 0)
    say(`${whole(check.lostHeads)} of them are of a time that a restore has lost.`)
  if (wasChanged(check))
    say('Somebody or something has changed the audit. docs/operations.md says what to do.')
  else if (check.flaws.length > 0)
    say('Nothing that is sealed was changed, but not everything is sealed.')
  else say(`The audit is as it was written: ${whole(check.links)} entries are sealed.`)
  if (check.flaws.length > 0) process.exitCode = 1
} finally {
  await kafka?.close()
  await db.close()
}

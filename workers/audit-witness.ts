/**
 * `npm run audit:witness -- begin`, `report`, `end`: whether everything that Gari changes leaves an entry in the audit. Begun before
 * a time of trying a release out, and ended after it; `report` ends with 1 where something left none.
 */
import { beginWitness, countWitnessed, endWitness, listUnwritten } from '../db/audit-witness.ts'
import { connectDatabase } from '../db/connection.ts'
import { loadConfig } from '../config.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

const config = loadConfig()
const db = connectDatabase({
  // Triggers are its owner's to make.
  url: config.database.migrationUrl,
  pool: 1,
  applicationName: 'gari-audit-witness',
  isUnhurried: true,
})

async function report(): Promise<void> {
  const [seen, unwritten] = [await countWitnessed(db), await listUnwritten(db)]
  for (const { what, how, statement, times } of unwritten)
    say(`! ${what} ${how}, ${times} times: ${statement.replaceAll(/\s+/g, ' ').slice(0, 160)}`)
  say(`${seen.toLocaleString('en')} changes were seen.`)
  if (unwritten.length === 0) say('All of them have an entry in the audit.')
  else process.exitCode = 1
}

const DEEDS: Record<string, () => Promise<void>> = {
  begin: () => beginWitness(db),
  report,
  end: () => endWitness(db),
}

try {
  const deed = DEEDS[process.argv[2] ?? 'report']
  if (deed) await deed()
  else {
    say('npm run audit:witness -- begin | report | end')
    process.exitCode = 2
  }
} finally {
  await db.close()
}

/**
 * `npm run first-admin -- njeri@example.com Njeri Mwangi`: opens an account that may give roles and change them, and prints the
 * link with which its owner chooses a password. For the first one; later ones are invited at /admin/people.
 */
import { connectDatabase, inTransaction } from '../db/connection.ts'
import { inviteColleague } from '../db/people.ts'
import { assignRole } from '../db/role-assignments.ts'
import { LINK_LIFE_MS } from '../domain/accounts.ts'
import { BusinessError } from '../domain/errors.ts'
import { colleague } from '../domain/schemas/roles.ts'
import { createAccountLink, createSecretPaths } from '../gateways/secret-paths.ts'
import { createVault } from '../gateways/vault.ts'
import { loadConfig } from '../config.ts'

const BY = 'first-admin'
const say = (line: string) => void process.stdout.write(`${line}\n`)

const [email, first_name, last_name] = process.argv.slice(2)
const read = colleague.safeParse({ kind: 'admin', email, first_name, last_name })
if (!read.success) {
  for (const { message } of read.error.issues) say(message)
  say('Say it like this: npm run first-admin -- njeri@example.com Njeri Mwangi')
  process.exit(1)
}
const config = loadConfig()
const db = connectDatabase({
  url: config.database.url,
  pool: 1,
  applicationName: 'gari-admin',
  vault: createVault(config.secrets.vault),
})
try {
  const { first_name: firstName, last_name: lastName, ...rest } = read.data
  const until = new Date(Date.now() + LINK_LIFE_MS.invitation)
  const linkId = await inTransaction(db, async (tx) => {
    const who = { ...rest, firstName, lastName, actorId: BY, until }
    const { person, linkId: made } = await inviteColleague(tx, who)
    await assignRole(tx, { userId: person.id, role: 'admin', expiresAt: null }, BY)
    return made
  })
  const paths = createSecretPaths(config.secrets.callbackSecret)
  say('The account is open. Its owner chooses a password here, within a week:')
  say(createAccountLink(config.http.publicUrl, paths)(linkId))
} catch (error) {
  if (!(error instanceof BusinessError)) throw error
  say(error.message)
  process.exitCode = 1
} finally {
  await db.close()
}

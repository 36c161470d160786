/** The keys of people: every one wrapped by the newest master key, and none by one that is not set. */
import type { Config } from '../../config.ts'
import type { Database } from '../../db/connection.ts'
import { countKeys } from '../../db/key-rotations.ts'
import type { Complaint } from './checks.ts'

const CHANGE = 'docs/operations.md, "Change keys"'

export async function masterKeyComplaints(
  db: Database,
  { vault }: Config['secrets'],
): Promise<Complaint[]> {
  const old = new Set(vault.oldKeys.map(({ keyId }) => keyId))
  const left = (await countKeys(db)).filter(({ keyId }) => keyId !== vault.keyId)
  return left.map(({ keyId, rows }) => {
    const what = `${rows} ${rows === 1 ? 'key of a person is' : 'keys of people are'} wrapped by the master key ${keyId}`
    return old.has(keyId)
      ? {
          what: `${what}, not by ${vault.keyId}: MASTER_OLD_KEYS cannot lose it yet.`,
          mend: `Run npm run keys:rotate (${CHANGE}).`,
        }
      : {
          what: `${what}, which is not set: nobody can read what is theirs.`,
          mend: `Add ${keyId} to MASTER_OLD_KEYS, then run npm run keys:rotate (${CHANGE}).`,
        }
  })
}

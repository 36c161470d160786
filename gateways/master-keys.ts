/**
 * Who keeps the master keys. Asked once for each, when a process begins; from then on the vault works by itself, so that sealing and
 * reading wait for nobody and go on while a keeper is away (docs/decisions/0049).
 */
import type { Vault } from '../domain/vault.ts'
import { createVault, type MasterKeys } from './vault.ts'

export type KeyKeeper = {
  /** What is set in MASTER_KEY or MASTER_OLD_KEYS, opened: 32 bytes. Rejects where it is refused, which ends the start. */
  unwrap(keyId: string, set: Buffer): Promise<Buffer>
}

/** The settings themselves, or the files that MASTER_KEY_FILE and MASTER_OLD_KEYS_FILE name: what is set is the key. */
export const settingsKeeper: KeyKeeper = { unwrap: async (_keyId, set) => set }

/** Throws RangeError on a key that cannot be one; rejects as the keeper does. */
export async function openVault(set: MasterKeys, keeper = settingsKeeper): Promise<Vault> {
  const open = async ({ keyId, key }: { keyId: string; key: Buffer }) => ({
    keyId,
    key: await keeper.unwrap(keyId, key),
  })
  const [newest, oldKeys] = await Promise.all([
    open(set),
    Promise.all((set.oldKeys ?? []).map(open)),
  ])
  return createVault({ ...newest, oldKeys, indexSecret: set.indexSecret })
}

/** Where the master keys come from: the settings as they are, or somebody who keeps them and opens what is set. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { openVault, type KeyKeeper } from '../../gateways/master-keys.ts'
import { createVault } from '../../gateways/vault.ts'
import { INDEX, M1, M2, vaultWith } from '../support/masters.ts'

const SUBJECT = '0198c000-0000-7000-8000-000000000001'
const place = { subjectId: SUBJECT, table: 'users', column: 'phone', row: SUBJECT }

/** As a service for keys does it: only its own key opens what it wrapped, under the same name. */
function startKeeper() {
  const own = randomBytes(32)
  const asked: string[] = []
  const wrap = (keyId: string, key: Buffer): Buffer => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(Buffer.from(keyId))
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
  }
  const keeper: KeyKeeper = {
    unwrap: async (keyId, set) => {
      asked.push(keyId)
      const decipher = createDecipheriv('aes-256-gcm', own, set.subarray(0, 12))
      decipher.setAAD(Buffer.from(keyId)).setAuthTag(set.subarray(-16))
      return Buffer.concat([decipher.update(set.subarray(12, -16)), decipher.final()])
    },
  }
  return { keeper, wrap, asked }
}

const plain = vaultWith(M1)

describe('the settings as keeper', () => {
  it('are the keys themselves', async () => {
    const key = plain.newKey(SUBJECT)
    const sealed = plain.seal(key, place, 'a phone')
    const vault = await openVault({ ...M2, oldKeys: [M1], indexSecret: INDEX })
    expect(vault.open(key, place, sealed)).toBe('a phone')
    expect(vault.master.keyId).toBe('m2')
  })
})

describe('a keeper elsewhere', () => {
  it('opens each key that is set, once, and is not asked for values', async () => {
    const { keeper, wrap, asked } = startKeeper()
    const set = {
      keyId: 'm2',
      key: wrap('m2', M2.key),
      oldKeys: [{ keyId: 'm1', key: wrap('m1', M1.key) }],
      indexSecret: INDEX,
    }
    const vault = await openVault(set, keeper)
    const key = plain.newKey(SUBJECT)
    for (let times = 0; times < 5; times += 1)
      expect(vault.open(key, place, plain.seal(key, place, 'a phone'))).toBe('a phone')
    expect(vault.rewrap(SUBJECT, key)?.masterKeyId).toBe('m2')
    expect(asked.toSorted()).toEqual(['m1', 'm2'])
  })

  it('that refuses ends the start, as does one that gives what is no key', async () => {
    const { keeper, wrap } = startKeeper()
    const moved = { keyId: 'm2', key: wrap('m1', M1.key), indexSecret: INDEX }
    await expect(openVault(moved, keeper)).rejects.toThrow()
    const short = { unwrap: async () => Buffer.alloc(16) }
    await expect(openVault({ ...M1, indexSecret: INDEX }, short)).rejects.toThrow(RangeError)
  })
})

describe('the mark of a master key', () => {
  it('is the same for the same key, another for another, and says nothing of it', () => {
    const again = createVault({ ...M1, keyId: 'another', indexSecret: INDEX })
    const other = createVault({ ...M2, keyId: 'm1', indexSecret: INDEX })
    expect(again.master.mark).toBe(plain.master.mark)
    expect(other.master.mark).not.toBe(plain.master.mark)
    expect(M1.key.toString('hex')).not.toContain(plain.master.mark)
  })

  it('never stands for two: one key has one name, and one name one key', () => {
    const twice = { ...M1, oldKeys: [{ keyId: 'm0', key: M1.key }], indexSecret: INDEX }
    expect(() => createVault(twice)).toThrow('master keys m1 and m0 are the same')
    const named = { ...M1, oldKeys: [{ keyId: 'm1', key: M2.key }], indexSecret: INDEX }
    expect(() => createVault(named)).toThrow('two master keys are named m1')
  })
})

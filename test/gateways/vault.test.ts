/** What protects personal columns: read by its own key, in its own place, and in no other way. */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { UnreadableValue, type Place } from '../../domain/vault.ts'
import { createVault } from '../../gateways/vault.ts'
import { INDEX, M1, M2, vaultWith } from '../support/masters.ts'

const vault = vaultWith(M1)
const later = vaultWith(M2, M1)
const SUBJECT = '0198c000-0000-7000-8000-000000000001'
const place: Place = { subjectId: SUBJECT, table: 'users', column: 'phone', row: SUBJECT }
const phone = '+254712345678'

describe('a value', () => {
  it('is read again as it was written, whatever it says, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const key = vault.newKey(SUBJECT)
        const [one, other] = [vault.seal(key, place, text), vault.seal(key, place, text)]
        expect(vault.open(key, place, one)).toBe(text)
        expect(one.equals(other)).toBe(false)
        if (text.length > 3) expect(one.includes(Buffer.from(text))).toBe(false)
      }),
    )
  })

  it('is read in no other column, row or table, and for nobody else', () => {
    const key = vault.newKey(SUBJECT)
    const sealed = vault.seal(key, place, phone)
    for (const over of [{ table: 'customers' }, { column: 'email' }, { row: 'another' }])
      expect(() => vault.open(key, { ...place, ...over }, sealed)).toThrow(UnreadableValue)
    const stranger = '0198c000-0000-7000-8000-000000000002'
    expect(() => vault.open(key, { ...place, subjectId: stranger }, sealed)).toThrow(
      UnreadableValue,
    )
    expect(() => vault.open(vault.newKey(SUBJECT), place, sealed)).toThrow(UnreadableValue)
  })

  it('is not read when a single bit of it was changed, or an end is missing', () => {
    const key = vault.newKey(SUBJECT)
    const sealed = vault.seal(key, place, phone)
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => vault.open(key, place, changed)).toThrow(UnreadableValue)
      }),
    )
    for (const end of [0, 1, 28, sealed.length - 1])
      expect(() => vault.open(key, place, sealed.subarray(0, end))).toThrow(UnreadableValue)
  })

  it('says nothing of itself when it cannot be read', () => {
    const key = vault.newKey(SUBJECT)
    const sealed = vault.seal(key, place, phone)
    const message = (() => {
      try {
        return vault.open(key, { ...place, row: 'x' }, sealed)
      } catch (error) {
        return String(error)
      }
    })()
    expect(message).not.toMatch(/2547|users|phone/)
  })
})

describe('a new master key', () => {
  it('wraps the keys of people anew, and what they wrote before is still read', () => {
    const key = vault.newKey(SUBJECT)
    const sealed = vault.seal(key, place, phone)
    const wrapped = later.rewrap(SUBJECT, key)
    expect(wrapped?.masterKeyId).toBe('m2')
    expect(later.open(key, place, sealed)).toBe(phone)
    expect(wrapped && later.open(wrapped, place, sealed)).toBe(phone)
    expect(wrapped && later.rewrap(SUBJECT, wrapped)).toBeNull()
    const without = vaultWith(M2)
    expect(wrapped && without.open(wrapped, place, sealed)).toBe(phone)
    expect(() => without.open(key, place, sealed)).toThrow('no master key m1')
  })

  it('leaves look-ups as they are', () => {
    expect(vault.index('phone', phone)).toEqual(later.index('phone', phone))
  })

  it('is refused when it is too short', () => {
    const short = { keyId: 'm3', key: Buffer.alloc(16), indexSecret: INDEX }
    expect(() => createVault(short)).toThrow(RangeError)
  })
})

it('looks up the same text by the same bytes, a phone never by those of a licence, and with our key only', () => {
  expect(vault.index('phone', phone)).toHaveLength(16)
  expect(vault.index('phone', phone)).not.toEqual(vault.index('licence', phone))
  expect(vault.index('phone', phone)).not.toEqual(vault.index('phone', '+254712345679'))
  const stranger = createVault({ ...M1, indexSecret: Buffer.alloc(32, 4) })
  expect(stranger.index('phone', phone)).not.toEqual(vault.index('phone', phone))
})

import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'

const key = randomBytes(32)
const codec = createPayloadCodec({ keyId: 'k2', key })
const value = { phone: '+254712345678', amount: 150_000, name: 'Wanjirũ' }
const payload = (): Payload => defaultPayloadConverter.toPayload(value)

const encodeOne = async (given = codec): Promise<Payload> => {
  const [encoded] = await given.encode([payload()])
  return encoded as Payload
}
const read = async (encoded: Payload, given = codec) => {
  const [decoded] = await given.decode([encoded])
  return defaultPayloadConverter.fromPayload(decoded as Payload)
}
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1')

describe('the payload codec', () => {
  test('gives back what it was given, metadata included', async () => {
    const encoded = await encodeOne()
    expect(text(encoded.metadata?.['encoding'])).toBe('binary/encrypted')
    expect(text(encoded.metadata?.['encryption-key-id'])).toBe('k2')
    expect(text(encoded.data)).not.toContain('254712345678')
    expect(await read(encoded)).toEqual(value)
    expect(await codec.decode(await codec.encode([]))).toEqual([])
  })

  test('never uses a nonce twice', async () => {
    const encoded = await codec.encode(Array.from({ length: 2_000 }, payload))
    const nonces = new Set(encoded.map(({ data }) => text(data?.subarray(0, 12))))
    expect(nonces.size).toBe(2_000)
  })

  test('notices every changed bit, wherever it is', async () => {
    const encoded = await encodeOne()
    const data = Buffer.from(encoded.data ?? [])
    for (const at of [0, 11, 12, Math.floor(data.length / 2), data.length - 16, data.length - 1]) {
      const changed = Buffer.from(data)
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(read({ ...encoded, data: changed })).rejects.toThrow('was changed')
    }
    await expect(read({ ...encoded, data: data.subarray(0, 20) })).rejects.toThrow('is cut')
    await expect(read({ ...encoded, data: data.subarray(0, -1) })).rejects.toThrow('was changed')
  })

  test('binds the key’s id: the same bytes under another id are refused', async () => {
    const both = createPayloadCodec({ keyId: 'k2', key, oldKeys: [{ keyId: 'k1', key }] })
    const encoded = await encodeOne(both)
    const metadata = { ...encoded.metadata, 'encryption-key-id': Buffer.from('k1') }
    await expect(read({ ...encoded, metadata }, both)).rejects.toThrow('was changed')
  })

  test('reads what an old key wrote, and says which key is missing', async () => {
    const fresh = randomBytes(32)
    const encoded = await encodeOne()
    const rotated = createPayloadCodec({ keyId: 'k3', key: fresh, oldKeys: [{ keyId: 'k2', key }] })
    expect(await read(encoded, rotated)).toEqual(value)
    const forgetful = createPayloadCodec({ keyId: 'k3', key: fresh })
    await expect(read(encoded, forgetful)).rejects.toThrow('no key k2')
    const wrong = createPayloadCodec({ keyId: 'k2', key: fresh })
    await expect(read(encoded, wrong)).rejects.toThrow('was changed')
  })

  test('passes what was never encrypted', async () => {
    expect(await codec.decode([payload()])).toEqual([payload()])
    expect(await codec.decode([{}])).toEqual([{}])
  })

  test('takes only keys of 256 bits', () => {
    expect(() => createPayloadCodec({ keyId: 'k', key: randomBytes(16) })).toThrow(RangeError)
  })
})

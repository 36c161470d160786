/** The keys that a house encrypts its histories with: all that it ever wrote with, so that whoever looks can read all. */
import { randomBytes } from 'node:crypto'
import type { PayloadCodec } from '@temporalio/common'
import type { Environment } from '../config.ts'
import { createPayloadCodec, type PayloadKey } from '../gateways/payload-codec.ts'

export type PayloadKeys = {
  /** What every process is told: which key it writes with, and which it can read besides. */
  settings: () => Environment
  /** One more, which can be read from now on; its id was never used before (docs/operations.md, "Change keys"). */
  add: () => string
  /** What is new is written with the newest from now on. */
  useNewest: () => void
  /** Reads whatever was written in this house. */
  codec: () => PayloadCodec
}

const FIRST = 'local'
const KEY_BYTES = 32
const encode = ({ key }: PayloadKey): string => key.toString('base64')

export function createPayloadKeys(first: string): PayloadKeys {
  let writing: PayloadKey = { keyId: FIRST, key: Buffer.from(first, 'base64') }
  const all = [writing]
  const others = () => all.filter((one) => one !== writing)
  return {
    settings: () => ({
      PAYLOAD_KEY: encode(writing),
      PAYLOAD_KEY_ID: writing.keyId,
      PAYLOAD_OLD_KEYS: others()
        .map((one) => `${one.keyId}:${encode(one)}`)
        .join(','),
    }),
    add: () => {
      const keyId = `k${all.length + 1}`
      all.push({ keyId, key: randomBytes(KEY_BYTES) })
      return keyId
    },
    useNewest: () => void (writing = all.at(-1) ?? writing),
    codec: () => createPayloadCodec({ ...writing, oldKeys: others() }),
  }
}

const KEY_ID = 'encryption-key-id'

/** The ids of the keys that something in this history, as Temporal keeps it, was encrypted with. */
export function keyIdsIn(history: unknown): Set<string> {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
    if ('metadata' in value) {
      const metadata = value.metadata as Record<string, Uint8Array | undefined> | null | undefined
      const id = metadata?.[KEY_ID]
      if (id) found.add(Buffer.from(id).toString('utf8'))
    }
    for (const one of Object.values(value)) look(one)
  }
  look(history)
  return found
}

import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
} from '@temporalio/common/lib/internal-non-workflow/index.js'
import { createPayloadCodec } from '../../gateways/payload-codec.ts'
import { connectTemporalClient } from '../../gateways/temporal.ts'
import { qrSvg } from '../../gateways/qr.ts'

const codec = createPayloadCodec({ keyId: 'k1', key: randomBytes(32) })
const connect = () => connectTemporalClient({ address: '127.0.0.1:1', namespace: 'default', codec })

test('a client is made without a server and fails at its first call only', async () => {
  const client = await connect()
  const late = client.withDeadline(Date.now() + 300, () =>
    client.workflow.getHandle('reservation:1').describe(),
  )
  await expect(late).rejects.toThrow()
  await client.connection.close()
})

test('failures travel encrypted, message, stack and details', async () => {
  const client = await connect()
  const converter = client.options.loadedDataConverter
  const error = ApplicationFailure.create({
    message: 'no room for +254712345678',
    details: [{ phone: '+254712345678' }],
  })
  const failure = await encodeErrorToFailure(converter, error)
  expect(failure.message).toBe('Encoded failure')
  expect(JSON.stringify(failure)).not.toContain('712345678')
  expect(failure.stackTrace ?? '').toBe('')

  const back = await decodeOptionalFailureToOptionalError(converter, failure)
  expect(back).toMatchObject({ message: error.message, details: error.details })
  await client.connection.close()
})

test('a QR code is SVG text', async () => {
  expect(await qrSvg('https://gari.example/b/1')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
})

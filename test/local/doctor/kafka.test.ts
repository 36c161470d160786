/** The doctor and a real broker. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { examineConfig, loadToolPaths } from '../../../config.ts'
import { TOPICS } from '../../../domain/events.ts'
import { createKafka } from '../../../gateways/kafka.ts'
import { createClient, withAdmin } from '../../../gateways/kafka/client.ts'
import { createLog } from '../../../gateways/log.ts'
import { answer } from '../../../local/doctor/checks.ts'
import { engineChecks } from '../../../local/doctor/engines.ts'
import { createIsPrivate } from '../../../local/doctor/hosts.ts'
import type { Engine } from '../../../local/engine.ts'
import { startKafka } from '../../../local/kafka.ts'
import { freePort } from '../../../local/ports.ts'
import { eventually } from '../../support/stack.ts'

const log = createLog({ level: 'silent', name: 'test' })
let broker: Engine
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gari-test-doctor-kafka-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  broker = await startKafka({ dir: folder, port, controllerPort, cache: loadToolPaths().cache })
})
afterAll(async () => {
  await broker.stop()
  await rm(folder, { recursive: true, force: true })
})

const told = async (isHere = true, settings: Record<string, string> = {}) => {
  const { config } = examineConfig({
    DATABASE_URL: 'postgres://gari_app@127.0.0.1:1/gari',
    PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
    SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
    MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
    CALLBACK_SECRET: 'a'.repeat(40),
    KAFKA_BROKERS: broker.address,
    ...settings,
  })
  const checks = config && engineChecks(config, isHere ? createIsPrivate([]) : () => false, log)
  const check = checks?.find(({ name }) => name === 'kafka')
  if (!check) throw new Error('nobody asks Kafka')
  return (await answer(check)).complaints
}
const keepFor = (topic: string, ms: string) =>
  withAdmin(createClient({ brokers: [broker.address], clientId: 'test', log }), (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [{ name: 'retention.ms', value: ms }],
        },
      ],
    }),
  )

it('names topics that are missing, and is content with those that the relay makes', async () => {
  expect((await told())[0]?.what).toContain(TOPICS.audit)
  const events = createKafka({ brokers: [broker.address], clientId: 'test', log })
  await events.ensureTopics(Object.values(TOPICS))
  await events.close()
  expect(await told()).toEqual([])
})

it('wants the audit kept for ever and the rest for a week, and says how', async () => {
  await keepFor(TOPICS.audit, '604800000')
  await keepFor(TOPICS.payments, '3600000')
  // A broker tells itself of a change a moment after it has taken it.
  const complaints = await eventually('the broker goes by it', async () => {
    const all = await told()
    return all.length > 1 && all
  })
  expect(complaints.map(({ what }) => what)).toEqual([
    expect.stringMatching(/keeps gari.payments.v1 for less than 7 days/),
    expect.stringMatching(/does not keep gari.audit.v1 for ever/),
  ])
  expect(complaints[1]?.mend).toContain('--entity-name gari.audit.v1 --add-config retention.ms=-1')
})

it('wants TLS where others could listen, and refuses a broker that has none', async () => {
  expect((await told(false))[0]?.what).toContain('KAFKA_SSL is not yes')
  expect((await told(false, { KAFKA_SSL: 'yes' }))[0]?.what).toContain('could not be asked')
})

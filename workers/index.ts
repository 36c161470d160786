/** One worker process: the roles it was given, and a clean end. */
import { noteOrphan } from '../db/refund-orphans.ts'
import { createRegistrationSealer } from '../db/registrations.ts'
import { refuseSampleAccounts } from '../db/sample-accounts.ts'
import { connectTemporalClient } from '../gateways/temporal.ts'
import { logTemporalThrough } from '../gateways/temporal-workers.ts'
import { createDaraja } from '../gateways/daraja.ts'
import { createDocuments } from '../gateways/documents.ts'
import { createKafka } from '../gateways/kafka.ts'
import { createMail } from '../gateways/mail.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { createReportDelivery } from '../gateways/reports.ts'
import {
  createAccountLink,
  createLateLink,
  createChargeLink,
  createPayLink,
  createRegistrationLinks,
  createSecretPaths,
  createVerifyUrl,
} from '../gateways/secret-paths.ts'
import { createSms } from '../gateways/sms.ts'
import { loadConfig } from '../config.ts'
import { startAccountMails } from './account-mails.ts'
import { startDocumentMails } from './document-mails.ts'
import { startErasureLetters, startErasures } from './erasures.ts'
import { startExportLetters, startExports } from './exports.ts'
import { startInvoiceSweep, startInvoicing } from './invoicing.ts'
import { startMessages } from './messages.ts'
import { startNightlyAudit } from './nightly-audit.ts'
import { startNightlyLoyalty } from './nightly-loyalty.ts'
import { startNightlyRatings } from './nightly-ratings.ts'
import { startNightlyRetention } from './nightly-retention.ts'
import { startOutbox } from './outbox.ts'
import { startPaybillRegistration } from './paybill-urls.ts'
import { startReconciliationSchedules } from './reconciliation-schedules.ts'
import { startReports } from './reports.ts'
import { startSealing } from './sealing.ts'
import { startSealingColumns } from './sealing-columns.ts'
import { startHeartbeat, startHousekeeping } from './upkeep.ts'
import { startProviderWatch } from './provider-watch.ts'
import { darajaOptions, startStories } from './stories.ts'
import { createWorld, type Running, type World } from './world.ts'

type Closer = () => Promise<unknown>

async function start(world: World): Promise<{ parts: Running[]; closers: Closer[] }> {
  const { config } = world
  const roles = new Set(config.workers.roles)
  const parts: Running[] = [startHeartbeat(world, [...roles], config.version)]
  const closers: Closer[] = [() => world.db.close()]

  const queues = (['business', 'payments'] as const).filter((queue) => roles.has(queue))
  if (queues.length > 0) {
    const stories = await startStories(world, queues)
    parts.push(...stories.running)
    closers.push(() => stories.connection.close())
  }
  // Before Temporal is asked for: the audit is sealed whether it is there or not.
  if (roles.has('schedules'))
    parts.push(
      startSealing(world),
      startSealingColumns(world),
      startNightlyAudit(world),
      startNightlyLoyalty(world),
      startNightlyRatings(world),
      startNightlyRetention(world),
    )
  if (roles.has('schedules')) {
    const codec = createPayloadCodec(config.secrets.payload)
    const client = await connectTemporalClient({ ...config.temporal, codec })
    const daraja = createDaraja(darajaOptions(config.daraja))
    parts.push(
      startReports(
        world,
        createReportDelivery(client, (report) => noteOrphan(world.db, report)),
      ),
      startHousekeeping(world),
      startInvoiceSweep(world, client),
      startErasures(world, client),
      startExports(world, client),
      startReconciliationSchedules(world, client),
      startProviderWatch(world, daraja),
      ...(config.paybill.register ? [startPaybillRegistration(world, daraja)] : []),
    )
    closers.push(() => client.connection.close())
  }
  if (roles.has('messages')) parts.push(...startMails(world))
  await startEvents(world, roles, parts, closers)
  return { parts, closers }
}

/** Without Kafka events wait in the outbox, which is durable; everything else works. */
async function startEvents(
  world: World,
  roles: Set<string>,
  parts: Running[],
  closers: Closer[],
): Promise<void> {
  const { config, log } = world
  if (!roles.has('outbox') && !roles.has('messages')) return
  if (config.kafka.brokers.length === 0) {
    log.warn({}, 'no KAFKA_BROKERS: events wait in the outbox')
    return
  }
  const kafka = createKafka({ ...config.kafka, clientId: world.instance, log })
  closers.push(() => kafka.close())
  if (roles.has('outbox')) parts.push(startOutbox(world, kafka))
  if (roles.has('messages')) {
    const mail = createMail({ smtpUrl: config.smtp.url, from: config.smtp.from })
    const sms = createSms(config.sms)
    const paths = createSecretPaths(config.secrets.callbackSecret)
    const payLink = createPayLink(config.http.publicUrl, paths)
    const lateLink = createLateLink(config.http.publicUrl, paths)
    const chargeLink = createChargeLink(config.http.publicUrl, paths)
    const links = { payLink, lateLink, chargeLink }
    parts.push(...(await startMessages(world, { kafka, mail, sms, ...links })))
    const codec = createPayloadCodec(config.secrets.payload)
    const client = await connectTemporalClient({ ...config.temporal, codec })
    parts.push(startInvoicing(world, kafka, client))
    closers.push(() => client.connection.close())
  }
}

/** Letters that are written down in the database; they need no Kafka. */
function startMails(world: World): Running[] {
  const { config, db } = world
  const mail = createMail({ smtpUrl: config.smtp.url, from: config.smtp.from })
  const { publicUrl } = config.http
  const paths = createSecretPaths(config.secrets.callbackSecret)
  const accountLink = createAccountLink(publicUrl, paths)
  const registrations = {
    sealer: createRegistrationSealer((text) => paths.hash(text)),
    linksOf: createRegistrationLinks(publicUrl, paths),
  }
  const outside = { db, mail, sms: createSms(config.sms), publicUrl }
  return [
    startDocumentMails(world, { ...mailWorld(world), mail }),
    startAccountMails(world, { db, mail, accountLink, registrations }),
    startErasureLetters(world, outside),
    startExportLetters(world, outside),
  ]
}

const mailWorld = ({ config, db }: World) => ({
  db,
  documents: createDocuments({ company: config.company, paybill: config.daraja.shortcode }),
  verifyUrl: createVerifyUrl(
    config.http.publicUrl,
    createSecretPaths(config.secrets.callbackSecret),
  ),
  publicUrl: config.http.publicUrl,
  paybill: config.daraja.shortcode,
})

async function main(): Promise<void> {
  const world = await createWorld(loadConfig())
  if (world.config.environment === 'production') await refuseSampleAccounts(world.db)
  logTemporalThrough(world.log)
  const { parts, closers } = await start(world)
  world.log.info({ parts: parts.map(({ name }) => name) }, 'working')

  const asked = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  const broken = Promise.race(parts.map(({ done }) => done)).catch((error: unknown) => {
    world.log.error({ error: String(error) }, 'a part ended by itself')
    process.exitCode = 1
  })
  await Promise.race([asked, broken])
  await Promise.allSettled(parts.map((part) => part.stop()))
  for (const close of closers.toReversed()) await close().catch(() => undefined)
}

await main()

/** The door: configuration and gateways meet the api room here, and only here. */
import { serve } from '@hono/node-server'
import { loadConfig, type Config } from '../config.ts'
import { connectDatabase } from '../db/connection.ts'
import { refuseSampleAccounts } from '../db/sample-accounts.ts'
import { createDocuments } from '../gateways/documents.ts'
import { createLog } from '../gateways/log.ts'
import { createPasswords } from '../gateways/passwords.ts'
import { openVault } from '../gateways/master-keys.ts'
import { createPictures } from '../gateways/pictures.ts'
import { createPayloadCodec } from '../gateways/payload-codec.ts'
import { qrSvg } from '../gateways/qr.ts'
import { createSecretPaths, createVerifyUrl } from '../gateways/secret-paths.ts'
import { createSms } from '../gateways/sms.ts'
import { connectTemporalClient } from '../gateways/temporal.ts'
import { findWeakness } from '../gateways/weak-passwords.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createApp } from './app.ts'
import type { ApiDeps } from './deps.ts'
import { createBankMoneyMessages } from './bank-money-messages.ts'
import { createPaybillMessages } from './paybill-messages.ts'
import { createParts } from './parts.ts'
import { createSignInLine } from './sign-in-line.ts'
import { createTrustedProxies } from './source.ts'
import { TEMPORAL_PATH } from './temporal-policy.ts'
import { createWorkflows } from './workflow-messages.ts'

const SHUTDOWN_MS = 10_000
/** Longer than proxies keep a connection that rests, mostly a minute: otherwise one may ask just as we close it. */
const KEEP_ALIVE_MS = 75_000

const partsOf = (config: Config) => ({
  database: config.database.url,
  temporal: config.temporal.address,
  kafka: config.kafka.brokers.join(', ') || null,
  daraja: config.daraja.baseUrl,
  sms: config.sms.baseUrl,
  smtp: config.smtp.url,
  roles: config.workers.roles,
})

const payByHandOf = ({
  transactionType,
  till,
  shortcode,
}: Config['daraja']): ApiDeps['payByHand'] =>
  transactionType === 'CustomerBuyGoodsOnline'
    ? { kind: 'till', number: till ?? shortcode }
    : { kind: 'paybill', number: shortcode }

/** Passwords, and the line of those who wait for them. */
function createHashing(log: ApiDeps['log']) {
  const passwords = createPasswords({
    onLost: (error) => log.error({ error: String(error) }, 'a process that hashes was lost'),
  })
  const deps = { passwords: { ...passwords, findWeakness }, signInLine: createSignInLine() }
  return { deps, close: passwords.close }
}

const linksOf = ({ links, http }: Config): ApiDeps['links'] => ({
  temporalUi: links.temporalUpstream
    ? `${http.publicUrl}${TEMPORAL_PATH}`
    : (links.temporalUi ?? null),
  phones: links.phones ?? null,
  mailbox: links.mailbox ?? null,
  sms: links.smsInbox ?? null,
})

async function wire(config: Config): Promise<{ deps: ApiDeps; close: () => Promise<void> }> {
  const log = createLog({ level: config.log.level, name: 'api' })
  const db = connectDatabase({
    url: config.database.url,
    pool: config.database.pool,
    applicationName: 'gari-api',
    vault: await openVault(config.secrets.vault),
  })
  if (config.environment === 'production') await refuseSampleAccounts(db)
  const codec = createPayloadCodec(config.secrets.payload)
  const client = await connectTemporalClient({ ...config.temporal, codec })
  const paths = createSecretPaths(config.secrets.callbackSecret)
  const hashing = createHashing(log)
  const deps: ApiDeps = {
    db,
    workflows: {
      ...createWorkflows(client),
      ...createPaybillMessages(client),
      ...createBankMoneyMessages(client),
    },
    ...hashing.deps,
    accessTokens: createAccessTokens({ ...config.secrets.tokens, issuer: config.http.publicUrl }),
    sms: createSms(config.sms),
    qrSvg,
    pictures: createPictures(),
    printDocument: createDocuments({ company: config.company, paybill: config.daraja.shortcode })
      .print,
    verifyUrl: createVerifyUrl(config.http.publicUrl, paths),
    verifyTokenFits: (number, token) => paths.fits(token, 'document', number),
    callbackTokenFits: (kind, id, token) => paths.fits(token, 'callback', kind, id),
    paybillTokenFits: (token) => paths.fits(token, 'callback', 'paybill'),
    payByHand: payByHandOf(config.daraja),
    bank: config.bank,
    shareToken: (id, partyId) => paths.token('share', id, partyId),
    shareTokenFits: (id, partyId, token) => paths.fits(token, 'share', id, partyId),
    lateToken: (id) => paths.token('late', id),
    lateTokenFits: (id, token) => paths.fits(token, 'late', id),
    accountLinkFits: (id, token) => paths.fits(token, 'account', id),
    registrationFits: (id, token) => paths.fits(token, 'registration', id),
    unsubscribeFits: (id, channel, token) => paths.fits(token, 'unsubscribe', id, channel),
    decodePayloads: (payloads) => codec.decode(payloads as never),
    keyedHash: (text) => paths.hash(text),
    parts: createParts(partsOf(config), db, client),
    isTrustedProxy: createTrustedProxies(config.http.trustedProxies),
    isDarajaSource: createTrustedProxies(config.daraja.sources),
    limits: config.limits,
    log,
    now: () => new Date(),
    publicUrl: config.http.publicUrl,
    production: config.environment === 'production',
    secondFactor: config.secondFactor,
    privacy: { ...config.privacy, controller: config.company.name },
    temporalNamespace: config.temporal.namespace,
    policy: config.policy,
    links: linksOf(config),
    temporalUpstream: config.links.temporalUpstream ?? null,
    sampleData: config.sampleData,
    samplePeople: config.samplePeople,
  }
  const close = async () => {
    await client.connection.close()
    await hashing.close()
    await db.close()
  }
  return { deps, close }
}

async function main(): Promise<void> {
  const config = loadConfig()
  const { deps, close } = await wire(config)
  const app = createApp(deps)
  const server = serve({
    fetch: app.fetch,
    port: config.http.port,
    hostname: config.http.host,
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  })
  deps.log.info({ port: config.http.port }, 'listening')

  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  // Open pages get their answers; what hangs longer than this is cut.
  const cut = setTimeout(() => process.exit(0), SHUTDOWN_MS)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  await close()
  clearTimeout(cut)
}

await main()

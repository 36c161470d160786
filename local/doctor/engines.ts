/** Kafka, Temporal and the mail server: each asked in the way in which Gari asks it, and by TLS where others could listen. */
import type { Config } from '../../config.ts'
import { KEPT_FOREVER, TOPICS } from '../../domain/events.ts'
import { DAY_MS } from '../../domain/time.ts'
import { deadTopic } from '../../gateways/kafka/messages.ts'
import { readTopics, type TopicKeeping } from '../../gateways/kafka/topics.ts'
import type { Log } from '../../gateways/log.ts'
import { askMailServer } from '../../gateways/mail.ts'
import { askTemporal } from '../../gateways/temporal.ts'
import type { Check, Complaint } from './checks.ts'
import { hostOf, VOUCH, type IsPrivate } from './hosts.ts'

export const engineChecks = (config: Config, isPrivate: IsPrivate, log: Log): Check[] => [
  {
    name: 'kafka',
    title: 'Kafka is reached by TLS and keeps what must be kept',
    mend: 'Look whether the brokers run, and whether the KAFKA_ settings are right.',
    ask: () => kafkaComplaints(config, isPrivate, log),
  },
  {
    name: 'temporal',
    title: 'Temporal is reached by TLS',
    mend: 'Look whether Temporal runs, and whether the TEMPORAL_ settings are right.',
    ask: () => temporalComplaints(config, isPrivate),
  },
  {
    name: 'mail',
    title: 'Mail goes out by TLS',
    mend: 'Look whether SMTP_URL is right, and whether its server offers TLS with a certificate that can be verified.',
    ask: () => mailComplaints(config, isPrivate),
  },
]

/** The client verifies certificates whenever it speaks TLS, so an answer is the proof. */
async function kafkaComplaints(
  { kafka }: Config,
  isPrivate: IsPrivate,
  log: Log,
): Promise<Complaint[]> {
  if (kafka.brokers.length === 0) return [NO_KAFKA]
  const wanted = Object.values(TOPICS).flatMap((topic) => [topic, deadTopic(topic)])
  const topics = await readTopics({ ...kafka, clientId: 'gari-doctor', log }, wanted)
  const open = kafka.ssl ? [] : kafka.brokers.map(hostOf).filter((host) => !isPrivate(host))
  return [
    ...(open.length > 0 ? [unencrypted(open.join(', '))] : []),
    ...missingTopics(topics),
    ...topics.flatMap(keepingComplaints),
  ]
}

const NO_KAFKA: Complaint = {
  what: 'KAFKA_BROKERS is not set: events wait, nobody is sent a mail or an SMS, and the audit has no witness.',
  mend: 'Set KAFKA_BROKERS.',
}

const unencrypted = (hosts: string): Complaint => ({
  what: `KAFKA_SSL is not yes: what is told to ${hosts} can be read and changed on the way.`,
  mend: `Set KAFKA_SSL=yes and name the TLS listeners in KAFKA_BROKERS; or, ${VOUCH}.`,
})

function missingTopics(topics: TopicKeeping[]): Complaint[] {
  const missing = Object.values(TOPICS).filter(
    (name) => !topics.some(({ topic }) => topic === name),
  )
  if (missing.length === 0) return []
  return [
    {
      what: `Kafka has no topic ${missing.join(', ')}.`,
      mend: 'The relay makes them when it starts; where it may not, make them by hand (README.md, "Parts of your own").',
    },
  ]
}

/** Whoever reads events may be away for a week-end, and a bank holiday after it. */
const SHORTEST_DAYS = 7

function keepingComplaints({ topic, ...keeping }: TopicKeeping): Complaint[] {
  const { retentionMs, retentionBytes, cleanup } = keeping
  const alter = (settings: string) =>
    `kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name ${topic} --add-config ${settings}`
  if (KEPT_FOREVER.includes(topic)) {
    if (retentionMs === null && retentionBytes === null && cleanup === 'delete') return []
    return [
      {
        what: `Kafka does not keep ${topic} for ever: links of the audit that only it knows would be lost.`,
        mend: alter('retention.ms=-1,retention.bytes=-1,cleanup.policy=delete'),
      },
    ]
  }
  if (retentionMs === null || retentionMs >= SHORTEST_DAYS * DAY_MS) return []
  return [
    {
      what: `Kafka keeps ${topic} for less than ${SHORTEST_DAYS} days: whoever is away that long misses events.`,
      mend: alter(`retention.ms=${SHORTEST_DAYS * DAY_MS}`),
    },
  ]
}

async function temporalComplaints(
  { temporal }: Config,
  isPrivate: IsPrivate,
): Promise<Complaint[]> {
  await askTemporal(temporal)
  const { tls, apiKey } = temporal.connection
  const host = hostOf(temporal.address)
  if (isPrivate(host) || tls || (tls === undefined && apiKey)) return []
  return [
    {
      what: `Temporal at ${host} is reached without TLS, by whoever can reach it.`,
      mend: `Set TEMPORAL_TLS=true and, for certificates of your own, TEMPORAL_TLS_SERVER_CA_CERT_PATH (README.md); or, ${VOUCH}.`,
    },
  ]
}

async function mailComplaints({ smtp }: Config, isPrivate: IsPrivate): Promise<Complaint[]> {
  const url = new URL(smtp.url)
  const needsTls = !isPrivate(url.hostname)
  await askMailServer(smtp.url, { needsTls })
  if (!needsTls) return []
  const says = (name: string, value: string) => url.searchParams.get(name) === value
  if (says('tls.rejectUnauthorized', 'false') || says('ignoreTLS', 'true'))
    return [
      {
        what: 'SMTP_URL switches off what TLS is for.',
        mend: 'Take tls.rejectUnauthorized and ignoreTLS out of SMTP_URL.',
      },
    ]
  if (url.protocol === 'smtps:' || says('secure', 'true') || says('requireTLS', 'true')) return []
  return [
    {
      what: 'SMTP_URL takes TLS only where it is offered, and whoever stands between can leave the offer out.',
      mend: 'Write smtps:// with port 465, or add ?requireTLS=true to SMTP_URL.',
    },
  ]
}

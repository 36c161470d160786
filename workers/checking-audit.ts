/** Goes along the audit's chain and what was published of it. */
import { z } from 'zod'
import {
  findHead,
  findToldHead,
  listLostHeads,
  listUnsealed,
  readLinks,
  readSealsAt,
} from '../db/audit-chain.ts'
import type { Database } from '../db/connection.ts'
import {
  checkHeads,
  checkLinks,
  GENESIS,
  type AuditCheck,
  type ChainFlaw,
  type ChainHead,
  type Seal,
} from '../domain/audit-chain.ts'
import { TOPICS } from '../domain/events.ts'
import { HOUR_MS } from '../domain/time.ts'
import type { EventLog } from '../gateways/kafka.ts'

const AT_ONCE = 5_000
const MOST_FLAWS = 1_000
/** Sealing takes seconds; after this something is wrong with it. */
const SEALED_WITHIN_MS = HOUR_MS
/** Kafka may be away for a while. */
const PUBLISHED_WITHIN_MS = 12 * HOUR_MS

type Checking = {
  db: Database
  seal: Seal
  kafka: EventLog | null
  /** Called along the way. */
  onProgress?: (position: number, of: number) => void
}

export async function checkAudit({ db, seal, kafka, onProgress }: Checking): Promise<AuditCheck> {
  // First: what is sealed while this goes on may be published too, and would seem cut off.
  const published = kafka ? await readPublished(kafka) : null
  const { position: of } = await findHead(db)
  const flaws: ChainFlaw[] = []
  let head: ChainHead = GENESIS
  for (;;) {
    const links = await readLinks(db, head.position, AT_ONCE)
    if (links.length === 0 || flaws.length > MOST_FLAWS) break
    const checked = checkLinks(seal, head, links)
    flaws.push(...checked.flaws)
    head = checked.head
    onProgress?.(head.position, of)
  }
  const lost = await listLostHeads(db)
  const heads = (published ?? []).filter(({ hash }) => !lost.has(hash))
  const known = await readSealsAt(
    db,
    heads.map(({ position }) => position),
  )
  flaws.push(...checkHeads(heads, known, head.position))
  const told = published && (await findToldHead(db, PUBLISHED_WITHIN_MS))
  if (told && !heads.some(({ position }) => position >= told))
    flaws.push({ kind: 'not_published', position: told, entryId: null })
  for (const { entryId } of await listUnsealed(db, SEALED_WITHIN_MS))
    flaws.push({ kind: 'not_sealed', position: null, entryId })
  return {
    links: head.position,
    published: published?.length ?? null,
    lostHeads: (published?.length ?? 0) - heads.length,
    flaws: flaws.slice(0, MOST_FLAWS),
  }
}

const envelope = z.object({
  type: z.literal('gari.audit.sealed.v1'),
  data: z.object({ position: z.number().int(), hash: z.string() }),
})
async function readPublished(kafka: EventLog): Promise<ChainHead[]> {
  const heads: ChainHead[] = []
  await kafka.readSince({
    topics: [TOPICS.audit],
    since: new Date(0),
    onMessage: ({ value }) => {
      const read = envelope.safeParse(JSON.parse(value))
      if (read.success) heads.push(read.data.data)
      return Promise.resolve()
    },
  })
  return heads
}

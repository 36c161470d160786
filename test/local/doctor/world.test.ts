/** The doctor and the world: a real PostgreSQL, also behind TLS, mail servers, and web addresses that answer in every way. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { examineConfig } from '../../../config.ts'
import { select } from '../../../db/connection.ts'
import { migrateDatabase } from '../../../db/migrate.ts'
import { addressCheck } from '../../../local/doctor/address.ts'
import { answer, type Check } from '../../../local/doctor/checks.ts'
import { databaseChecks } from '../../../local/doctor/database.ts'
import { engineChecks } from '../../../local/doctor/engines.ts'
import { createIsPrivate, type IsPrivate } from '../../../local/doctor/hosts.ts'
import { createLog } from '../../../gateways/log.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import {
  startMailServer,
  startSilence,
  startTlsBefore,
  startWeb,
  type Standing,
} from './servers.ts'

const NOWHERE: IsPrivate = () => false
const HERE = createIsPrivate([])
const ours = makeCertificate('127.0.0.1')
const others = makeCertificate('somebody-else.example')
const log = createLog({ level: 'silent', name: 'test' })

let db: TestDatabase
let folder: string
const standing: Standing[] = []
const keep = async (one: Promise<Standing>): Promise<number> => {
  const started = await one
  standing.push(started)
  return started.port
}
beforeAll(async () => {
  db = await createTestDatabase()
  // What belongs to a database as a whole is not cloned with it.
  await migrateDatabase(db.migrationUrl)
  folder = await mkdtemp(join(tmpdir(), 'gari-test-doctor-'))
  await writeFile(join(folder, 'ca.pem'), ours.ca)
})
afterAll(async () => {
  for (const { stop } of standing) await stop()
  await db.drop()
  await rm(folder, { recursive: true })
})

const configOf = (over: Record<string, string>) => {
  const { config } = examineConfig({
    DATABASE_URL: db.url,
    PAYLOAD_KEY: Buffer.alloc(32, 7).toString('base64'),
    SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
    MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
    CALLBACK_SECRET: 'a'.repeat(40),
    ...over,
  })
  if (!config) throw new Error('these settings cannot be read')
  return config
}
const wordsOf = async (check: Check | undefined, deadlineMs?: number): Promise<string[]> => {
  if (!check) throw new Error('nobody asks that')
  const { complaints } = await answer(check, deadlineMs)
  return complaints.map(({ what }) => what)
}
const askDatabase = async (name: string, url: string, isPrivate = HERE) => {
  const { checks, close } = databaseChecks(configOf({ DATABASE_URL: url }), isPrivate)
  try {
    return await wordsOf(checks.find((check) => check.name === name))
  } finally {
    await close()
  }
}
const askEngine = (name: string, over: Record<string, string>, isPrivate = NOWHERE) =>
  wordsOf(engineChecks(configOf(over), isPrivate, log).find((check) => check.name === name))

describe('the master key', () => {
  const askKeys = async (over: Record<string, string>) => {
    const config = configOf({ DATABASE_URL: db.url, MASTER_KEY_ID: 'm2', ...over })
    const { checks, close } = databaseChecks(config, HERE)
    try {
      return await wordsOf(checks.find(({ name }) => name === 'master-key'))
    } finally {
      await close()
    }
  }
  const M1_TOO = { MASTER_OLD_KEYS: `m1:${Buffer.alloc(32, 1).toString('base64')}` }

  it('is turned when it wraps every key, and says which rows others still wrap', async () => {
    // Those of the sample people, whose master key is the tests' own.
    await select(db.owner, 'TRUNCATE subject_keys')
    expect(await askKeys(M1_TOO)).toEqual([])
    await select(
      db.owner,
      "INSERT INTO subject_keys (subject_id, master_key_id, wrapped) VALUES (gen_random_uuid(), 'm1', ''), (gen_random_uuid(), 'm2', '')",
    )
    expect(await askKeys(M1_TOO)).toEqual([
      '1 key of a person is wrapped by the master key m1, not by m2: MASTER_OLD_KEYS cannot lose it yet.',
    ])
    expect(await askKeys({})).toEqual([
      '1 key of a person is wrapped by the master key m1, which is not set: nobody can read what is theirs.',
    ])
    await select(db.owner, 'TRUNCATE subject_keys')
  })
})

describe('TLS to PostgreSQL', () => {
  const through = (port: number, query: string) => {
    const url = new URL(db.url)
    url.port = String(port)
    return `${url.href}?${query}`
  }
  const full = () => `sslmode=verify-full&sslrootcert=${join(folder, 'ca.pem')}`

  it('is fine where the server proves who it is', async () => {
    const port = await keep(startTlsBefore(Number(new URL(db.url).port), ours))
    expect(await askDatabase('database-tls', through(port, full()), NOWHERE)).toEqual([])
  })

  it('is missed where nobody asks for it, except on this machine or a vouched network', async () => {
    expect(await askDatabase('database-tls', db.url, NOWHERE)).toEqual([
      'DATABASE_URL asks for no encryption to 127.0.0.1.',
    ])
    expect(await askDatabase('database-tls', db.url)).toEqual([])
    const vouched = createIsPrivate(['postgres'])
    expect([vouched('postgres'), vouched('elsewhere.example')]).toEqual([true, false])
  })

  it('is refused where the server has none, or the certificate of somebody else', async () => {
    expect(await askDatabase('database-tls', `${db.url}?${full()}`, NOWHERE)).toEqual([
      expect.stringMatching(/does not support SSL/),
    ])
    const port = await keep(startTlsBefore(Number(new URL(db.url).port), others))
    expect(await askDatabase('database-tls', through(port, full()), NOWHERE)).toEqual([
      expect.stringMatching(/could not be asked: .*(certificate|altnames)/),
    ])
  })

  it('is not taken for enough where it verifies nothing', async () => {
    const port = await keep(startTlsBefore(Number(new URL(db.url).port), others))
    expect(await askDatabase('database-tls', through(port, 'sslmode=no-verify'), NOWHERE)).toEqual([
      expect.stringMatching(/sslmode=no-verify, which may take another server/),
    ])
  })
})

describe('who Gari is in PostgreSQL', () => {
  it('is fine as the role that only works', async () => {
    expect(await askDatabase('database-role', db.url)).toEqual([])
  })

  it('is told of an owner and of a superuser', async () => {
    expect(await askDatabase('database-role', db.migrationUrl)).toEqual([
      expect.stringMatching(/gari_migrate, who owns tables/),
    ])
    expect(await askDatabase('database-role', db.ownerUrl)).toEqual([
      expect.stringMatching(/gari, who is a superuser/),
    ])
  })

  it('is told of rights that somebody gave', async () => {
    await select(db.owner, 'GRANT DELETE ON audit_entries TO gari_app')
    const told = await askDatabase('database-role', db.url)
    await select(db.owner, 'REVOKE DELETE ON audit_entries FROM gari_app')
    expect(told).toEqual([expect.stringMatching(/may change or take away entries of the audit/)])
  })
})

describe('the tables', () => {
  it('are up to date, or what is missing is named', async () => {
    expect(await askDatabase('migrations', db.url)).toEqual([])
    await select(db.owner, "DELETE FROM migrations WHERE name = '0046-audit-lookup'")
    expect(await askDatabase('migrations', db.url)).toEqual([
      'The tables are older than this release: 0046-audit-lookup is missing.',
    ])
  })

  it('hold sample people, who are named', async () => {
    expect(await askDatabase('sample-accounts', db.url)).toEqual([
      expect.stringMatching(/^Sample accounts are active.*@/),
    ])
    await select(db.owner, 'UPDATE users SET password_hash = NULL')
    expect(await askDatabase('sample-accounts', db.url)).toEqual([])
  })
})

describe('the clocks', () => {
  it('agree', async () => {
    expect(await askDatabase('clock', db.url)).toEqual([])
  })
})

describe('mail', () => {
  it('is fine over TLS on a machine that is vouched for, and plain there too', async () => {
    const port = await keep(startMailServer(null))
    expect(await askEngine('mail', { SMTP_URL: `smtp://127.0.0.1:${port}` }, HERE)).toEqual([])
  })

  it('is refused where the server offers no TLS', async () => {
    const port = await keep(startMailServer(null))
    expect(await askEngine('mail', { SMTP_URL: `smtp://127.0.0.1:${port}` })).toEqual([
      expect.stringMatching(/could not be asked: .*(STARTTLS|command)/i),
    ])
  })

  it('is refused where the certificate is not to be verified', async () => {
    const port = await keep(startMailServer(ours))
    expect(await askEngine('mail', { SMTP_URL: `smtp://127.0.0.1:${port}` })).toEqual([
      expect.stringMatching(/could not be asked: .*certificate/i),
    ])
  })

  it('is told of an address that switches verifying off', async () => {
    const port = await keep(startMailServer(ours))
    const SMTP_URL = `smtp://127.0.0.1:${port}?tls.rejectUnauthorized=false`
    expect(await askEngine('mail', { SMTP_URL })).toEqual([
      'SMTP_URL switches off what TLS is for.',
    ])
  })
})

describe('Kafka and Temporal', () => {
  it('are told of where they are not set or do not answer', async () => {
    expect(await askEngine('kafka', {})).toEqual([
      expect.stringMatching(/KAFKA_BROKERS is not set/),
    ])
    const closed = { TEMPORAL_ADDRESS: '127.0.0.1:1' }
    expect(await askEngine('temporal', closed)).toEqual([
      expect.stringMatching(/could not be asked/),
    ])
  })
})

describe('PUBLIC_URL', () => {
  const gari: RequestListener = (asked, answers) => {
    answers.statusCode = asked.url === '/healthz' ? 200 : 404
    answers.end(asked.url === '/healthz' ? '{"status":"alive"}' : '')
  }
  const told = async (listener: RequestListener) => {
    const port = await keep(startWeb(listener))
    return wordsOf(addressCheck(configOf({ PUBLIC_URL: `http://127.0.0.1:${port}` })))
  }
  const PLAIN = expect.stringMatching(/does not begin with https/)

  it('is asked, also where it is no https', async () => {
    expect(await told(gari)).toEqual([PLAIN])
  })

  it('must not redirect what Safaricom sends', async () => {
    const redirects: RequestListener = (asked, answers) => {
      answers.writeHead(301, { location: `https://www.gari.example${asked.url}` }).end()
    }
    expect(await told(redirects)).toEqual([
      PLAIN,
      expect.stringMatching(/^\/healthz .* redirect/),
      expect.stringMatching(/^\/callbacks .* redirect/),
    ])
  })

  it('must not ask Safaricom for a password, nor be somebody else', async () => {
    const closed: RequestListener = (_asked, answers) => {
      answers.writeHead(401).end('who are you?')
    }
    expect(await told(closed)).toEqual([
      PLAIN,
      expect.stringMatching(/something else than Gari answers \(401\)/),
      expect.stringMatching(/closed to those who are not signed in/),
    ])
  })

  it('needs a certificate that can be verified, and somebody who answers', async () => {
    const port = await keep(startWeb(gari))
    const check = addressCheck(configOf({ PUBLIC_URL: `https://127.0.0.1:${port}` }))
    expect(await wordsOf(check)).toEqual([expect.stringMatching(/could not be asked/)])
  })
})

describe('somebody who does not answer', () => {
  it('is waited for until the deadline, and not longer', async () => {
    const port = await keep(startSilence())
    const check = addressCheck(configOf({ PUBLIC_URL: `http://127.0.0.1:${port}` }))
    expect(await wordsOf(check, 200)).toEqual(['There was no answer within 0.2 seconds.'])
  })
})

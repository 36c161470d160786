/** Looking for somebody in what is kept: seen however they are written, and not where there is only a number like theirs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findInStore, folderStore, type Store } from '../../faults/checker/stores.ts'
import { createFind, type Somebody } from '../../faults/checker/traces.ts'

const KWAHERI: Somebody = {
  id: '1',
  phone: '254733900012',
  email: 'kwaheri@example.com',
  first: 'Kwaherimpenzi',
  last: 'Sahaukabisa',
  licence: 'DLX4471190',
  born: '1943-05-07',
}
const OTHER = { ...KWAHERI, phone: '254733900099' }
const find = createFind([OTHER, KWAHERI])

describe('somebody', () => {
  it.each([
    '{"phone":"+254733900012"}',
    'PhoneNumber: 254733900012',
    '0733900012',
    '0733 900 012',
    '+254-733-900-012',
    'ws_CO_21112026101010733900012',
    'Dear Kwaherimpenzi',
    'SAHAUKABISA, K.',
    'to=KWAHERI@example.com',
    'licence DLX4471190',
    '1943-05-07T00:00:00Z',
    'born 07/05/1943',
    'born 7 May 1943',
    Buffer.from('{"to":"+254733900012"}').toString('base64'),
    Buffer.from('Dear Kwaherimpenzi,').toString('base64'),
  ])('is seen in %s', (text) => {
    expect(find(text)).not.toEqual([])
  })

  it.each(['1733900012', '7339000123', '11943-05-07', 'Kwaheri mpenzi', '2026-11-23 07:33:39'])(
    'is not seen in %s',
    (text) => {
      expect(find(text)).toEqual([])
    },
  )

  it('is nobody where nobody is looked for', () => {
    expect(createFind([])('Kwaherimpenzi')).toEqual([])
  })
})

describe('a store', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gari-stores-'))
    await writeFile(join(folder, 'clean.log'), Buffer.alloc(1_000))
    await writeFile(
      join(folder, 'segment.log'),
      Buffer.from([0, 1, 2, ...Buffer.from('0733900012')]),
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is read byte for byte, and the file is named', async () => {
    expect(await findInStore(folderStore('Kafka', folder), find)).toEqual([
      'Kafka, segment.log: 733900012',
    ])
  })

  it('is seen through where something stands across two pieces', async () => {
    const pieces = async function* () {
      yield Buffer.from('phone 25473390')
      yield Buffer.from('0012')
    }
    const store: Store = { name: 'Temporal', files: async () => [{ name: 'db', read: pieces }] }
    expect(await findInStore(store, find)).toEqual(['Temporal, db: 733900012'])
  })

  it('has nothing of a file that is taken away meanwhile', async () => {
    const store = folderStore('Kafka', folder)
    const files = await store.files()
    await rm(join(folder, 'segment.log'))
    expect(await findInStore({ ...store, files: async () => files }, find)).toEqual([])
  })
})

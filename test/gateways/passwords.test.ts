import { EventEmitter, once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { createPasswords } from '../../gateways/passwords.ts'

const passwords = createPasswords({ priority: 0 })
afterAll(() => passwords.close())

/** How nice each process is that this one has started, by its id: 0 is usual, 19 the most polite. */
async function niceness(): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(join('/proc', id, 'stat'), 'utf8').catch(() => '')
    // The name in brackets may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = stat.split(') ').at(-1)?.split(' ') ?? []
    if (Number(fields[1]) === process.pid) found.set(id, Number(fields[16]))
  }
  return found
}

describe('passwords', () => {
  test('are argon2id with OWASP’s parameters, salted, and verified', async () => {
    const [one, two] = await Promise.all([
      passwords.hash('siri kubwa'),
      passwords.hash('siri kubwa'),
    ])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
    expect(await passwords.verify(one, 'siri kubwa')).toBe(true)
    expect(await passwords.verify(one, 'siri kubwA')).toBe(false)
  })

  test('are the same however the keyboard composes their letters', async () => {
    const hash = await passwords.hash('caf\u00e9 na mandazi')
    expect(await passwords.verify(hash, 'cafe\u0301 na mandazi')).toBe(true)
  })

  test('use every byte, also beyond the 72nd', async () => {
    const hash = await passwords.hash(`${'x'.repeat(100)}a`)
    expect(await passwords.verify(hash, `${'x'.repeat(100)}b`)).toBe(false)
  })

  test('have an end', async () => {
    const hash = await passwords.hash('x'.repeat(1_024))
    await expect(passwords.hash('x'.repeat(1_025))).rejects.toThrow(RangeError)
    expect(await passwords.verify(hash, 'x'.repeat(1_025))).toBe(false)
    await expect(passwords.verifyAgainstNothing('x'.repeat(1_025))).resolves.toBeUndefined()
  })

  test('of nobody take as long as those of somebody', async () => {
    const hash = await passwords.hash('siri kubwa')
    await passwords.verifyAgainstNothing('warm')
    // The quickest of several: what else the machine does only makes some slower.
    const quickest = async (work: () => Promise<unknown>) => {
      const times: number[] = []
      for (let nth = 0; nth < 9; nth += 1) {
        const from = performance.now()
        await work()
        times.push(performance.now() - from)
      }
      return Math.min(...times)
    }
    const real = await quickest(() => passwords.verify(hash, 'wrong one'))
    const nothing = await quickest(() => passwords.verifyAgainstNothing('wrong one'))
    expect(nothing / real).toBeGreaterThan(0.2)
    expect(nothing / real).toBeLessThan(5)
  })

  test('are refused politely when too many come at once', async () => {
    const narrow = createPasswords({ atOnce: 1, waiting: 1 })
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((one) => narrow.hash(one)))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(answers[2]).toMatchObject({ reason: { code: 'TEMPORARILY_UNAVAILABLE' } })
    await narrow.close()
  })

  test('are hashed behind everything else, by a process that ends with its work and knows no secret', async () => {
    const before = await niceness()
    const fresh = createPasswords({ atOnce: 1 })
    await fresh.hash('siri kubwa')
    const started = [...(await niceness())].filter(([id]) => !before.has(id))
    expect(started.map(([, nice]) => nice)).toEqual([constants.priority.PRIORITY_LOW])
    const [id = ''] = started[0] ?? []
    expect(await readFile(join('/proc', id, 'environ'), 'utf8')).not.toMatch(/KEY|SECRET|DATABASE/)
    expect(await readFile(join('/proc', id, 'cmdline'), 'utf8')).not.toContain('siri')
    await fresh.close()
    expect((await niceness()).has(id)).toBe(false)
  })

  test('of a process that is lost are asked for again, and somebody hears of it', async () => {
    const lost: unknown[] = []
    const dying = createPasswords({
      program: join(import.meta.dirname, 'dying-process.mjs'),
      onLost: (error) => lost.push(error),
    })
    for (const one of ['siri kubwa', 'siri ndogo'])
      await expect(dying.hash(one)).rejects.toMatchObject({
        code: 'TEMPORARILY_UNAVAILABLE',
        message: 'The password could not be looked at now. Try again in a few seconds.',
      })
    expect(lost).toHaveLength(2)
    expect(String(lost)).not.toMatch(/siri/)
    await dying.close()
  })

  test('outlive a process that is ended while it rests', async () => {
    const heard = new EventEmitter()
    const lost = once(heard, 'lost')
    const leaving = createPasswords({
      program: join(import.meta.dirname, 'leaving-process.mjs'),
      onLost: () => heard.emit('lost'),
    })
    expect(await leaving.hash('siri kubwa')).toBe('made')
    await lost
    expect(await leaving.hash('siri ndogo')).toBe('made')
    await leaving.close()
  })

  test('are waited for no longer where no process comes up', async () => {
    const never = createPasswords({
      program: join(import.meta.dirname, 'stillborn-process.mjs'),
      longestMs: 1_500,
    })
    for (const one of ['siri kubwa', 'siri ndogo'])
      await expect(never.hash(one)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' })
    await never.close()
  })

  test('go on being hashed after the process was killed', async () => {
    const before = await niceness()
    const fresh = createPasswords({ atOnce: 1 })
    const hash = await fresh.hash('siri kubwa')
    const [id] = [...(await niceness()).keys()].filter((one) => !before.has(one))
    const interrupted = fresh.hash('siri ndogo').catch((error: unknown) => error)
    process.kill(Number(id), 'SIGKILL')
    await interrupted
    expect(await fresh.verify(hash, 'siri kubwa')).toBe(true)
    await fresh.close()
  })

  test('that nobody can read the hash of are an error, and the process goes on', async () => {
    await expect(passwords.verify('no hash', 'siri kubwa')).rejects.toThrow('Decoding failed')
    expect(await passwords.hash('siri kubwa')).toMatch(/^\$argon2id/)
  })
})

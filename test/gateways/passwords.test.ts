import { describe, expect, test } from '@jest/globals'
import { createPasswords } from '../../gateways/passwords.ts'

const passwords = createPasswords()

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
    const time = async (work: () => Promise<unknown>) => {
      const from = performance.now()
      for (let nth = 0; nth < 5; nth += 1) await work()
      return performance.now() - from
    }
    const real = await time(() => passwords.verify(hash, 'wrong one'))
    const nothing = await time(() => passwords.verifyAgainstNothing('wrong one'))
    expect(nothing / real).toBeGreaterThan(0.2)
    expect(nothing / real).toBeLessThan(5)
  })

  test('are refused politely when too many come at once', async () => {
    const narrow = createPasswords({ atOnce: 1, waiting: 1 })
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((one) => narrow.hash(one)))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(answers[2]).toMatchObject({ reason: { code: 'TEMPORARILY_UNAVAILABLE' } })
  })
})

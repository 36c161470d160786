/** What Safaricom is told once: where to report money sent by hand, and that its list of payments is wanted. */
import { describe, expect, it } from '@jest/globals'
import { loadConfig } from '../../config.ts'
import type { RegisterAnswer } from '../../domain/daraja.ts'
import { registrationSentence, registrationsOf } from '../../workers/paybill-urls.ts'
import type { Daraja } from '../../gateways/daraja.ts'

const base = {
  DATABASE_URL: 'postgres://gari@127.0.0.1/gari',
  PAYLOAD_KEY: Buffer.alloc(32).toString('base64'),
  SEALING_KEY: Buffer.alloc(32, 8).toString('base64'),
  MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
  TOKEN_KEY: Buffer.alloc(32, 5).toString('base64'),
  CALLBACK_SECRET: 'a secret of these tests, long enough',
  PUBLIC_URL: 'https://gari.example',
}
const registrations = (over: Record<string, string> = {}) =>
  registrationsOf(loadConfig({ ...base, ...over }))

type Asked = { callbackUrl?: string; nominatedPhone?: string; confirmationUrl?: string }
/** Writes down what it is asked and says yes. */
const listening = () => {
  const asked: Asked[] = []
  const answer = (wish: Asked): Promise<RegisterAnswer> => {
    asked.push(wish)
    return Promise.resolve({ outcome: 'registered' })
  }
  const daraja = { registerPaybillUrls: answer, registerPull: answer } as unknown as Daraja
  return { asked, daraja }
}

describe('Safaricom is told', () => {
  it('of our addresses always, and asked for its list only with a number of ours', async () => {
    expect(registrations()).toHaveLength(1)
    const { asked, daraja } = listening()
    for (const one of registrations({ DARAJA_PULL_PHONE: '254722000000' })) await one.ask(daraja)
    const [urls, list] = asked
    expect(urls?.confirmationUrl).toMatch(/^https:\/\/gari\.example\/callbacks\/paybill\/confirm\//)
    expect(list).toEqual({ nominatedPhone: '254722000000', callbackUrl: urls?.confirmationUrl })
  })

  it.each<[RegisterAnswer['outcome'], RegisterAnswer, RegExp | null]>([
    ['registered', { outcome: 'registered' }, /from now on/],
    ['already', { outcome: 'already' }, /list of payments/],
    ['refused', { outcome: 'refused', code: '400.001' } as RegisterAnswer, /refused.*400\.001/],
    ['unknown', { outcome: 'unknown', why: 'no answer' }, null],
  ])('and %s is a word for a person, or means that we ask again', (_outcome, answer, words) => {
    const [, list] = registrations({ DARAJA_PULL_PHONE: '254722000000' })
    if (!list) throw new Error('two registrations are expected')
    const sentence = registrationSentence(list, answer)
    if (words) expect(sentence).toMatch(words)
    else expect(sentence).toBeNull()
  })
})

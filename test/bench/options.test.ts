import { describe, expect, it } from '@jest/globals'
import { readCommand, WrongOption } from '../../bench/options.ts'

const KNOWN = ['booking', 'holds', 'callbacks']
const read = (...args: string[]) => readCommand(args, KNOWN)

describe('the command of the benches', () => {
  it('runs all of them where none is named, with numbers of its own', () => {
    const all = read()
    expect(all.map(({ name }) => name)).toEqual(KNOWN)
    const options = all[0]?.options
    expect(options).toMatchObject({
      callers: [1, 20, 50, 200],
      seconds: 12,
      rates: [200, 1_000],
    })
    expect(Number.isSafeInteger(options?.seed)).toBe(true)
  })

  it('takes what it is told', () => {
    const told = read('holds', '--seconds', '0.5', '--callers', '8', '--seed', '0')
    expect(told).toMatchObject([
      { name: 'holds', options: { callers: [8], seconds: 0.5, seed: 0 } },
    ])
  })

  it('sends callbacks for a minute, unless it is told otherwise', () => {
    expect(read('callbacks')).toMatchObject([{ options: { seconds: 60 } }])
    expect(read('callbacks', '--seconds', '5')).toMatchObject([{ options: { seconds: 5 } }])
  })

  it.each([
    ['--seconds', 'x'],
    ['--seconds', ''],
    ['--seconds', '0'],
    ['--seconds', 'Infinity'],
    ['--callers', '1,'],
    ['--callers', '1.5'],
    ['--holds', '0x10'],
    ['--minutes', '1e9'],
  ])('refuses %s %p with a sentence that names it', (name, text) => {
    expect(() => read(`${name}=${text}`)).toThrow(WrongOption)
    expect(() => read(`${name}=${text}`)).toThrow(name)
  })

  it('refuses options and sections that do not exist, before any is run', () => {
    expect(() => read('--second', '3')).toThrow(WrongOption)
    expect(() => read('holds', 'bokings')).toThrow('There is no section bokings')
  })
})

/** What people write is taken as they write it, without what no keyboard types. */
import { describe, expect, it } from '@jest/globals'
import { LINES, ONE_LINE } from '../../domain/schemas/texts.ts'

const WRITTEN = ['', 'Habari ya asubuhi', 'Ng’ombe 🚙', 'مرحبا', '“50 %” \u00A0 ok']
/** The first and last of both groups. */
const CONTROL = ['\u0000', '\u0008', '\u000B', '\u000C', '\u000E', '\u001F', '\u007F', '\u009F']

describe('one line', () => {
  it.each(WRITTEN)('takes “%s”', (text) => expect(ONE_LINE.test(text)).toBe(true))

  it('takes no other lines, tabs and control characters', () => {
    const taken = ['\n', '\r', '\t', ...CONTROL].filter((one) => ONE_LINE.test(`a${one}b`))
    expect(taken).toEqual([])
  })
})

describe('several lines', () => {
  it.each([...WRITTEN, 'one\r\ntwo\tthree'])('take “%s”', (text) =>
    expect(LINES.test(text)).toBe(true),
  )

  it('take no control characters', () => {
    expect(CONTROL.filter((one) => LINES.test(`a${one}b`))).toEqual([])
  })
})

it('every reader of our description knows the classes of these patterns', () => {
  for (const { source } of [ONE_LINE, LINES]) expect(source).not.toMatch(/\\p/i)
})

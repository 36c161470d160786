/** What people type into pages, as they type it. */
import { expect, test } from '@jest/globals'
import { weekHours, type OpeningHours } from '../../domain/fleet.ts'
import { codeSignIn } from '../../domain/schemas/accounts.ts'
import { personName } from '../../domain/schemas/requests.ts'

test.each([['795558'], ['795 558'], [' 795-558 '], ['7 9 5 5 5 8']])(
  'the code %p is the one of the SMS',
  (code) => {
    const parsed = codeSignIn.parse({ phone: '0712345678', name: 'Kip', code })
    expect(parsed.code).toBe('795558')
  },
)

test.each([['79555'], ['7955588'], ['79555a'], ['']])('%p is no code', (code) => {
  const parsed = codeSignIn.safeParse({ phone: '0712345678', name: 'Kip', code })
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual(['The code has six digits.'])
})

test.each([['<b>'], ['Kip\nMwangi']])('the name %p is told which signs it cannot have', (name) => {
  expect(personName.safeParse(name).error?.issues[0]?.message).toContain('the signs < and >')
})

test('opening hours are told for the week, not for one day', () => {
  const day = { opens: 420, closes: 1200 }
  const week: OpeningHours = [day, day, day, day, day, { opens: 480, closes: 1080 }, null]
  expect(weekHours(week)).toEqual([
    { from: 0, to: 4, hours: '07:00 to 20:00' },
    { from: 5, to: 5, hours: '08:00 to 18:00' },
    { from: 6, to: 6, hours: 'closed' },
  ])
})

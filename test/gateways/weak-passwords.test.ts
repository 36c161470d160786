/** Passwords that a guesser finds early are known as such, and others pass. */
import { expect, it } from '@jest/globals'
import { findWeakness } from '../../gateways/weak-passwords.ts'

const ABOUT = ['wanjiku.kamau@example.com', 'Wanjiku', 'Kamau']

it.each([
  'password1',
  '12345678',
  'qwertyuiop12',
  'P@ssw0rd',
  'iloveyou',
  'abcdefgh',
  'mpesa1234',
  'kenya123',
])('knows %s from the lists', (password) => expect(findWeakness(password, ABOUT)).toBe('common'))

it.each(['Wanjiku1990', 'Kamau2026', 'wanjiku.kamau@example.com'])(
  'finds their own name in %s',
  (password) => expect(findWeakness(password, ABOUT)).toBe('personal'),
)

it.each([
  'karibu-gari-2026',
  'kjh38dhA1',
  'three matatus at dawn',
  'Wanjiku likes rainy Thursdays',
  'ninapenda chai ya asubuhi',
])('lets %s pass', (password) => expect(findWeakness(password, ABOUT)).toBeNull())

it('reads the longest that may be sent', () => {
  expect(findWeakness('a1'.repeat(64), [])).toBe('common')
})

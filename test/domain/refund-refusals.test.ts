/** What finance reads when money certainly did not go back. */
import { expect, test } from '@jest/globals'
import { refusalWords } from '../../domain/refund-refusals.ts'

test.each([
  ['1', 'too little money'],
  ['UNREACHABLE', 'for a day'],
  ['CONFIGURATION', 'set-up'],
  ['400.002.02', 'set-up'],
  ['404.001.03', 'set-up'],
  ['401.001', 'set-up'],
  ['500.002.1001', 'did not say why'],
  ['ABC_1', 'did not say why'],
])('%s is said to mean: %s', (code, words) => {
  expect(refusalWords(code)).toContain(words)
  expect(refusalWords(code)).toContain(`(${code})`)
})

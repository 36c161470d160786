/**
 * Which passwords a guesser finds early. The library holds fifty thousand that leaked most often and knows how people vary
 * them; beside them it is told what everybody can know about whoever chooses one.
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs as graphs, dictionary } from '@zxcvbn-ts/language-common'

export type Weakness = 'common' | 'personal'

/** As many guesses are within reach of somebody patient, in spite of our limits. */
const FEWEST_GUESSES = 1e6
/** What stands behind is not looked at: reading a long one costs a quarter of a second. */
const LOOKED_AT = 50
/** What customers and colleagues here try first. */
const OURS = ['gari', 'mpesa', 'safaricom', 'kenya', 'nairobi', 'mombasa', 'karibu', 'harambee']

const library = new ZxcvbnFactory({ dictionary, graphs })

/** Null for one that will do. `about` is their name and address. */
export function findWeakness(password: string, about: readonly string[]): Weakness | null {
  const words = about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
  const known = words.filter((word) => word.length > 2)
  const looked = password.normalize('NFC').slice(0, LOOKED_AT)
  const found = library.check(looked, [...known, ...OURS])
  if (found.guesses >= FEWEST_GUESSES) return null
  const own = known.map((word) => word.toLowerCase())
  return own.some((word) => looked.toLowerCase().includes(word)) ? 'personal' : 'common'
}

/** Every sentence that rules, doors and workflows can hand to a customer's page has its Swahili. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import ts from 'typescript'
import { reasonSentence } from '../../domain/payment-results.ts'
import { CATEGORIES } from '../../local/fleet-data.ts'
import { sentenceIn } from '../../views/language.ts'

const folder = (path: string, kept: (name: string) => boolean) =>
  readdirSync(path)
    .filter((name) => /\.tsx?$/.test(name) && kept(name))
    .map((name) => `${path}/${name}`)

/** Only callers of the API, Safaricom and staff read what these say. */
const NOT_FOR_CUSTOMERS =
  /^(?:access-tokens|oauth-adapter|oauth-clients|oauth-provider|node-bridge|api-keys|api-v1|auth-tokens|making-keys|factor-removal|making-programs|own-programs|programs|contact-reveals|identity-documents|identity-reviews|loyalty(?:-bodies)?|ratings|rating-(?:bodies|reviews)|new-colleagues|erasures|exports|person-data|retention|token-pairs|well-known|audit|callbacks|codec|parked-workflows|fleet(?:-bodies)?|customers|customer-(?:addresses|bodies|choices|lists)|lists|vehicles|vehicle-bodies|payment-lists|description|document-files|examples|reservation-(?:changes|lists)|open-api|parts|companies|people|roles|users|versions|day-closes?|desk-taking|finance|payments|payment-plans|till|till-bodies|till-sessions|tills|transfers|reservations|reservation-bodies|static-files|status|strict-json|temporal-(?:door|pages|policy)|server|staff|unmatched(?:-money)?|give-money|bank-(?:money|lines)|pricing-(?:bodies|rules)|prices|quotes|extras|bank-money-messages|refunds|refund-form|refund-messages|hand-refunds|paying-by-hand|refund-bodies|cases|invoices|ledger(?:-bodies)?|reconciliations?(?:-\w+)?)\.tsx?$/
const FILES = [
  ...folder('domain/schemas', (name) =>
    /^(?:accounts|addresses|billing|forms|marketing|phones|requests)\./.test(name),
  ),
  'domain/reservations.ts',
  'domain/identity-documents.ts',
  ...folder('api', (name) => !NOT_FOR_CUSTOMERS.test(name)),
  ...folder('api/pages', (name) => !NOT_FOR_CUSTOMERS.test(name)),
  'db/accounts.ts',
  'db/addresses.ts',
  'gateways/passwords.ts',
  'db/own-contacts.ts',
  'db/reservation-holding.ts',
  'db/pricing-a-booking.ts',
  'db/trip-prices.ts',
  'domain/loyalty.ts',
  'workflows/collecting.ts',
  'workflows/late-offers.ts',
  'workflows/reservation-handlers.ts',
  'workflows/charge-handlers.ts',
  'db/missed-shares.ts',
  'db/payment-plans.ts',
  'domain/shares.ts',
]
/** Said to staff or to programs from files that also speak to customers, or made up of sentences listed here. */
const OTHERS = [
  'If you need it, ask your manager.',
  'Send a valid access token as Bearer.',
  'Somebody who works here cannot change their own number.',
  'Sign in for this yourself; a key cannot do it.',
  'Somebody else does this for you.',
  '5 is your gari code. It is good for 10 minutes. We never ask for it by phone.',
  '5 taken for this time.',
  '5 5 You have not been charged.',
  'Say 5.',
  'Say 5 as a date and time.',
  'The shares must add up to 5: 5.',
]

const textsOf = (file: string): string[] => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text)
    if (ts.isTemplateExpression(node)) {
      const rest = node.templateSpans.map(({ expression, literal }) => {
        const value = expression.getText() === 'SAFE' ? 'You have not been charged.' : '5'
        return value + literal.text
      })
      found.push(node.head.text + rest.join(''))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** A capital or a value first, more than one word, and an end. */
const isSentence = (text: string): boolean => /^[A-Z5]\S* .*[.?!]$/.test(text)
const inBoth = (english: string): boolean => {
  const parts = english.split(/(?<=[.!?]) (?=[A-Z])/)
  return (
    sentenceIn('sw', english) !== english &&
    parts.every((one) => parts.length === 1 || !sentenceIn('sw', english).includes(one))
  )
}
const missing = (sentences: string[]): string[] =>
  [...new Set(sentences)].filter((one) => !OTHERS.includes(one) && !inBoth(one))

describe('in Swahili', () => {
  it.each(FILES)('all of %s', (file) => {
    expect(missing(textsOf(file).filter(isSentence))).toEqual([])
  })

  it('the sentences that are put together', () => {
    const made = [
      'Say when you pick the car up as a date and time.',
      'Say when you bring it back as a date and time.',
      'The shares must add up to KSh 500: KSh 3 is missing.',
      'The shares must add up to KSh 500: KSh 3 is too much.',
      'That car is taken for this time. Below is what is free instead. You have not been charged.',
      'All our cars of the category Economy are taken for this time.',
      'Nyali Centre is closed on Sun 29 Mar, 10:00. That day: closed.',
    ]
    expect(missing(made)).toEqual([])
    expect(sentenceIn('sw', made.at(-1) ?? '')).toBe(
      'Nyali Centre pamefungwa Jpili 29 Mac, 10:00. Siku hiyo: pamefungwa.',
    )
    expect(sentenceIn('sw', made[5] ?? '')).toContain('Gari dogo')
  })

  it('the titles of errors', () => {
    const titles = [...readFileSync('api/problems.ts', 'utf8').matchAll(/title: '([^']+)'/g)]
    expect(titles.length).toBeGreaterThan(20)
    expect(missing(titles.map(([, title = '']) => title))).toEqual([])
  })

  it('the steps of a timeline', () => {
    const steps = [
      ...readFileSync('db/reservation-reads.ts', 'utf8').matchAll(
        /'(?:reservation|payment)\.\w+': '([^']+)'/g,
      ),
    ]
    expect(steps.length).toBeGreaterThan(10)
    expect(missing([...steps.map(([, step = '']) => step), 'payer'])).toEqual([])
  })

  it('what M-Pesa answers', () => {
    const codes = ['1', '2', '3', '4', '17', '26', '1001', '1019', '1025', '1032', '1036', '1037']
    const own = ['2001', '8006', '9999', 'PUSH_OPEN', 'UNREACHABLE', 'NOT_SENT', 'RESOLVED_UNPAID']
    const closed = ['RESERVATION_CLOSED', 'AMOUNT_ABOVE_BALANCE']
    for (const code of [...codes, ...own, ...closed, '1101', 'unheard of'])
      expect(sentenceIn('sw', reasonSentence(code))).toBe(reasonSentence(code, 'sw'))
  })

  it('the usual categories', () => {
    const words = CATEGORIES.flatMap(({ name, description }) => [name, description])
    expect(missing(words.filter((one) => one !== 'SUV'))).toEqual([])
  })
})

it('names and what people wrote stay as they are', () => {
  for (const text of ['Otieno Odhiambo', 'We were late. Sorry!', '<b>', ''])
    expect(sentenceIn('sw', text)).toBe(text)
})

/** Who may do what with the record of a customer, for the matrix of roles. */
type Groups<W> = Record<'takers' | 'counter' | 'money' | 'people' | 'fleet', readonly W[]>

export function customerRules<W>(
  id: string,
  { takers, counter, money, people, fleet }: Groups<W>,
  theirs: (who: readonly W[]) => readonly W[],
) {
  const someone = { first_name: 'Wanjiku', last_name: 'Kamau', phone: '0712345678' }
  const own = { hidden: true, id } as const
  const billing = { line1: 'Moi Avenue 1', city: 'Nairobi' }
  const why = { why: 'x' }
  return {
    'GET /customers': { may: takers },
    'POST /customers': { may: counter, body: someone },
    'GET /customers/{id}': { may: takers, id },
    'PUT /customers/{id}': { may: counter, id, body: someone },
    'PATCH /customers/{id}': { may: counter, id, body: { language: 'en' } },
    'GET /customers/{id}/reservations': { may: takers, id },
    'GET /customers/{id}/payments': { may: takers, id },
    'GET /customers/{id}/documents': { may: money, id },
    'GET /customers/{id}/addresses': { ...own, may: theirs(takers) },
    'PUT /customers/{id}/addresses/{kind}': { ...own, may: theirs(counter), body: billing },
    'DELETE /customers/{id}/addresses/{kind}': { ...own, may: theirs(counter) },
    'GET /customers/{id}/loyalty': { may: theirs(takers), id },
    'POST /customers/{id}/loyalty': { may: fleet, id, body: { points: 9, reason: 'as tested' } },
    'GET /customers/{id}/rating': { may: theirs(takers), id },
    'POST /customers/{id}/rating': {
      may: fleet,
      id,
      body: { level: 'low', why: 'as tested', until: '2000-01-01' },
    },
    'POST /customers/{id}/rating/reckoning': { may: fleet, id },
    'POST /customers/{id}/rating-reviews': { may: theirs([]), id, body: { words: 'as tested' } },
    'GET /rating-reviews': { may: fleet },
    'POST /rating-reviews/{id}/answer': { may: fleet, id, body: { answer: 'as tested' } },
    'GET /customers/{id}/erasure': { may: people, id },
    'POST /customers/{id}/erasure': { may: people, id, body: why },
    'DELETE /customers/{id}/erasure': { may: people, id },
    'PUT /customers/{id}/legal-hold': { may: people, id, body: why },
    'POST /customers/{id}/legal-hold/removal': { may: people, id, body: why },
  }
}

/** And with what prices follow from. */
export function priceRules<W>(
  id: string,
  { takers, fleet }: Pick<Groups<W>, 'takers' | 'fleet'>,
  everybody: readonly W[],
) {
  const rule = { name: 'As tested', type: 'base', weekdays: [5], multiplier: 1.1, priority: 9 }
  return {
    'GET /extras': { may: 'public' as const },
    'POST /extras': { may: fleet, body: { code: 'TESTED', name: 'As tested', daily_rate: 100 } },
    'PUT /extras/{code}': { may: fleet, body: { name: 'As tested', daily_rate: 100 } },
    'GET /pricing-rules': { may: takers },
    'POST /pricing-rules': { may: fleet, body: rule },
    'POST /pricing-rules/trial': { may: fleet, body: rule },
    'GET /pricing-rules/{id}': { may: takers, id },
    'PUT /pricing-rules/{id}': { may: fleet, id, body: rule },
    'DELETE /pricing-rules/{id}': { may: fleet, id },
    'POST /quotes': {
      may: everybody,
      body: {
        category: 'SUV',
        pickup_location: 'NBO-JKIA',
        pickup_at: '2000-01-01T10:00:00+03:00',
        return_at: '2000-01-03T10:00:00+03:00',
      },
    },
    'GET /quotes/{id}': { may: everybody, id },
  }
}

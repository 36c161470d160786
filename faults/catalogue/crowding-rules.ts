/** What must hold besides where ten people of one booking pay at once. */
import type { Rule, World } from '../checker/world.ts'

/** Nobody else books for so many. */
export const AT_THE_TABLE = 10
const DASHES = /-/g
/** Prompts by M-Pesa's books, when all is quiet. */
async function rangTwice({ sql, provider }: World): Promise<string[]> {
  const tables = await sql<{ number: string }>(
    `SELECT r.number FROM reservations r
     WHERE (SELECT count(*) FROM reservation_parties o WHERE o.reservation_id = r.id) = $1`,
    [AT_THE_TABLE],
  )
  const known = new Set(tables.map(({ number }) => number.replaceAll(DASHES, '')))
  const rang = new Map<string, number>()
  for (const { accountReference, phone } of provider.transactions)
    if (known.has(accountReference)) {
      const what = `${phone} of ${accountReference}`
      rang.set(what, (rang.get(what) ?? 0) + 1)
    }
  return [...rang]
    .filter(([, times]) => times > 1)
    .map(([what, times]) => `${what} rang ${times} times`)
}
export const ringsOnce: Rule = {
  name: 'each phone of ten at one table rings once',
  kind: 'doubled',
  broken: rangTwice,
  plant: (world) => {
    const { transactions } = world.provider
    return {
      ...world,
      provider: { ...world.provider, transactions: [...transactions, ...transactions] },
    }
  },
}

/** What must hold besides where ten people of one booking pay at once. */
import type { Rule, World } from '../checker/world.ts'

/** Nobody else books for so many. */
export const AT_THE_TABLE = 10
/** Prompts by M-Pesa's books, when all is quiet. */
async function rangTwice({ sql, provider }: World): Promise<string[]> {
  const tables = await sql<{ number: string; phone: string }>(
    `SELECT r.number, p.phone FROM reservations r JOIN reservation_parties p ON p.reservation_id = r.id
     WHERE (SELECT count(*) FROM reservation_parties o WHERE o.reservation_id = r.id) = $1`,
    [AT_THE_TABLE],
  )
  return tables
    .map(({ number, phone }) => {
      const rang = provider.transactions.filter((one) => `+${one.phone}` === phone).length
      return { what: `${phone} of ${number} rang ${rang} times`, rang }
    })
    .filter(({ rang }) => rang > 1)
    .map(({ what }) => what)
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

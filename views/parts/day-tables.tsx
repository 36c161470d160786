/** The figures of a day: what was taken, the tills that were counted, and what terminals and bank say. */
import type { Child } from 'hono/jsx'
import { isOfTill, isProof } from '../../domain/day-close.ts'
import { subtract, type Cents } from '../../domain/money.ts'
import { Money } from './money.tsx'

/** Payments stand beside the books; a proof sets what should be there beside what is. */
const COLUMNS = {
  payments: { what: 'What', taken: 'Taken', booked: 'In the books' },
  tills: { what: 'Till', taken: 'Should be there', booked: 'Counted' },
  outside: { what: 'Cards and bank', taken: 'Should be there', booked: 'Is there' },
} as const
type Columns = (typeof COLUMNS)[keyof typeof COLUMNS]

const Head = ({ columns }: { columns: Columns }) => (
  <thead>
    <tr>
      <th scope="col">{columns.what}</th>
      <th scope="col" class="number">
        {columns.taken}
      </th>
      <th scope="col" class="number">
        {columns.booked}
      </th>
      <th scope="col" class="number">
        Difference
      </th>
      <th scope="col">Why</th>
    </tr>
  </thead>
)

type Amounts = { key: string; label: string; taken: Cents; booked: Cents }

const AmountCells = ({ one, columns }: { one: Amounts; columns: Columns }) => {
  const { label, taken, booked } = one
  return (
    <>
      <td class="name">{label}</td>
      <td class="number" data-label={columns.taken}>
        <Money amount={taken} />
      </td>
      <td class="number" data-label={columns.booked}>
        <Money amount={booked} />
      </td>
      <td class="number" data-label="Difference">
        <Money amount={subtract(booked, taken)} class={taken === booked ? '' : 'owes'} />
      </td>
    </>
  )
}

type TableProps<One> = { rows: One[]; why: (one: One) => Child }

const columnsOf = ({ key }: { key: string }): keyof typeof COLUMNS => {
  if (!isProof(key)) return 'payments'
  return isOfTill(key) ? 'tills' : 'outside'
}
const PARTS = ['payments', 'tills', 'outside'] as const

/** The ways money came in, then the tills that were counted, then what is proven outside. */
export const DayTables = <One extends Amounts>({ rows, why }: TableProps<One>) => {
  const parts = PARTS.map((part) => ({
    columns: COLUMNS[part],
    own: rows.filter((one) => columnsOf(one) === part),
  }))
  return (
    <>
      {parts
        .filter(({ own }) => own.length > 0)
        .map(({ columns, own }) => (
          <table class="staff-table day-table">
            <Head columns={columns} />
            <tbody>
              {own.map((one) => (
                <tr>
                  <AmountCells one={one} columns={columns} />
                  <td class={one.taken === one.booked ? undefined : 'whole'}>{why(one)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
    </>
  )
}

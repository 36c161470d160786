/** The figures of a day, one table for what was taken and one for the tills that were counted. */
import type { Child } from 'hono/jsx'
import { subtract, type Cents } from '../../domain/money.ts'
import { Money } from './money.tsx'

/** A till is counted against the books; everything else is in the books against what was taken. */
const isCount = ({ key }: { key: string }): boolean => key.startsWith('count:')
const COLUMNS = {
  payments: { what: 'What', taken: 'Taken', booked: 'In the books' },
  counts: { what: 'Till', taken: 'Should be there', booked: 'Counted' },
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

/** `Counted` stands above the column already. */
const shortLabel = (label: string): string => label.replace(/^Counted, /, '')

const AmountCells = ({ one, columns }: { one: Amounts; columns: Columns }) => {
  const { label, taken, booked } = one
  return (
    <>
      <td class="name">{isCount(one) ? shortLabel(label) : label}</td>
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

/** The ways money came in, then the tills that were counted. */
export const DayTables = <One extends Amounts>({ rows, why }: TableProps<One>) => {
  const parts = [
    { columns: COLUMNS.payments, own: rows.filter((one) => !isCount(one)) },
    { columns: COLUMNS.counts, own: rows.filter(isCount) },
  ]
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

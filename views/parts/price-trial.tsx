/** What a rule would have made of last month: a sentence, the months beside each other, and the bookings that differ most. */
import { formatKes, type Cents } from '../../domain/money.ts'
import { changeOf, MOST_REHEARSED, type Rehearsal } from '../../domain/rehearsals.ts'
import { rehearsalText } from '../../domain/rule-words.ts'
import { Money } from './money.tsx'
import { StaffTable } from './staff-table.tsx'
import { Time } from './times.tsx'

const SHOWN = 20

const Bar = ({ amount, most }: { amount: Cents; most: number }) => (
  <svg class="balance-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect
      class="bar-above"
      width={most === 0 ? 0 : Math.max(1, Math.round((amount / most) * 100))}
      height="8"
    />
  </svg>
)

const Compared = ({ tried }: { tried: Rehearsal }) => {
  const most = Math.max(tried.before, tried.after)
  const rows = [
    ['By the rules that are live', tried.before],
    ['With this rule', tried.after],
  ] as const
  return (
    <dl class="fact-list">
      {rows.map(([name, amount]) => (
        <div>
          <dt>{name}</dt>
          <dd>
            <Money amount={amount} />
            <Bar amount={amount} most={most} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

export const PriceTrial = ({ tried, now }: { tried: Rehearsal; now: Date }) => (
  <section class="card" id="trial" aria-labelledby="trial-title">
    <h2 id="trial-title">Tried on last month</h2>
    <p role="status">
      <strong>{rehearsalText(tried)}</strong>
    </p>
    <p class="hint">
      Its days are left out of account, as they are to come. Of a code it is taken that everybody
      had typed it. Nothing was changed.
      {tried.isCut && ` Only the last ${MOST_REHEARSED} bookings of the month were tried.`}
    </p>
    {tried.bookings > 0 && <Compared tried={tried} />}
    {tried.differing.length > 0 && (
      <StaffTable
        label="Bookings that would differ most"
        bare
        heads={[
          'Booking',
          'Category',
          'Picked up',
          { number: 'Was' },
          { number: 'Would be' },
          { number: 'Change' },
        ]}
      >
        {tried.differing.slice(0, SHOWN).map((row) => (
          <tr>
            <td>
              <a href={`/bookings/${row.id}`}>{row.number}</a>
            </td>
            <td>{row.categoryCode}</td>
            <td class="nowrap">
              <Time at={row.from} now={now} />
            </td>
            <td class="number" data-label="Was">
              <Money amount={row.before} />
            </td>
            <td class="number" data-label="Would be">
              <Money amount={row.after} />
            </td>
            <td class="number" data-label="Change">
              {changeOf(row) > 0 ? '+' : ''}
              {formatKes(changeOf(row))}
            </td>
          </tr>
        ))}
      </StaffTable>
    )}
    {tried.differing.length > SHOWN && (
      <p class="quiet">and {tried.differing.length - SHOWN} more</p>
    )}
  </section>
)

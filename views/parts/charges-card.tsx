/** What else is to pay: each with its page, its amount and its time. */
import type { DeskChargeRow } from '../../domain/charge-pages.ts'
import { isPayableCharge, SHOWN_CHARGE } from '../../domain/charges.ts'
import { formatKes } from '../../domain/money.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'
import { Money } from './money.tsx'
import { StatusChip } from './status-chip.tsx'

type RowProps = { row: DeskChargeRow; now: Date; t: Say }

const Row = ({ row, now, t }: RowProps) => {
  const path = `/charges/${row.id}`
  const open = isPayableCharge(row.status)
  return (
    <li>
      <p>
        <a class="nowrap" href={path}>
          {row.number}
        </a>{' '}
        <span class="name">{row.description}</span> <Money amount={row.total} />{' '}
        {!open && <StatusChip status={SHOWN_CHARGE[row.status]} t={t} />}
      </p>
      {open && (
        <p>
          <a class="button button-small" href={path}>
            {t('payNow', { amount: formatKes(row.balance) })}
          </a>{' '}
          <span class="quiet">
            {t('chargeDue', { time: timeText(row.dueAt, t.language, now) })}
          </span>
        </p>
      )}
    </li>
  )
}

type CardProps = { rows: DeskChargeRow[]; now: Date; t: Say }

export const ChargesCard = ({ rows, now, t }: CardProps) =>
  rows.length === 0 ? null : (
    <section class="card" id="charges" aria-labelledby="charges-title">
      <h2 id="charges-title">{t('chargesTitle')}</h2>
      <ul class="suggestions">
        {rows.map((row) => (
          <Row row={row} now={now} t={t} />
        ))}
      </ul>
    </section>
  )

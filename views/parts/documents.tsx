/** The documents of one booking or charge, each with its PDF. */
import type { DocumentLine } from '../../domain/invoice-pages.ts'
import { formatKes } from '../../domain/money.ts'
import { timeText } from '../../domain/time-words.ts'
import type { Say } from '../language.ts'

/** Items for a list of the class `documents`. */
export const DocumentItems = ({ rows, t, now }: { rows: DocumentLine[]; t: Say; now: Date }) => (
  <>
    {rows.map((row) => (
      <li>
        <strong>
          <a href={row.path}>{`${t(`document_${row.kind}`)} ${row.number}`}</a>
        </strong>
        <span>
          {[
            row.status === 'overdue' || row.status === 'cancelled'
              ? t(`invoice_${row.status}`)
              : '',
            formatKes(row.amount),
            timeText(row.at, t.language, now),
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      </li>
    ))}
  </>
)

export const DocumentsCard = ({ rows, t, now }: { rows: DocumentLine[]; t: Say; now: Date }) =>
  rows.length === 0 ? null : (
    <section class="card" aria-labelledby="documents">
      <h2 id="documents">{t('documents')}</h2>
      <ul class="documents">
        <DocumentItems rows={rows} t={t} now={now} />
      </ul>
    </section>
  )

/** What is asked for after a return, line by line, and the deposit; for staff and for whoever drove. */
import { formatKes } from '../../domain/money.ts'
import { kmText, type ChargeLine, type RentalPage } from '../../domain/rental-pages.ts'
import { FULL, type MarkKind, type MarkPlace, type RentalStatus } from '../../domain/rentals.ts'
import type { Say } from '../language.ts'
import { Money } from './money.tsx'
import { StaffTable } from './staff-table.tsx'
import { Chip, type Tone } from './status-chip.tsx'

const TONES: Record<RentalStatus, Tone> = {
  on_the_road: 'moving',
  returned: 'wait',
  disputed: 'attention',
  settled: 'done',
}

export const RentalChip = ({ status, t }: { status: RentalStatus; t: Say }) => (
  <Chip tone={TONES[status]} text={t(`rental_${status}`)} />
)

const fuelWords = (eighths: number, t: Say): string => {
  if (eighths === 0) return t('fuel_empty')
  return eighths === FULL ? t('fuel_full') : `${eighths}/${FULL}`
}

/** From the numbers that were written down with the line. */
export function becauseText({ kind, facts, quantity: n, unitPrice }: ChargeLine, t: Say): string {
  const price = formatKes(unitPrice)
  const km = (name: string) => kmText(Number(facts[name]))
  const fuel = (name: string) => fuelWords(Number(facts[name]), t)
  if (kind === 'extra_km')
    return t('why_extra_km', { driven: km('driven'), free: km('free'), n, price })
  if (kind === 'fuel')
    return t('why_fuel', { before: fuel('before'), after: fuel('after'), n, price })
  if (kind === 'late') return t('why_late', { minutes: Number(facts['minutes']), n, price })
  if (kind !== 'damage') return t(`why_${kind}`)
  const place = t(`place_${facts['place'] as MarkPlace}`)
  const mark = t(`mark_${facts['kind'] as MarkKind}`, { place })
  return t(facts['later'] ? 'why_damage_later' : 'why_damage', { mark })
}

type Part = { page: RentalPage; t: Say }

export const AskedFor = ({ page, t }: Part) => (
  <section class="card" aria-labelledby="asked">
    <h2 id="asked">{t('askedTitle')}</h2>
    {page.lines.length === 0 ? (
      <p class="quiet">{t(page.returnedAt ? 'askedNothing' : 'askedLater')}</p>
    ) : (
      <StaffTable
        bare
        labelledBy="asked"
        heads={[t('askedWhy'), { number: t('askedAmount') }, { number: t('askedStands') }]}
      >
        {page.lines.map((line) => (
          <tr>
            <td>{becauseText(line, t)}</td>
            <td class="number" data-label={t('askedAmount')}>
              <Money amount={line.amount} />
            </td>
            <td class="number" data-label={t('askedStands')}>
              {line.stands !== null && <Money amount={line.stands} />}
            </td>
          </tr>
        ))}
      </StaffTable>
    )}
  </section>
)

const Owed = ({ page, t }: Part) =>
  page.owed === null || page.owed === 0 ? null : (
    <>
      <dt>{t('depositOwed')}</dt>
      <dd>
        <Money amount={page.owed} class="owes" />{' '}
        {page.owedPath && <a href={page.owedPath}>{t('depositPay')}</a>}
      </dd>
    </>
  )

export const DepositCard = ({ page, t }: Part) => (
  <section class="card" aria-labelledby="deposit">
    <h2 id="deposit">{t('depositTitle')}</h2>
    <dl class="fact-list">
      <dt>{t('depositPaid')}</dt>
      <dd>
        <Money amount={page.deposit} />
      </dd>
      {page.kept !== null && (
        <>
          <dt>{t('depositKept')}</dt>
          <dd>
            <Money amount={page.kept} />
          </dd>
        </>
      )}
      {page.refunds.map(({ amount, isSent }) => (
        <>
          <dt>{t(isSent ? 'depositBack' : 'depositGoesBack')}</dt>
          <dd>
            <Money amount={amount} />
          </dd>
        </>
      ))}
      <Owed page={page} t={t} />
    </dl>
  </section>
)

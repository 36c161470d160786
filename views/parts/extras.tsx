/** What goes along with a car, on the booking form; folded away until somebody wants it. */
import { formatKes } from '../../domain/money.ts'
import type { BookingFormPage } from '../../domain/booking-form-pages.ts'
import type { Extra } from '../../domain/extras.ts'
import { sentenceIn, type Say } from '../language.ts'
import { TextField } from './form.tsx'

type Part = { page: BookingFormPage; t: Say }

const hintOf = ({ dailyRate, most }: Extra, t: Say): string =>
  most === null
    ? t('extraHint', { price: formatKes(dailyRate) })
    : t('extraHintMost', { price: formatKes(dailyRate), most: formatKes(most) })

const HERE = /^(?:extras\b|extra_drivers$|promo_code$)/

const isOpen = ({ along, problems }: BookingFormPage): boolean =>
  problems.some(({ path }) => HERE.test(path)) ||
  [...Object.values(along.extras), along.extraDrivers, along.promoCode].some((one) => one !== '')

/** Nothing where nothing is offered. */
export const ExtrasFold = ({ page, t }: Part) => {
  const { extras, driverFee, takesCodes } = page.offered
  if (extras.length === 0 && !driverFee && !takesCodes) return null
  const shared = { problems: page.problems, optional: true, t }
  const numeric = { inputmode: 'numeric' as const, maxlength: 2 }
  return (
    <details class="fold" id="field-extras" open={isOpen(page)}>
      <summary>{t('extrasFold')}</summary>
      <fieldset aria-label={t('extrasFold')}>
        {extras.map((extra) => (
          <TextField
            path={`extras.${extra.code}`}
            label={sentenceIn(t.language, extra.name)}
            hint={hintOf(extra, t)}
            value={page.along.extras[extra.code] ?? ''}
            {...numeric}
            {...shared}
          />
        ))}
        {driverFee && (
          <TextField
            path="extra_drivers"
            label={t('extraDrivers')}
            hint={hintOf(driverFee, t)}
            value={page.along.extraDrivers}
            {...numeric}
            {...shared}
          />
        )}
        {takesCodes && (
          <TextField
            path="promo_code"
            label={t('promoCode')}
            value={page.along.promoCode}
            maxlength={40}
            {...shared}
          />
        )}
        <button type="submit" name="action" value="update" class="button button-second">
          {t('updatePrice')}
        </button>
      </fieldset>
    </details>
  )
}

/** When a shared booking stands: any money counts, or everybody's share is needed, each by their own time. */
import type { BookingFormPage } from '../../domain/booking-form-pages.ts'
import type { Say } from '../language.ts'
import { SelectField } from './form.tsx'

type Part = { page: BookingFormPage; t: Say }

/** Without a style sheet they stand there always, and count only where everybody must pay. */
const OwnTimes = ({ page, t }: Part) => {
  if (page.ownTimes.length === 0) return null
  const times = page.ownTimes.map((n) => ({ value: String(n), text: t('hours', { n }) }))
  return (
    <div class="own-times">
      {page.parties.map((party, index) => (
        <SelectField
          path={`parties.${index}.due_in`}
          label={t('payWithin', { name: party.name || t('party', { n: index + 1 }) })}
          hint={index === 0 ? t('payWithinHint') : undefined}
          value={party.dueIn}
          options={[{ value: '', text: t('payWithinWhole') }, ...times]}
          problems={page.problems}
          t={t}
        />
      ))}
    </div>
  )
}

export const ModeChoice = ({ page, t }: Part) => (
  <fieldset class="split" id="field-mode">
    <legend>{t('everybodyPays')}</legend>
    <label class="choice">
      <input type="radio" name="mode" value="anybody" checked={!page.allOrNobody} />
      <span>{t('modeAnybody')}</span>
    </label>
    <label class="choice">
      <input type="radio" name="mode" value="all_or_nobody" checked={page.allOrNobody} />
      <span>
        {t('modeAll')}
        <span class="hint">{t('modeAllHint')}</span>
      </span>
    </label>
    <OwnTimes page={page} t={t} />
  </fieldset>
)

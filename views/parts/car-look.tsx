/** What a clerk sees of a car, as a form: odometer, fuel, dirt, and marks with the place they are at. */
import type { FieldProblem } from '../../domain/errors.ts'
import {
  CLEAN_WORDS,
  fuelText,
  kmText,
  KIND_WORDS,
  PLACE_WORDS,
  type LookForm,
} from '../../domain/rental-pages.ts'
import { CLEANLINESS, FULL, MARK_KINDS, MARK_PLACES } from '../../domain/rentals.ts'
import { speak } from '../language.ts'
import { SelectField, TextField } from './form.tsx'

const t = speak('en')

const FUEL = Array.from({ length: FULL + 1 }, (_, n) => FULL - n).map((n) => ({
  value: String(n),
  text: fuelText(n),
}))
const CLEAN = CLEANLINESS.map((value) => ({ value, text: CLEAN_WORDS[value] }))
const PLACES = [
  { value: '', text: 'No mark' },
  ...MARK_PLACES.map((value) => ({ value, text: PLACE_WORDS[value] })),
]
const KINDS = MARK_KINDS.map((value) => ({ value, text: KIND_WORDS[value] }))

type MarksProps = { form: LookForm; problems: FieldProblem[]; priced: boolean }

const Marks = ({ form, problems, priced }: MarksProps) => (
  <fieldset>
    <legend>{priced ? 'Marks on the car, with what a new one costs' : 'Marks on the car'}</legend>
    {form.marks.map((mark, index) => (
      <div class="mark-row">
        <SelectField
          path={`marks.${index}.place`}
          label={`Mark ${index + 1}`}
          value={mark.place}
          options={PLACES}
          problems={problems}
          t={t}
        />
        <SelectField
          path={`marks.${index}.kind`}
          label="What it is"
          value={mark.kind}
          options={KINDS}
          problems={problems}
          t={t}
        />
        {priced && (
          <TextField
            path={`marks.${index}.amount`}
            label="KSh, if new"
            value={mark.amount}
            inputmode="numeric"
            optional
            problems={problems}
            t={t}
          />
        )}
      </div>
    ))}
  </fieldset>
)

type LookProps = { form: LookForm; problems: FieldProblem[]; lastKm: number; priced?: boolean }

export const CarLook = ({ form, problems, lastKm, priced = false }: LookProps) => (
  <>
    <TextField
      path="odometer_km"
      label="Odometer, in km"
      hint={`It showed ${kmText(lastKm)} before.`}
      value={form.odometer}
      inputmode="numeric"
      problems={problems}
      t={t}
    />
    <SelectField
      path="fuel_eighths"
      label="Fuel"
      value={form.fuel}
      options={FUEL}
      problems={problems}
      t={t}
    />
    <SelectField
      path="cleanliness"
      label="How clean it is"
      value={form.cleanliness}
      options={CLEAN}
      problems={problems}
      t={t}
    />
    <Marks form={form} problems={problems} priced={priced} />
  </>
)

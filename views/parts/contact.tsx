/** A phone or an e-mail of one's own: what it is, whether it is proven, and the code by which it becomes so. */
import { ONE_TIME_CODE } from '../../domain/accounts.ts'
import type { FieldProblem } from '../../domain/errors.ts'
import type { Say } from '../language.ts'
import { TextField } from './form.tsx'
import { Chip } from './status-chip.tsx'

type Props = { value: string; proven: boolean; t: Say }

export const ContactLine = ({ value, proven, t }: Props) => (
  <p>
    <span class="subject">{value}</span>{' '}
    <Chip tone={proven ? 'good' : 'wait'} text={t(proven ? 'contactProven' : 'contactUnproven')} />
  </p>
)

/** Phones write the code in two groups, so there is room for a blank or two. */
export const CodeField = ({ problems, t }: { problems: FieldProblem[]; t: Say }) => (
  <TextField
    path="code"
    label={t('code')}
    value=""
    inputmode="numeric"
    autocomplete="one-time-code"
    maxlength={2 * ONE_TIME_CODE.digits}
    class="code"
    problems={problems}
    t={t}
  />
)

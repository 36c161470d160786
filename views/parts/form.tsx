/** Form pieces: label above, hint below it, the error beside the field, what was typed kept. */
import type { Child } from 'hono/jsx'
import type { FieldProblem } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/pages.ts'
import { sentenceIn, speak, type Say } from '../language.ts'

/** `parties.0.phone` is posted as `parties[0][phone]`. */
export const fieldName = (path: string): string =>
  path.replace(/\.([^.]+)/g, (_, part: string) => `[${part}]`)
export const fieldId = (path: string): string => `field-${path.replaceAll(/[^\w]/g, '-')}`

export const Csrf = ({ viewer }: { viewer: Pick<Viewer, 'csrf'> }) => (
  <input type="hidden" name="_csrf" value={viewer.csrf} />
)
export const Hidden = ({ name, value }: { name: string; value: string }) => (
  <input type="hidden" name={name} value={value} />
)

/** Says on top of the page what is wrong and takes the focus, also without a script. */
export const ErrorSummary = ({ problems, t }: { problems: FieldProblem[]; t: Say }) =>
  problems.length === 0 ? null : (
    <div class="problems" role="alert" tabindex={-1} autofocus id="problems">
      <h2>{t('pleaseCheck', { n: problems.length })}</h2>
      <ul>
        {problems.map(({ path, message }) => (
          <li>
            {path === '' ? (
              sentenceIn(t.language, message)
            ) : (
              <a href={`#${fieldId(path)}`}>{sentenceIn(t.language, message)}</a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )

type Frame = {
  path: string
  label: string
  hint?: string | undefined
  problems: FieldProblem[]
  t: Say
  optional?: boolean
}

const describedBy = ({ path, hint, problems }: Frame): string | undefined => {
  const id = fieldId(path)
  const parts = [
    hint ? `${id}-hint` : '',
    problems.some((one) => one.path === path) ? `${id}-error` : '',
  ]
  return parts.filter((one) => one !== '').join(' ') || undefined
}

/** The attributes that tie a control to its label, hint and error. */
export const control = (frame: Frame) => ({
  id: fieldId(frame.path),
  name: fieldName(frame.path),
  'aria-describedby': describedBy(frame),
  'aria-invalid': frame.problems.some((one) => one.path === frame.path) ? 'true' : undefined,
})

export const FieldFrame = (props: Frame & { children: Child; class?: string }) => {
  const { path, label, hint, problems, t, optional } = props
  const id = fieldId(path)
  const wrong = problems.filter((one) => one.path === path)
  return (
    <div class={`field ${wrong.length > 0 ? 'field-wrong' : ''} ${props.class ?? ''}`.trim()}>
      <label for={id}>
        {label} {optional && <span class="optional">{t('optional')}</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong.length > 0 && (
        <p class="field-error" id={`${id}-error`}>
          <span class="visually-hidden">{t('errorWord')} </span>
          {wrong.map((one) => sentenceIn(t.language, one.message)).join(' ')}
        </p>
      )}
      {props.children}
    </div>
  )
}

type InputProps = Frame & {
  value: string
  type?: 'text' | 'email' | 'tel' | 'password' | 'datetime-local' | 'date' | 'search'
  inputmode?: 'text' | 'numeric' | 'tel' | 'email'
  autocomplete?: string
  min?: string
  maxlength?: number
  class?: string
  disabled?: boolean
}

export const TextField = (props: InputProps) => (
  <FieldFrame {...props}>
    <input
      {...control(props)}
      type={props.type ?? 'text'}
      value={props.value}
      inputmode={props.inputmode}
      autocomplete={props.autocomplete ?? 'off'}
      min={props.min}
      maxlength={props.maxlength}
      required={!props.optional}
    />
  </FieldFrame>
)

type SelectProps = Frame & { value: string; options: { value: string; text: string }[] }

export const SelectField = (props: SelectProps) => (
  <FieldFrame {...props}>
    <select {...control(props)}>
      {props.options.map(({ value, text }) => (
        <option value={value} selected={value === props.value}>
          {text}
        </option>
      ))}
    </select>
  </FieldFrame>
)

/** Signing out changes something, so it is a form and not a link. */
export const SignOut = ({ viewer }: { viewer: Viewer }) => (
  <form method="post" action="/sign-out" class="inline-form">
    <Csrf viewer={viewer} />
    <button type="submit" class="link-button">
      {speak(viewer.language)('signOut')}
    </button>
  </form>
)

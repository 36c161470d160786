/** A big amount in steps: one bar, the next step in words, and what only the customer can say. */
import { formatKes } from '../domain/money.ts'
import type { PlanPage } from '../domain/charge-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { PLAN_PHONES, type PlanStep } from '../domain/payment-plans.ts'
import { reasonSentence } from '../domain/payment-results.ts'
import { timeText } from '../domain/time-words.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say, TextKey } from './language.ts'
import { control, Csrf, ErrorSummary, FieldFrame, TextField } from './parts/form.tsx'
import { NumberHeading } from './parts/number-heading.tsx'
import { Bar, paidText } from './parts/shares.tsx'

type Props = { page: PlanPage; viewer: Viewer }
type Part = Props & { t: Say }

/** A wait that only gets longer while we look is the same wait. */
const stepName = (step: PlanStep): string =>
  step.do === 'wait' && step.why === 'answer' ? 'answer' : Object.values(step).join('-')

export const planVersion = ({ paid, asked, left, plan }: PlanPage): string =>
  [paid, asked, left, plan ? `${stepName(plan.step)}-${plan.refusals.length}` : ''].join('.')

const barText = ({ paid, asked, left }: PlanPage, t: Say): string => {
  if (asked === 0) return paidText(paid, left, t)
  const amounts = { paid: formatKes(paid), asked: formatKes(asked), left: formatKes(left) }
  return t(left === 0 ? 'planBarLast' : 'planBar', amounts)
}

const WAITING: Record<string, TextKey> = {
  answer: 'planAnswer',
  spacing: 'planSpacing',
  resting: 'planResting',
  day_limit: 'planDayLimit',
  consent: 'planConsent',
  no_phone: 'planNoPhone',
}

const stepText = (step: PlanStep, now: Date, t: Say): string => {
  if (step.do === 'push') return t('planPush')
  if (step.do === 'end') return t(step.as === 'done' ? 'planDone' : 'planOver')
  const time = step.do === 'wait' ? timeText(new Date(step.until), t.language, now) : ''
  return t(WAITING[step.why] ?? 'planAnswer', { time })
}

type ButtonProps = { viewer: Viewer; action: string; text: string; first?: boolean }

const Button = ({ viewer, action, text, first = false }: ButtonProps) => (
  <form method="post" action={action}>
    <Csrf viewer={viewer} />
    <button type="submit" class={first ? 'button' : 'button button-second'}>
      {text}
    </button>
  </form>
)

const Done = ({ page, t }: Omit<Part, 'viewer'>) => (
  <a class="button" href={page.backPath}>
    {t('planBack', { number: page.number })}
  </a>
)

const Running = ({ page, viewer, t }: Part) => {
  const { plan } = page
  if (!plan) return isOver(page) ? <Done page={page} t={t} /> : null
  const turn = plan.step.do === 'ask' || (plan.step.do === 'wait' && plan.step.why === 'resting')
  return (
    <>
      {plan.refusals.map(({ maskedPhone, code }) => (
        <p class="news-item news-wait">
          <strong class="nowrap">{maskedPhone}</strong>
          {`: ${reasonSentence(code, t.language)}`}
        </p>
      ))}
      <p id="plan-step">{stepText(plan.step, page.now, t)}</p>
      {!plan.over && turn && (
        <Button
          viewer={viewer}
          action={`${page.path}/${plan.id}/go-on`}
          text={t('planGoOn')}
          first
        />
      )}
      {!plan.over && (
        <Button viewer={viewer} action={`${page.path}/${plan.id}/stop`} text={t('planStop')} />
      )}
    </>
  )
}

/** Nothing else on the page has a use then; the style sheet hides it, because it stands outside of this part. */
const isOver = ({ plan, left }: PlanPage): boolean => plan === null && left === 0

export const PlanLive = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  const text = barText(page, t)
  const asks =
    page.plan && !page.plan.over
      ? {
          'hx-get': `${page.path}/live?v=${encodeURIComponent(planVersion(page))}`,
          'hx-trigger': 'every 2s',
          'hx-swap': 'outerMorph',
        }
      : {}
  return (
    <section
      id="plan-live"
      class={isOver(page) ? 'card paid-off' : 'card'}
      aria-live="polite"
      {...asks}
    >
      <h2 class="paid-text">{text}</h2>
      <Bar done={page.paid} whole={page.amount} label={text} />
      <Running page={page} viewer={viewer} t={t} />
    </section>
  )
}

const Start = ({ page, viewer, t }: Part) => {
  const frame = {
    path: 'phones',
    label: t('planPhones'),
    hint: t('planPhonesHint'),
    problems: page.problems,
    t,
  }
  return (
    <form method="post" action={page.path} class="card" novalidate>
      <Csrf viewer={viewer} />
      <p>{t('planLead')}</p>
      <FieldFrame {...frame}>
        <textarea {...control(frame)} rows={PLAN_PHONES}>
          {page.phones}
        </textarea>
      </FieldFrame>
      <button type="submit" class="button button-wide">
        {t('planStart')}
      </button>
    </form>
  )
}

const AddPhone = ({ page, viewer, t }: Part) => {
  if (!page.plan || page.plan.over || page.added === null) return null
  return (
    <details class="card fold" id="plan-add" open={page.problems.length > 0}>
      <summary>{t('planAddPhone')}</summary>
      <form method="post" action={`${page.path}/${page.plan.id}/phone`} novalidate>
        <Csrf viewer={viewer} />
        <TextField
          path="phone"
          label={t('payPhone')}
          hint={t('payPhoneHint')}
          value={page.added}
          type="tel"
          inputmode="tel"
          autocomplete="tel"
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          {t('planAddPhone')}
        </button>
      </form>
    </details>
  )
}

/** Beside the phones: the same money by the bank, for what is not on a phone already. */
const Bank = ({ page, t }: { page: PlanPage; t: Say }) => {
  const { bank, left, number } = page
  if (left === 0) return null
  if (!bank) return <p class="quiet">{t('bankInstead', { number })}</p>
  return (
    <section class="card" id="plan-bank" aria-labelledby="plan-bank-title">
      <h2 id="plan-bank-title">{t('bankTitle')}</h2>
      <dl class="fact-list">
        <dt>{t('bankName')}</dt>
        <dd>{bank.name}</dd>
        <dt>{t('bankAccount')}</dt>
        <dd class="nowrap">{bank.account}</dd>
        <dt>{t('bankHolder')}</dt>
        <dd>{bank.holder}</dd>
        <dt>{t('bankReference')}</dt>
        <dd class="nowrap">{number}</dd>
      </dl>
      <p class="quiet">{t('bankTell')}</p>
    </section>
  )
}

export const PlanView = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  return (
    <Layout viewer={viewer} title={t('planTitle', { number: page.number })} live>
      <NumberHeading text="planTitle" number={page.number} t={t} />
      <ErrorSummary problems={page.problems} t={t} />
      <PlanLive page={page} viewer={viewer} />
      {(page.plan === null || page.plan.over) && page.left > 0 && (
        <Start page={page} viewer={viewer} t={t} />
      )}
      <AddPhone page={page} viewer={viewer} t={t} />
      <Bank page={page} t={t} />
      <p class="page-links">
        <a href={page.backPath}>{t('planBack', { number: page.number })}</a>
      </p>
    </Layout>
  )
}

/** What we hold about one customer, for whoever looks after people's rights: having it copied, erased, or kept. */
import { ERASURE_WORDS, needText } from '../domain/erasures.ts'
import type { Viewer } from '../domain/pages.ts'
import type { PersonDataPage } from '../domain/privacy-pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf, ErrorSummary, TextField } from './parts/form.tsx'
import { PeopleNav } from './parts/people-nav.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
const WHY_LENGTH = 200

type Props = { page: PersonDataPage; viewer: Viewer }

const pathOf = ({ person }: PersonDataPage, rest: string) => `/admin/people/${person.id}/${rest}`

const AskForm = ({ page, viewer }: Props) => (
  <form method="post" action={pathOf(page, 'erasure')} novalidate>
    <Csrf viewer={viewer} />
    <TextField
      path="why_erased"
      label="How do you know that it is they who ask?"
      hint="Kept with the wish, for whoever asks later."
      value={page.form['why_erased'] ?? ''}
      maxlength={WHY_LENGTH}
      problems={page.problems}
      t={t}
    />
    <TextField
      path="confirmation"
      label={`Type ${ERASURE_WORDS.en} to confirm`}
      value=""
      problems={page.problems}
      t={t}
    />
    <button type="submit" class="button button-second">
      Erase what we hold about them
    </button>
  </form>
)

const WORDS = {
  taken_back: 'The last wish was taken back.',
  refused: 'The last wish was refused.',
  erasing: 'It is being erased.',
  done: 'It was erased. The number and the sums stay.',
} as const

const Waiting = ({ page: { erasure, now, ...page }, viewer }: Props) => (
  <form method="post" action={pathOf({ erasure, now, ...page }, 'erasure/taking-back')}>
    <p>
      Waits until {erasure && <Time at={erasure.dueAt} now={now} />}
      {erasure && erasure.needs.length > 0 && `; in its way: ${needText(erasure.needs)}`}
    </p>
    <Csrf viewer={viewer} />
    <button type="submit" class="button button-second">
      Take it back for them
    </button>
  </form>
)

const Erasing = (props: Props) => {
  const { erasure, needs, mayErase } = props.page
  const over = erasure?.status === 'erasing' || erasure?.status === 'done'
  return (
    <section class="card" aria-labelledby="erase">
      <h2 id="erase">Erase it</h2>
      {erasure && erasure.status !== 'waiting' && <p>{WORDS[erasure.status]}</p>}
      {!over && (
        <p class="quiet">
          Name, phone, e-mail, addresses and what bookings know of them go for good; sums stay, and
          tax documents name their buyer for five years after the end of their year. They are told
          by mail and can take it back for some days.
        </p>
      )}
      {!over && needs.length > 0 && <p class="notice">In its way now: {needText(needs)}.</p>}
      {erasure?.status === 'waiting' && mayErase && <Waiting {...props} />}
      {!over && erasure?.status !== 'waiting' && mayErase && needs.length === 0 && (
        <AskForm {...props} />
      )}
    </section>
  )
}

const COPY_WORDS = {
  waiting: 'It is about to be made.',
  gathering: 'It is being made.',
  ready: 'The last one is ready, and they were written to.',
  expired: 'The last one was deleted.',
  stopped: 'The last one was stopped.',
} as const

const Copying = ({ page, viewer }: Props) => {
  const { copy, mayCopy } = page
  const isMade = copy?.status === 'waiting' || copy?.status === 'gathering'
  return (
    <section class="card" aria-labelledby="copy">
      <h2 id="copy">Copy it for them</h2>
      {copy && (
        <p>
          {COPY_WORDS[copy.status]}
          {copy.status === 'gathering' && ` ${copy.done} of ${copy.of} parts are gathered.`}
        </p>
      )}
      <p class="quiet">
        All that we hold about them, as PDF and JSON. They are written to, sign in and fetch it
        themselves; nobody who works here can open it.
      </p>
      {mayCopy && !isMade && (
        <form method="post" action={pathOf(page, 'exports')} novalidate>
          <Csrf viewer={viewer} />
          <TextField
            path="why_copied"
            label="How do you know that it is they who ask?"
            hint="Kept with the wish, for whoever asks later."
            value={page.form['why_copied'] ?? ''}
            maxlength={WHY_LENGTH}
            problems={page.problems}
            t={t}
          />
          <button type="submit" class="button button-second">
            Make a copy for them
          </button>
        </form>
      )}
    </section>
  )
}

const Hold = ({ page, viewer }: Props) => (
  <section class="card" aria-labelledby="hold">
    <h2 id="hold">Hold of the law</h2>
    {page.hold ? (
      <p>
        Kept since <Time at={page.hold.setAt} now={page.now} />: {page.hold.why}
      </p>
    ) : (
      <p class="quiet">None: nothing keeps us from erasing it when they ask.</p>
    )}
    {page.mayHold && (
      <form
        method="post"
        action={pathOf(page, page.hold ? 'legal-hold/removal' : 'legal-hold')}
        novalidate
      >
        <Csrf viewer={viewer} />
        <TextField
          path="why_held"
          label={page.hold ? 'Why it is over' : 'Which duty asks us to keep it'}
          hint="No names: a file number is enough."
          value={page.form['why_held'] ?? ''}
          maxlength={WHY_LENGTH}
          problems={page.problems}
          t={t}
        />
        <button type="submit" class="button button-second">
          {page.hold ? 'Lift the hold' : 'Keep it for now'}
        </button>
      </form>
    )}
  </section>
)

export const PersonDataView = (props: Props) => {
  const { page, viewer } = props
  const title = `Data of ${page.person.name || 'a customer without a name'}`
  return (
    <Layout viewer={viewer} title={title} width="wide">
      <PeopleNav viewer={viewer} here="/admin/people" />
      <h1>{title}</h1>
      <p class="lead">
        <a href={`/admin/people/${page.person.id}`}>Back to the account</a>
      </p>
      <ErrorSummary problems={page.problems} t={t} />
      <div class="two-columns">
        <Erasing {...props} />
        <div>
          <Copying {...props} />
          <Hold {...props} />
        </div>
      </div>
    </Layout>
  )
}

/** A customer's choices about offers and news, as the desk reads them out and writes them down. */
import type { ChoiceLine, CustomerChoicesPage } from '../domain/choice-pages.ts'
import type { ChoicePlace, Standing } from '../domain/marketing.ts'
import type { Viewer } from '../domain/pages.ts'
import { Layout } from './layout.tsx'
import { speak } from './language.ts'
import { Csrf } from './parts/form.tsx'
import { DoneNotice } from './parts/notice.tsx'
import { OfferBoxes, offerWords } from './parts/offer-boxes.tsx'
import { Time } from './parts/times.tsx'

const t = speak('en')
type Props = { page: CustomerChoicesPage; viewer: Viewer }

const CHANNELS = { email: 'e-mail', sms: 'SMS' } as const
const STANDINGS: Record<Standing, string> = {
  given: 'yes',
  lapsed: 'yes, but to other words or long ago: ask again',
  withdrawn: 'no',
  never: 'not asked yet',
}
const PLACES: Record<ChoicePlace, string> = {
  registering: 'when they opened the account',
  account: 'on their own page',
  unsubscribe_link: 'by the link in a message',
  desk: 'at the desk',
}

const Now = ({ page }: Props) => (
  <section class="card" aria-labelledby="now">
    <h2 id="now">As it stands</h2>
    <dl class="fact-list">
      {page.rows.map((row) => (
        <>
          <dt>By {CHANNELS[row.channel]}</dt>
          <dd>
            {STANDINGS[row.standing]}
            {row.contact === 'none' && ' (we know none)'}
            {row.contact === 'unproven' && ' (not proven, so nothing is sent)'}
          </dd>
        </>
      ))}
    </dl>
  </section>
)

const Writing = ({ page, viewer }: Props) => (
  <form
    method="post"
    action={`/desk/customers/${page.customer.id}/choices`}
    class="card"
    novalidate
  >
    <h2>Write down what they say</h2>
    <p>
      Read the words out and tick only what they say yes to; take a tick away where they say no.
      Your name stays with it.
    </p>
    <Csrf viewer={viewer} />
    <OfferBoxes
      controller={page.controller}
      ticked={page.rows.filter((row) => row.standing === 'given').map(({ channel }) => channel)}
      note={(channel) => (
        <p class="quiet" lang="sw">
          {offerWords(channel, page.controller, 'sw')}
        </p>
      )}
      t={t}
    />
    <button type="submit" class="button">
      Save what they said
    </button>
  </form>
)

const Line = ({ line, page }: { line: ChoiceLine; page: CustomerChoicesPage }) => (
  <li>
    <p>
      <strong>
        {line.given ? 'Yes' : 'No'}, {CHANNELS[line.channel]}
      </strong>{' '}
      <span class="quiet">
        <Time at={line.chosenAt} now={page.now} />, {PLACES[line.place]}
        {line.chooserName && `, written down by ${line.chooserName}`}
      </span>
    </p>
    {line.given && <p class="quiet">“{line.words}”</p>}
  </li>
)

export const CustomerChoicesView = (props: Props) => {
  const { page, viewer } = props
  const title = `Offers to ${page.customer.name || page.customer.number}`
  return (
    <Layout viewer={viewer} title={title} width="wide">
      <h1>{title}</h1>
      <p class="lead">{page.customer.number}</p>
      <DoneNotice text={page.done && 'choicesSavedFor'} t={t} />
      <div class="two-columns">
        <div>
          <Now {...props} />
          {page.mayChange && <Writing {...props} />}
        </div>
        <section class="card" aria-labelledby="history">
          <h2 id="history">What they have said</h2>
          {page.history.length === 0 && <p class="quiet">Nothing yet, so nothing is sent.</p>}
          <ul class="payments">
            {page.history.map((line) => (
              <Line line={line} page={page} />
            ))}
          </ul>
        </section>
      </div>
    </Layout>
  )
}

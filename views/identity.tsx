/** Pictures of an id and a licence: one's own, or a customer's at the counter. Each is a form by itself, so that one that fails costs no other. */
import { PICTURE_LIMITS, type IdentityDocument } from '../domain/identity-documents.ts'
import type { IdentityCard, IdentityPage } from '../domain/identity-pages.ts'
import type { Viewer } from '../domain/pages.ts'
import { parseTime } from '../domain/time.ts'
import { Layout, voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { control, Csrf, ErrorSummary, FieldFrame, Hidden, TextField } from './parts/form.tsx'
import { Chip, type Tone } from './parts/status-chip.tsx'
import { dayText, Time } from './parts/times.tsx'

const TONES: Record<IdentityDocument['status'], Tone> = {
  received: 'wait',
  accepted: 'good',
  refused: 'attention',
  expired: 'attention',
  replaced: 'ended',
}

export const IdentityChip = ({ document, t }: { document: IdentityDocument | null; t: Say }) =>
  document ? (
    <Chip tone={TONES[document.status]} text={t(`identity_${document.status}`)} />
  ) : (
    <Chip tone="ended" text={t('identity_none')} />
  )

type Props = { page: IdentityPage; viewer: Viewer; t: Say }

/** `2027-01-31` is a day in Nairobi. */
export const lastDay = (day: string, t: Say, now: Date): string => {
  const at = parseTime(`${day}T12:00`)
  return at ? dayText(at, t.language, now) : day
}

const Facts = ({ document, t, now }: { document: IdentityDocument; t: Say; now: Date }) => (
  <>
    <p class="quiet">
      <Time at={document.receivedAt} now={now} language={t.language} />
    </p>
    {document.refusal && <p class="notice">{t(`refusal_${document.refusal}`)}</p>}
    {document.validUntil && <p>{t('goodUntil', { day: lastDay(document.validUntil, t, now) })}</p>}
  </>
)

const LicenceFields = ({ page, wrong, t }: Pick<Props, 'page' | 't'> & { wrong: boolean }) => {
  const problems = wrong ? page.problems : []
  return (
    <>
      <TextField
        path="licence_number"
        label={t('licenceNumber')}
        value={page.licence.number}
        problems={problems}
        optional
        t={t}
      />
      <TextField
        path="licence_expires_on"
        label={t('licenceUntil')}
        value={page.licence.expiresOn}
        type="date"
        problems={problems}
        optional
        t={t}
      />
    </>
  )
}

/** Five forms on one page: each field is called by its kind as well, so that a summary leads to the right one. */
const PictureField = ({ page, card, t }: Pick<Props, 'page' | 't'> & { card: IdentityCard }) => {
  const here = page.wrong === card.kind
  const problems = here ? page.problems.filter(({ path }) => path === 'picture') : []
  const path = here ? 'picture' : `picture.${card.kind}`
  return (
    <FieldFrame path={path} label={t('pictureToSend')} problems={problems} t={t}>
      <input
        {...control({ path, label: '', problems, t })}
        name="picture"
        type="file"
        accept="image/*"
        capture="environment"
        required
      />
    </FieldFrame>
  )
}

const SendForm = ({ page, viewer, t, card }: Props & { card: IdentityCard }) => (
  <form method="post" action={page.path} enctype="multipart/form-data" novalidate>
    <Csrf viewer={viewer} />
    <Hidden name="kind" value={card.kind} />
    <PictureField page={page} card={card} t={t} />
    {card.kind === 'licence_front' && (
      <LicenceFields page={page} wrong={page.wrong === card.kind} t={t} />
    )}
    <button type="submit" class="button button-second">
      {t(card.document ? 'pictureSendOther' : 'pictureSend')}
    </button>
  </form>
)

const Card = (props: Props & { card: IdentityCard }) => {
  const { page, t, card } = props
  const name = t(`kind_${card.kind}`)
  return (
    <section class="card" aria-labelledby={card.kind}>
      <h2 id={card.kind}>{name}</h2>
      <p>
        <IdentityChip document={card.document} t={t} />
      </p>
      {card.document && <Facts document={card.document} t={t} now={page.now} />}
      {card.pictureUrl && (
        <p class="picture">
          <img
            src={card.pictureUrl}
            alt={t('pictureOf', { kind: name })}
            width={card.document?.width}
            height={card.document?.height}
          />
        </p>
      )}
      {page.customer && card.document?.status === 'received' && (
        <p>
          <a href={`/desk/identity-documents/${card.document.id}`}>Look at it</a>
        </p>
      )}
      {page.maySend && <SendForm {...props} />}
    </section>
  )
}

export const IdentityView = ({ page, viewer }: { page: IdentityPage; viewer: Viewer }) => {
  const t = voiceFor(viewer)
  const props = { page, viewer, t }
  const { customer } = page
  const title = customer ? `Id and licence of ${customer.name}` : t('identityTitle')
  return (
    <Layout viewer={viewer} title={title}>
      <h1>{title}</h1>
      <p class="lead">{customer ? `Customer ${customer.number}` : t('identityLead')}</p>
      {page.done && (
        <p class="card notice" role="status">
          {customer ? `Received: ${t(`kind_${page.done}`)}.` : t('pictureReceived')}
        </p>
      )}
      <ErrorSummary problems={page.problems} t={t} />
      <p>{t('identityEither')}</p>
      <p class="quiet">{t('identityRules', { n: PICTURE_LIMITS.megabytes })}</p>
      {page.cards.map((card) => (
        <Card card={card} {...props} />
      ))}
      <p class="page-links">
        {customer ? (
          <a href="/desk/identity-documents">Papers to look at</a>
        ) : (
          <a href="/account/security">{t('accountTitle')}</a>
        )}
      </p>
    </Layout>
  )
}

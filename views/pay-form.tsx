/** One form: which phone, how much. The PIN is never asked here. */
import { formatKes, readShillings, toDecimal, type Cents } from '../domain/money.ts'
import type { PayFormPage } from '../domain/charge-pages.ts'
import type { PartyShare, Viewer } from '../domain/pages.ts'
import type { Say, TextKey } from './language.ts'
import { hasOpenPayment } from './pay-news.tsx'
import { Csrf, Hidden, SelectField, TextField } from './parts/form.tsx'
import { Shape } from './parts/status-chip.tsx'

type Props = { page: PayFormPage; viewer: Viewer; t: Say }

const wholeShillings = (amount: Cents): string => toDecimal(amount).replace(/\.00$/, '')

/** What a party still owes, never more than the balance. */
const leftOf = (party: PartyShare, balance: Cents): Cents =>
  Math.max(0, Math.min(balance, party.share - party.paid)) as Cents

type PresetProps = { amount: Cents; text: string }

const Preset = ({ amount, text }: PresetProps) => (
  <button type="button" class="preset" data-amount={wholeShillings(amount)}>
    {text}
  </button>
)

const Presets = ({ page, t }: { page: PayFormPage; t: Say }) => {
  const { balance } = page.booking
  const share = leftOf(page.party, balance)
  const several = share > 0 && share < balance
  if (!several) return null
  return (
    <p class="presets">
      <Preset amount={share} text={t('setShare', { amount: formatKes(share) })} />
      <Preset amount={balance} text={t('setAll', { amount: formatKes(balance) })} />
    </p>
  )
}

const optionText = (party: PartyShare, balance: Cents, t: Say): string => {
  const left = leftOf(party, balance)
  return t(left > 0 ? 'shareOption' : 'shareOptionDone', {
    name: party.name,
    left: formatKes(left),
  })
}

const ForWhom = ({ page, t }: { page: PayFormPage; t: Say }) => {
  const { parties, balance } = page.booking
  if (parties.length < 2 || page.declinePath !== null)
    return <Hidden name="party_id" value={page.form.partyId} />
  return (
    <SelectField
      path="party_id"
      label={t('payForWhom')}
      value={page.form.partyId}
      options={parties.map((party) => ({
        value: party.id,
        text: optionText(party, balance, t),
      }))}
      problems={page.problems}
      t={t}
    />
  )
}

const Fields = ({ page, viewer, t }: Props) => {
  const { form, problems, booking } = page
  const typed = readShillings(form.amount)
  return (
    <form
      method="post"
      action={page.postPath}
      class="pay-form"
      id="pay-form"
      novalidate
      data-label={t('payAmountButton')}
      data-plain={t('payButton')}
    >
      <Csrf viewer={viewer} />
      <Hidden name="payment_id" value={form.paymentId} />
      <ForWhom page={page} t={t} />
      <TextField
        path="phone"
        label={t('payPhone')}
        hint={t('payPhoneHint')}
        value={form.phone}
        type="tel"
        inputmode="tel"
        autocomplete="tel"
        problems={problems}
        t={t}
      />
      <TextField
        path="amount"
        label={t('payAmount')}
        hint={t('payAmountHint', { most: formatKes(booking.balance) })}
        value={form.amount}
        inputmode="numeric"
        class="amount"
        problems={problems}
        t={t}
      />
      <Presets page={page} t={t} />
      <button type="submit" class="button button-wide" id="pay-button">
        {typed === null ? t('payButton') : t('payAmountButton', { amount: formatKes(typed) })}
      </button>
      <p class="quiet">{t('paySafe')}</p>
    </form>
  )
}

/** Somebody who came by a link and owes nothing more, or said no, is told so and not asked again. */
const nothingAsked = ({ party, declinePath }: PayFormPage): 'sharePaid' | 'youDeclined' | null => {
  if (declinePath === null) return null
  if (party.share > 0 && party.paid >= party.share) return 'sharePaid'
  return party.declined ? 'youDeclined' : null
}

type FoldedProps = Props & { summary: TextKey; said?: TextKey | undefined }

const Folded = ({ summary, said, ...props }: FoldedProps) => {
  const { page, t } = props
  return (
    <>
      {said && (
        <p class="card said" id="pay-said">
          <Shape tone={said === 'sharePaid' ? 'good' : 'ended'} /> {t(said)}
        </p>
      )}
      <details class="card fold" id="pay-more" open={page.problems.length > 0}>
        <summary>{t(summary)}</summary>
        <Fields {...props} />
      </details>
    </>
  )
}

/** While a request is open the form steps back: another phone may pay, the same one must answer first. */
export const PayForm = (props: Props) => {
  const { page, t } = props
  if (hasOpenPayment(page.booking)) return <Folded {...props} summary="payMore" />
  const said = nothingAsked(page)
  if (said) {
    const summary = said === 'sharePaid' ? 'payForOthers' : 'payAnyway'
    return <Folded {...props} summary={summary} said={said} />
  }
  return (
    <section class="card" id="pay-section" aria-labelledby="pay-heading">
      <h2 id="pay-heading">{t('payHeading')}</h2>
      <Fields {...props} />
    </section>
  )
}

/** A stuck refund that somebody pays by hand: writing it down, and the second person's word. */
import { speak } from '../language.ts'
import { TextField } from './form.tsx'
import { field, RefundDeed as Deed, type RefundProps as Props } from './refund-deed.tsx'
import { Time } from './times.tsx'

const t = speak('en')

export const PaidByHand = (props: Props) => (
  <>
    <Deed {...props} deed="retry" title="Try again" button="Try again">
      <p class="quiet">What M-Pesa said meanwhile is read first, so nothing is paid twice.</p>
    </Deed>
    <Deed
      {...props}
      deed="resolve"
      title="Paid back by hand"
      button="Write it down"
      look="button-second"
    >
      {props.page.handNeedsTwo && (
        <p class="notice">It is above the limit, so another person must agree to it.</p>
      )}
      {field(props.page, 'reason', 'How it was paid back')}
      {field(props.page, 'reference', 'Reference', 'Of the bank or the card.')}
      <TextField
        path="receipt"
        label="M-Pesa’s receipt"
        hint="Where it was sent by M-Pesa; then it is the reference, too."
        value=""
        optional
        problems={props.page.problems}
        t={t}
      />
    </Deed>
  </>
)

const Agree = (props: Props) => {
  const { hand, mayAgreeToHand } = props.page
  if (hand?.status === 'agreed')
    return (
      <Deed {...props} deed="hand-yes" title="Two people say so" button="Write it into the books">
        <p class="quiet">Press it again only when this page still shows it after a minute.</p>
      </Deed>
    )
  if (hand?.status !== 'waiting') return null
  if (!mayAgreeToHand)
    return (
      <p class="notice">
        You wrote this down or asked for the refund, so somebody else must agree.
      </p>
    )
  return (
    <Deed {...props} deed="hand-yes" title="Agree" button="Yes, it was paid back">
      <p class="quiet">Only after you, too, have seen this reference at the bank or at M-Pesa.</p>
    </Deed>
  )
}

/** What somebody wrote down, as the second person sees it before they say yes or no. */
export const SaidByHand = (props: Props) => {
  const { hand, now } = props.page
  if (!hand) return null
  const isTwice = hand.status === 'overtaken'
  return (
    <>
      <section class="card" aria-labelledby="said-by-hand">
        <h2 id="said-by-hand">
          {isTwice ? 'It may have been paid twice' : 'Somebody paid it by hand'}
        </h2>
        {isTwice && (
          <p class="notice">M-Pesa has paid it as well. Get one of the two payments back.</p>
        )}
        <p>
          {hand.askedByName}, <Time at={hand.askedAt} now={now} />: {hand.how}
        </p>
        <p>
          Reference: <span class="nowrap">{hand.reference}</span>
        </p>
      </section>
      <Agree {...props} />
      <Deed
        {...props}
        deed="hand-no"
        title={isTwice ? 'One of the two is back' : 'It was not paid'}
        button={isTwice ? 'It is settled' : 'It was not paid by hand'}
        look="button-second"
      >
        {field(props.page, 'note', isTwice ? 'How it was settled' : 'What is wrong')}
      </Deed>
    </>
  )
}

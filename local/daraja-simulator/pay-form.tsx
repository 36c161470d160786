import { z } from 'zod'

/** What a customer types to pay a business by hand. */
export const payFormSchema = z.object({
  paybill: z.string().regex(/^\d{5,8}$/, 'A business number has 5 to 8 digits.'),
  account: z.string().trim().max(20, 'An account has at most 20 signs.'),
  amount: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'The amount is in whole shillings.')
    .transform(Number),
})

type Typed = Partial<Record<'paybill' | 'account' | 'amount', string>>
type Props = { msisdn: string; paybill: string; typed?: Typed; problem?: string | undefined }

/** Lipa na M-Pesa, Pay Bill: stands beside the phone, because a drawn screen has no room for it. */
export const PayForm = ({ msisdn, paybill, typed = {}, problem }: Props) => (
  <form class="card new pay" method="post" action={`/phones/${msisdn}/pay`}>
    <h2>Pay a business</h2>
    {problem && (
      <p class="error" id="pay-problem" role="alert">
        {problem}
      </p>
    )}
    <label>
      Paybill number
      <input
        name="paybill"
        inputmode="numeric"
        required
        autocomplete="off"
        value={typed.paybill ?? paybill}
      />
    </label>
    <label>
      Account number
      <input
        name="account"
        autocomplete="off"
        maxlength={20}
        placeholder="The booking’s number"
        value={typed.account ?? ''}
      />
    </label>
    <label>
      Amount, KSh
      <input
        name="amount"
        inputmode="numeric"
        required
        autocomplete="off"
        value={typed.amount ?? ''}
      />
    </label>
    <button type="submit">Pay</button>
    <p class="hint">No PIN is asked here. M-Pesa’s message arrives on the phone.</p>
  </form>
)

/** What the pages of opening an account show. */
import type { FieldProblem } from './errors.ts'
import type { MarketingChannel } from './marketing.ts'
import type { RegisterForm } from './pages.ts'

/** The same whoever has an account; what was typed goes along for whoever wants to correct it. */
export type MailSentPage = {
  form: RegisterForm
  email: string
  ticked: readonly MarketingChannel[]
  next: string
}

export type OpeningPage =
  | {
      state: 'waiting'
      path: string
      name: string
      email: string
      maskedPhone: string
      /** In another browser than the one in which it was typed. */
      asksPassword: boolean
      problems: FieldProblem[]
    }
  /** `over` also for links that we never made; `taken`: somebody was quicker. */
  | { state: 'over' | 'taken' }

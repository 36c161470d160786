/** The words of messages about credit alone; `{number}` is M-Pesa's receipt, `{total}` the whole credit. */
import type { CreditTemplate } from './credit-notices.ts'
import { both, useful, vital, type Wording } from './notification-lines.ts'

export const CREDIT_TEMPLATES = [
  'credited',
  'credit_kept',
  'credit_added',
] as const satisfies CreditTemplate[]

export const CREDIT_WORDING: Record<CreditTemplate, { en: Wording; sw: Wording }> = {
  credited: {
    en: both(
      '{amount} is your credit',
      vital('Your M-Pesa payment {number} of {amount} is now your credit.'),
      vital('Keep it for your next booking, or have it sent back to your M-Pesa.'),
      useful('Your whole credit is {total}.'),
    ),
    sw: both(
      '{amount} ni salio lako',
      vital('Malipo yako ya M-Pesa {number} ya {amount} sasa ni salio lako.'),
      vital('Liweke kwa nafasi ijayo, au urudishiwe kwa M-Pesa yako.'),
      useful('Salio lako lote ni {total}.'),
    ),
  },
  credit_added: {
    en: both(
      '{amount} is added to your credit',
      vital('We added {amount} to your credit.'),
      vital('Keep it for your next booking, or have it sent to your M-Pesa.'),
      useful('Your whole credit is {total}.'),
    ),
    sw: both(
      '{amount} imeongezwa kwenye salio lako',
      vital('Tumeongeza {amount} kwenye salio lako.'),
      vital('Liweke kwa nafasi ijayo, au utumiwe kwa M-Pesa yako.'),
      useful('Salio lako lote ni {total}.'),
    ),
  },
  credit_kept: {
    en: both(
      '{amount} stays your credit',
      vital('We could not agree to send {amount} back to you. It stays your credit.'),
      vital('Keep it for your next booking, or ask our desk.'),
      useful('Your whole credit is {total}.'),
    ),
    sw: both(
      '{amount} inabaki salio lako',
      vital('Hatukuweza kukubali kukurudishia {amount}. Inabaki salio lako.'),
      vital('Litumie kwa nafasi ijayo, au uliza ofisi yetu.'),
      useful('Salio lako lote ni {total}.'),
    ),
  },
}

/** One thing that can be done about a refund: its form. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../../domain/pages.ts'
import type { RefundPage } from '../../domain/refund-pages.ts'
import { speak } from '../language.ts'
import { Csrf, TextField } from './form.tsx'

const t = speak('en')
export type RefundProps = { page: RefundPage; viewer: Viewer }

type DeedProps = RefundProps & {
  deed: string
  title: string
  button: string
  look?: 'button-second' | 'button-danger'
  children?: Child
}

export const RefundDeed = ({ page, viewer, deed, title, button, look, children }: DeedProps) => (
  <section class="card" aria-labelledby={`deed-${deed}`}>
    <h2 id={`deed-${deed}`}>{title}</h2>
    <form method="post" action={`/finance/refunds/${page.refund.id}/${deed}`}>
      <Csrf viewer={viewer} />
      {children}
      <button type="submit" class={look ? `button ${look}` : 'button'}>
        {button}
      </button>
    </form>
  </section>
)

/** A field of a form about this refund. */
export const field = (page: RefundPage, path: string, label: string, hint?: string) => (
  <TextField path={path} label={label} hint={hint} value="" problems={page.problems} t={t} />
)

/** What only our staff see of a charge: taking money for it, and ending it. */
import type { ChargePage } from '../../domain/charge-pages.ts'
import type { Viewer } from '../../domain/pages.ts'
import { Csrf } from './form.tsx'

/** Folded away, so that no slip of the finger sends money back. */
const Cancel = ({ path, page, viewer }: { path: string; page: ChargePage; viewer: Viewer }) => (
  <details class="card fold cancel">
    <summary>Cancel this charge</summary>
    <form method="post" action={path}>
      <Csrf viewer={viewer} />
      <p>Nobody can pay it any more, and whatever has been paid goes back to whoever paid it.</p>
      <button type="submit" class="button button-danger">
        {`Cancel ${page.booking.number}`}
      </button>
    </form>
  </details>
)

export const ChargeDeskCard = ({ page, viewer }: { page: ChargePage; viewer: Viewer }) => (
  <>
    {page.takePath && (
      <section class="card" aria-labelledby="at-the-desk">
        <h2 id="at-the-desk">At the desk</h2>
        <p>Cash, a card, a bank transfer, a company’s account or the customer’s credit.</p>
        <a class="button button-second" href={page.takePath}>
          Take payment at the desk
        </a>
      </section>
    )}
    {page.cancelPath && <Cancel path={page.cancelPath} page={page} viewer={viewer} />}
  </>
)

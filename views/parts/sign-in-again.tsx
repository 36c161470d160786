/** So that nobody does a grave deed of one's own data with a browser that stands open. */
import type { Viewer } from '../../domain/pages.ts'
import type { Say } from '../language.ts'
import { Csrf } from './form.tsx'

export const SignInAgain = ({ viewer, t }: { viewer: Viewer; t: Say }) => (
  <form method="post" action="/account/data/again">
    <p>{t('eraseAgain')}</p>
    <Csrf viewer={viewer} />
    <button type="submit" class="button button-second">
      {t('eraseAgainButton')}
    </button>
  </form>
)

/** Passkeys need a script: without one, or in a browser that has none, the page offers its other ways. */
import type { Viewer } from '../../domain/pages.ts'
import { addressOf } from '../files.ts'
import type { Say } from '../language.ts'

type Props = {
  deed: 'register' | 'sign_in'
  text: string
  next: string
  viewer: Pick<Viewer, 'csrf'>
  t: Say
}

export const PasskeyButton = ({ deed, text, next, viewer, t }: Props) => (
  <div class="passkey" data-deed={deed} data-next={next} data-csrf={viewer.csrf}>
    {deed === 'register' && <p class="quiet passkey-none">{t('passkeyNeedsScript')}</p>}
    <p class="field-error" role="alert" hidden>
      {t('passkeyFailed')}
    </p>
    <button type="button" class="button button-second button-wide" hidden>
      {text}
    </button>
  </div>
)

export const PasskeyScript = () => (
  <>
    <script src={addressOf('webauthn.js')} defer />
    <script src={addressOf('passkeys.js')} defer />
  </>
)

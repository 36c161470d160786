/** A copy of all that we hold: asking for it, watching it being made, fetching it. What changes by itself lives in `CopyLive`. */
import type { Viewer } from '../domain/pages.ts'
import type { CopyPage, CopyState } from '../domain/privacy-pages.ts'
import { timeText } from '../domain/time-words.ts'
import { voiceFor } from './layout.tsx'
import type { Say } from './language.ts'
import { Csrf } from './parts/form.tsx'
import { SignInAgain } from './parts/sign-in-again.tsx'

const PATH = '/account/data'
type Props = { page: CopyPage; viewer: Viewer }
type Part = Props & { t: Say }

export const isUnderWay = ({ copy }: Pick<CopyPage, 'copy'>): boolean =>
  copy?.status === 'waiting' || copy?.status === 'gathering'

/** Names what the live part shows; while it would be the same the server says 204. */
export const copyVersion = ({ copy }: Pick<CopyPage, 'copy'>): string =>
  copy ? `${copy.status}.${copy.done}` : ''

const AskForm = ({ page, viewer, t }: Part) => (
  <form method="post" action={`${PATH}/exports`}>
    <Csrf viewer={viewer} />
    <button type="submit" class="button button-second">
      {t(page.copy?.status === 'ready' ? 'copyAgainButton' : 'copyButton')}
    </button>
  </form>
)

const Made = ({ copy, t }: { copy: NonNullable<CopyState>; t: Say }) => {
  const words = t('copyProgress', { done: copy.done, of: copy.of })
  return (
    <>
      <p class="notice" role="status">
        {t('copyWaiting')}
      </p>
      <progress class="bar" max={copy.of} value={copy.done} aria-label={words} />
      <p class="quiet">{words}</p>
      <p>
        <a href={PATH}>{t('refresh')}</a>
      </p>
    </>
  )
}

const Files = ({ copy, t }: { copy: NonNullable<CopyState>; t: Say }) => (
  <p class="row-links">
    <a class="button" href={`${PATH}/exports/${copy.id}/pdf`}>
      {t('copyPdf')}
    </a>{' '}
    <a class="button button-second" href={`${PATH}/exports/${copy.id}/json`}>
      {t('copyJson')}
    </a>
  </p>
)

const Now = (props: Part) => {
  const { page, viewer, t } = props
  const { copy, fresh, now } = page
  if (page.worksHere) return <p>{t('copyStaff')}</p>
  if (copy && isUnderWay(page)) return <Made copy={copy} t={t} />
  const ready = copy?.status === 'ready' ? copy : null
  return (
    <>
      {ready?.expiresAt && (
        <p class="notice" role="status">
          {t('copyReady', { time: timeText(ready.expiresAt, t.language, now) })}
        </p>
      )}
      {ready && fresh && <Files copy={ready} t={t} />}
      {copy && !ready && <p>{t('copyOver')}</p>}
      <p>{t('copyText')}</p>
      <p>{t('copyOthers')}</p>
      {fresh ? <AskForm {...props} /> : <SignInAgain viewer={viewer} t={t} />}
    </>
  )
}

export const CopyLive = ({ page, viewer }: Props) => {
  const t = voiceFor(viewer)
  const asks = isUnderWay(page)
    ? {
        'hx-get': `${PATH}/live?v=${encodeURIComponent(copyVersion(page))}`,
        'hx-trigger': 'every 1s',
        'hx-swap': 'outerMorph',
      }
    : {}
  return (
    <div id="copy-live" class="pay-live" aria-live="polite" {...asks}>
      <Now page={page} viewer={viewer} t={t} />
    </div>
  )
}

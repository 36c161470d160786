/** What happened, newest first; raw details stay folded. */
import type { TimelineEntry } from '../../domain/pages.ts'
import { sentenceIn, type Say } from '../language.ts'
import { Time } from './times.tsx'

type Props = { entries: TimelineEntry[]; t: Say; now: Date }

export const Timeline = ({ entries, t, now }: Props) => {
  if (entries.length === 0) return <p class="quiet">{t('nothingHappened')}</p>
  const newestFirst = [...entries].sort((a, b) => b.at.getTime() - a.at.getTime())
  return (
    <ol class="timeline">
      {newestFirst.map(({ at, what, who, detail }) => (
        <li>
          <p class="timeline-what">{sentenceIn(t.language, what)}</p>
          <p class="timeline-when">
            <Time at={at} language={t.language} now={now} />
            {who !== '' && `, ${sentenceIn(t.language, who)}`}
          </p>
          {detail && (
            <details class="fold">
              <summary>{t('details')}</summary>
              <pre>{detail}</pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  )
}

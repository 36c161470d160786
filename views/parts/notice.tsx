/** What was just done, said on top of the page to which somebody comes back. */
import type { Say, TextKey } from '../language.ts'

export const DoneNotice = ({ text, t }: { text: TextKey | null; t: Say }) =>
  text === null ? null : (
    <p class="card notice" role="status">
      {t(text)}
    </p>
  )

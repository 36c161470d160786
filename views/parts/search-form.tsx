/** A search by one box, in all rooms of the staff. What filters the list already is given as hidden children. */
import type { Child } from 'hono/jsx'

type Props = { action: string; label: string; search: string; children?: Child }

export const SearchForm = ({ action, label, search, children }: Props) => (
  <form action={action} method="get" class="desk-search" role="search">
    {children}
    <label for="q">{label}</label>
    <div class="input-row">
      <input id="q" name="q" type="search" value={search} autocomplete="off" />
      <button type="submit" class="button button-small">
        Search
      </button>
    </div>
  </form>
)

import type { Moods } from '../moods.ts'
import { PRESETS } from './presets.ts'

const groups = () => {
  const all = Object.entries(PRESETS)
  const names = new Set(all.map(([, { group }]) => group))
  return [...names].map((name) => ({
    name,
    presets: all.filter(([, { group }]) => group === name),
  }))
}

/** Daraja's bad days by name. */
export const NewMood = () => (
  <form class="card new" method="post" action="/_control/presets">
    <h2>Set a mood</h2>
    <label>
      What goes wrong
      <select name="preset">
        {groups().map(({ name, presets }) => (
          <optgroup label={name}>
            {presets.map(([key, { label }]) => (
              <option value={key}>{label}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
    <Scope />
    <label>
      How often
      <select name="once">
        <option value="yes">Once</option>
        <option value="no">Until taken away</option>
      </select>
    </label>
    <button type="submit">Set this mood</button>
  </form>
)

/** Any combination of fields, as the control API takes them. */
export const OwnMood = () => (
  <form class="card new" method="post" action="/_control/own-mood">
    <h2>Any other mood</h2>
    <label>
      Fields as JSON
      <textarea
        name="mood"
        rows={4}
        required
        spellcheck={false}
        placeholder={'{"resultCode": 1036, "callbackDelayMs": 5000, "times": 2}'}
      ></textarea>
    </label>
    <Scope />
    <button type="submit">Set this mood</button>
    <p class="hint">
      <a href="/_control/api">All fields, and everything else the control API can do</a>
    </p>
  </form>
)

const Scope = () => (
  <>
    <label>
      For whom
      <select name="scope">
        <option value="global">Everybody</option>
        <option value="phone">One phone</option>
        <option value="amount">One amount</option>
      </select>
    </label>
    <label>
      Number or amount
      <input name="value" autocomplete="off" placeholder="0712 345 678 or 4500" />
    </label>
  </>
)

export const HeldMoods = ({ moods }: { moods: Moods }) => {
  const held = Object.entries(moods.all())
  return (
    <section class="card">
      <h2>In force</h2>
      {held.length === 0 && (
        <p class="lead">Daraja is well. Every call is answered as it should be.</p>
      )}
      <ul>
        {held.map(([key, mood]) => (
          <li>
            <span>
              <strong>{key}</strong> <code>{JSON.stringify(mood)}</code>
            </span>
            <form method="post" action="/_control/presets/clear">
              <button class="plain small" name="key" value={key}>
                Take away
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

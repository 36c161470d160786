/** Above the wall: what it is for, and the way to any other phone. */
export const Intro = ({ typed, error }: { typed: string; error: string | null }) => (
  <div class="intro">
    <div>
      <h1>Customers’ phones</h1>
      <p class="lead">
        When Gari asks for money, the prompt rings here. Type the PIN that stands under the phone.
      </p>
    </div>
    <form class="other" action="/phones" method="get">
      <label for="number">Use any other number</label>
      <div class="field">
        <input
          id="number"
          name="number"
          inputmode="tel"
          autocomplete="off"
          placeholder="0712 345 678"
          value={typed}
          required
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'number-error' : undefined}
        />
        <button type="submit">Open phone</button>
      </div>
      {error && (
        <p class="error" id="number-error" role="alert">
          {error}
        </p>
      )}
      <p class="hint">
        Its PIN is 1234. <a href="/_control">Daraja’s moods and its ledger</a>
      </p>
    </form>
  </div>
)

import { formatClock } from '../../domain/time.ts'
import type { Prompt } from './prompts.ts'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'back']
const KEY_NAMES: Record<string, string> = { clear: 'C', back: '⌫' }
const KEY_LABELS: Record<string, string> = { clear: 'Clear', back: 'Delete last digit' }

type PromptProps = { msisdn: string; from: 'wall' | 'phone'; prompt: Prompt }

/** M-Pesa's question with its PIN pad; the pad's keys need the script, the field does not. */
export const PromptForm = ({ msisdn, from, prompt }: PromptProps) => {
  if (prompt.stage === 'processing')
    return <p class="sheet busy">Sent. Waiting for M-Pesa to confirm…</p>
  return (
    <form
      class="sheet"
      id={`prompt-${prompt.checkoutRequestId}`}
      method="post"
      action={`/phones/${msisdn}/answer`}
      hx-post={`/phones/${msisdn}/answer`}
      hx-target={`#phone-${msisdn}`}
      hx-swap="outerMorph"
    >
      <input type="hidden" name="from" value={from} />
      <p class="ask">{prompt.text}</p>
      <label for={`pin-${msisdn}`}>Enter PIN</label>
      <input
        id={`pin-${msisdn}`}
        class="pin"
        name="pin"
        type="password"
        inputmode="numeric"
        autocomplete="off"
        pattern="\d{4}"
        title="four digits"
        maxlength={4}
        required
      />
      <div class="pad">
        {KEYS.map((key) => (
          <button type="button" data-key={key} aria-label={KEY_LABELS[key]}>
            {KEY_NAMES[key] ?? key}
          </button>
        ))}
      </div>
      <div class="choice">
        {/* Sending stands first: the Enter key presses a form's first button. */}
        <button type="submit" class="send">
          Send
        </button>
        <button type="submit" name="cancel" value="yes" class="plain" formnovalidate>
          Cancel
        </button>
      </div>
      {prompt.lapsesAt && (
        <p class="lapse" data-lapses={prompt.lapsesAt.toISOString()}>
          until {formatClock(prompt.lapsesAt)}
        </p>
      )}
    </form>
  )
}

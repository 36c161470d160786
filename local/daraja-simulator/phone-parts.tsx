import { formatClock, formatTime } from '../../domain/time.ts'
import type { HandsetView } from './handset-view.ts'
import { PromptForm } from './prompt-form.tsx'
import { kes, type Sms } from './texts.ts'

type Props = { view: HandsetView; from: 'wall' | 'phone'; messageLimit?: number | undefined }

/** One drawn phone. Its forms name it as their target, so a script swaps this phone and nothing else. */
export const Phone = ({ view, from, messageLimit }: Props) => {
  const { msisdn, name, on, prompt } = view
  const state = on ? (prompt ? 'ringing' : 'idle') : 'off'
  return (
    <article class={`phone ${state}`} id={`phone-${msisdn}`} aria-labelledby={`name-${msisdn}`}>
      <div class="screen">
        <StatusBar on={on} />
        {on ? <Screen view={view} from={from} messageLimit={messageLimit} /> : <OffScreen />}
      </div>
      <div class="label">
        {from === 'wall' ? (
          <h2 id={`name-${msisdn}`}>
            <a href={`/phones/${msisdn}`}>{name}</a>
          </h2>
        ) : (
          <h1 id={`name-${msisdn}`}>{name}</h1>
        )}
        <p>
          {view.spoken} · PIN <strong>{view.pin}</strong>
        </p>
        {view.autopilot && <p class="pilot">Answers by itself: {view.autopilot}</p>}
        <Hand view={view} from={from} action="switch" field="on" value={on ? 'no' : 'yes'}>
          {on ? 'Switch off' : 'Switch on'}
        </Hand>
        {view.locked && (
          <Hand view={view} from={from} action="unlock" field="unlock" value="yes">
            Unlock PIN
          </Hand>
        )}
      </div>
    </article>
  )
}

const StatusBar = ({ on }: { on: boolean }) => (
  <svg class="bar" viewBox="0 0 240 16" role="img" aria-label={on ? 'Phone is on' : 'Phone is off'}>
    <rect x="96" y="3" width="48" height="8" rx="4" class="camera" />
    {on && (
      <g class="signal">
        <path d="M8 12v-2M12 12V8M16 12V6M20 12V4" />
        <rect x="212" y="4" width="18" height="9" rx="2" fill="none" />
        <rect x="214" y="6" width="11" height="5" class="charge" />
      </g>
    )}
  </svg>
)

const OffScreen = () => <p class="dark">Switched off. M-Pesa cannot reach this phone.</p>

const Screen = ({ view, from, messageLimit }: Props) => (
  <>
    <p class="balance">
      <span>M-Pesa</span>
      <strong>{kes(view.balance)}</strong>
    </p>
    {view.locked && <p class="locked">PIN locked after three wrong ones.</p>}
    <div class="inbox">
      <Messages messages={view.messages.slice(0, messageLimit)} />
    </div>
    <div class="alert" aria-live="assertive">
      {view.prompt && <PromptForm msisdn={view.msisdn} from={from} prompt={view.prompt} />}
    </div>
  </>
)

const Messages = ({ messages }: { messages: Sms[] }) => {
  if (messages.length === 0) return <p class="none">No messages yet.</p>
  return (
    <ol>
      {messages.map(({ at, text }) => (
        <li>
          <p>
            <b>MPESA</b>{' '}
            <time datetime={at.toISOString()} title={formatTime(at)}>
              {formatClock(at)}
            </time>
          </p>
          {text}
        </li>
      ))}
    </ol>
  )
}

type HandProps = Omit<Props, 'messageLimit'> & {
  action: string
  field: string
  value: string
  children: string
}

const Hand = ({ view: { msisdn }, from, action, field, value, children }: HandProps) => (
  <form
    method="post"
    action={`/phones/${msisdn}/${action}`}
    hx-post={`/phones/${msisdn}/${action}`}
    hx-target={`#phone-${msisdn}`}
    hx-swap="outerMorph"
  >
    <input type="hidden" name="from" value={from} />
    <button class="plain small" name={field} value={value}>
      {children}
    </button>
  </form>
)

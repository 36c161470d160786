import { z } from 'zod'
import { settingsSchema, type Settings } from '../settings.ts'

type Field = { type?: string; enum?: string[]; description?: string }

const FIELDS = Object.entries(z.toJSONSchema(settingsSchema, { io: 'input' }).properties ?? {}) as [
  keyof Settings,
  Field,
][]

/** `promptDelayMs`: "Prompt delay, ms". */
const labelOf = (name: string): string => {
  const words = name
    .replace(/Ms$/, ', ms')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/c2b/i, 'C2B')
}

/** Every setting there is: the form follows the schema, so that none is forgotten. */
export const SettingsForm = ({ settings }: { settings: Settings }) => (
  <details class="card wide">
    <summary>
      <h2>Settings</h2>
    </summary>
    <form class="settings" method="post" action="/_control/all-settings">
      {FIELDS.map(([name, field]) => (
        <label>
          {labelOf(name)}
          <Input name={name} field={field} value={settings[name]} />
          {field.description && <span class="hint">{field.description}</span>}
        </label>
      ))}
      <button type="submit">Save all settings</button>
    </form>
  </details>
)

type InputProps = { name: string; field: Field; value: unknown }

const Input = ({ name, field, value }: InputProps) => {
  const choices = field.type === 'boolean' ? ['true', 'false'] : field.enum
  if (choices)
    return (
      <select name={name}>
        {choices.map((choice) => (
          <option value={choice} selected={choice === String(value)}>
            {NAMES[choice] ?? choice}
          </option>
        ))}
      </select>
    )
  const isNumber = field.type === 'integer'
  return (
    <input
      name={name}
      autocomplete="off"
      inputmode={isNumber ? 'numeric' : undefined}
      value={isNumber ? String(value) : JSON.stringify(value)}
    />
  )
}

const NAMES: Record<string, string> = { true: 'Yes', false: 'No' }

/** What the form sends, in the types of the schema; anything but a choice is JSON. */
export const readSettingsForm = (form: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    FIELDS.flatMap(([name, field]) => {
      const text = form[name]
      if (typeof text !== 'string') return []
      return [[name, field.enum ? text : parse(text)] as const]
    }),
  )

/** What is no JSON stays a text, for the schema to complain about. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

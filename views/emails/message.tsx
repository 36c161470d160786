/** The HTML version of a message. Mail readers have no stylesheets, so the few styles stand inline. */
import { html } from 'hono/html'
import type { Message } from '../../domain/notifications.ts'

const PAGE = 'margin:0;padding:24px 12px;background:#fbf9f4;color:#1d1f18;'
const FONT = 'font:16px/1.5 -apple-system,"Segoe UI",Roboto,Arial,sans-serif;'
const CARD =
  'max-width:520px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #dedbd0;border-radius:10px;'
const BRAND = 'margin:0 0 16px;font-size:28px;font-weight:700;color:#0b6e4f;'
const BUTTON =
  'display:inline-block;padding:12px 24px;background:#0b6e4f;color:#ffffff;border-radius:10px;font-weight:600;text-decoration:none;'
const BYE = { en: 'Safe travels,', sw: 'Safari njema,' } as const

const Mail = ({ message, language }: { message: Message; language: 'en' | 'sw' }) => (
  <html lang={language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{message.subject}</title>
    </head>
    <body style={PAGE + FONT}>
      <div style={CARD}>
        <p style={BRAND}>gari</p>
        {message.paragraphs.map((paragraph) => (
          <p style="margin:0 0 12px;">{paragraph}</p>
        ))}
        {/^https?:\/\//.test(message.button.link) && (
          <p style="margin:24px 0;">
            <a style={BUTTON} href={message.button.link}>
              {message.button.text}
            </a>
          </p>
        )}
        <p style="margin:0;color:#5c6053;">
          {BYE[language]}
          <br />
          gari
        </p>
      </div>
    </body>
  </html>
)

/** A whole HTML document for the mail's `html` part. */
export const renderMail = async (message: Message, language: 'en' | 'sw'): Promise<string> => {
  const page = await html`<!doctype html>${(<Mail message={message} language={language} />)}`
  return page.toString()
}

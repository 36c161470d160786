/** Opening an account: a mail was sent, and what is behind its link. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../../domain/pages.ts'
import type { MailSentPage, OpeningPage } from '../../domain/registering-pages.ts'
import { MailSentView, OpeningView } from '../../views/registering.tsx'
import * as s from './samples.ts'

export const registeringPages = (viewer: Viewer, hostile: string | null): Record<string, Child> => {
  const guest = { ...viewer, signedIn: false, path: '/register' }
  const email = hostile ?? 'wanjiku.kamau@example.com'
  const form = { firstName: hostile ?? 'Wanjiku', lastName: 'Kamau', email, phone: '0712 345 678' }
  const sent: MailSentPage = { form, email, ticked: ['email'], next: '/book?category=SUV' }
  const waiting: OpeningPage = {
    state: 'waiting',
    path: '/register/x/y',
    name: hostile ?? s.LONG_NAME,
    email,
    maskedPhone: '0712 *** 678',
    asksPassword: false,
    problems: [],
  }
  const wrong = [
    { path: 'password', message: 'This is not the password that was chosen for this account.' },
  ]
  return {
    'register-sent': <MailSentView page={sent} viewer={guest} />,
    'register-opening': <OpeningView page={waiting} viewer={guest} />,
    'register-elsewhere': (
      <OpeningView page={{ ...waiting, asksPassword: true, problems: wrong }} viewer={guest} />
    ),
    'register-over': <OpeningView page={{ state: 'over' }} viewer={guest} />,
    'register-taken': <OpeningView page={{ state: 'taken' }} viewer={guest} />,
  }
}

/** Register, sign in, and the one-time code. */
import type { Text } from '../language.ts'

export const accountTexts = {
  registerTitle: ['Open an account', 'Fungua akaunti'],
  registerLead: [
    'So that you find your bookings again on any phone.',
    'Ili upate nafasi zako tena kwenye simu yoyote.',
  ],
  firstName: ['First name', 'Jina la kwanza'],
  lastName: ['Last name', 'Jina la mwisho'],
  email: ['E-mail', 'Barua pepe'],
  phone: ['Phone number', 'Nambari ya simu'],
  password: ['Password', 'Nywila'],
  passwordHint: ['At least 8 characters', 'Angalau herufi 8'],
  openAccount: ['Open my account', 'Fungua akaunti yangu'],
  haveAccount: ['I have an account', 'Nina akaunti'],
  noAccount: ['I have no account yet', 'Bado sina akaunti'],
  signInTitle: ['Sign in', 'Ingia'],
  howSignIn: ['How do you want to sign in?', 'Ungependa kuingia vipi?'],
  byPhone: ['Phone code', 'Msimbo wa simu'],
  byEmail: ['E-mail', 'Barua pepe'],
  byPhoneText: [
    'No account needed. We send a code by SMS.',
    'Huhitaji akaunti. Tutatuma msimbo kwa SMS.',
  ],
  yourName: ['Your name', 'Jina lako'],
  sendCode: ['Send me a code', 'Nitumie msimbo'],
  signInButton: ['Sign in', 'Ingia'],
  sampleSignIns: ['Sample sign-ins', 'Akaunti za mfano'],
  codeTitle: ['Type the code', 'Andika msimbo'],
  codeSentTo: [
    'We sent six digits by SMS to {phone}. They are good for 10 minutes.',
    'Tumetuma tarakimu sita kwa SMS kwa {phone}. Zinatumika kwa dakika 10.',
  ],
  code: ['Code', 'Msimbo'],
  codeButton: ['Continue', 'Endelea'],
  codeAgain: ['Send a new code', 'Tuma msimbo mpya'],
  codeOther: ['Use another number', 'Tumia nambari nyingine'],
} as const satisfies Record<string, Text>
